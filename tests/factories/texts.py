from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

import pgtrigger

from accounts.models import User
from consultation.kit import clock
from consultation.texts import actions
from consultation.texts.models import Change, Consultation, ConsultationRole, PrincipleVersion
from consultation.texts.source import Edition, Section, TextSource
from tests.factories.people import person, usual

ACTS = ("comment", "discuss", "endorse")
BODY = "Principle {number}. Systems are open to review. People may ask why a decision was taken."
_numbers = count(1)


def consultation(
    slug: str = "",
    *,
    principles: int = 3,
    languages: Iterable[str] = ("en",),
    policy: str = "pre",
    acts: Iterable[str] = ACTS,
    days: int = 90,
    at: datetime | None = None,
) -> Consultation:
    """A published consultation with clauses 1 to 3, whose round opened at `at` (yesterday) for `acts`."""
    slug = slug or f"test-text-{next(_numbers)}"
    codes = list(languages)
    facts = {
        "slug": slug,
        "authoritative": codes[0],
        "languages": codes,
        "policy": policy,
        "zone": "Europe/Oslo",
        "rounds": [{"number": 1, "acts": list(acts), "days": days}],
    }
    source = TextSource(facts, {code: _edition(code, slug, principles) for code in codes})
    return actions.load_text(None, source=source, at=at or clock.now() - timedelta(days=1))


def _edition(code: str, slug: str, principles: int) -> Edition:
    clauses = {
        str(number): {"title": f"Clause {number}", "text": f"What {number} asks."} for number in (1, 2, 3)
    }
    sections = {
        number: Section(number, f"Title {number} ({code})", BODY.format(number=number))
        for number in range(1, principles + 1)
    }
    front = {"language": code, "title": f"{slug} ({code})", "lead": "A text for tests.", "clauses": clauses}
    return Edition(code, front, "A preamble.", sections)


def new_version(
    consultation: Consultation, number: int = 1, body: str = "", *, change: Change = Change.SUBSTANTIVE
) -> PrincipleVersion:
    """The principle has a next version, in the consultation's languages."""
    text = body or f"Principle {number} says something else now."
    texts = {code: (f"Title {number} ({code})", text) for code in consultation.languages}
    return actions.publish_version(
        None,
        consultation_id=consultation.pk,
        number=number,
        texts=texts,
        change=change,
        notes={},
        at=clock.now(),
    )


def unpublish(consultation: Consultation) -> Consultation:
    """As it was before anybody read it; only a test can take a publication back."""
    with pgtrigger.ignore("consultation.Consultation:consultation_fixed_once_published"):
        Consultation.objects.filter(pk=consultation.pk).update(published_at=None)
    return consultation


def with_role(consultation: Consultation, role: str, who: User | None = None) -> User:
    """Somebody with a role in the consultation."""
    holder = who or person()
    actions.give_role(None, consultation_id=consultation.pk, person_id=holder.pk, role=role)
    return holder


def moderator(consultation: Consultation) -> User:
    """Somebody who decides its cases."""
    return with_role(consultation, ConsultationRole.Role.MODERATOR)


def usual_moderator(consultation: Consultation) -> User:
    """The one who decides where a test does not care who."""
    email = f"the-moderator-of-{consultation.slug}@test.example"
    return usual(email, lambda email: with_role(consultation, ConsultationRole.Role.MODERATOR, person(email)))


def secretariat(consultation: Consultation) -> User:
    """Somebody who runs it."""
    return with_role(consultation, ConsultationRole.Role.SECRETARIAT)


def observer(consultation: Consultation) -> User:
    """Somebody who watches its moderation."""
    return with_role(consultation, ConsultationRole.Role.OBSERVER)
