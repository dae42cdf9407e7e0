"""Where the volume goes: a consultation that is there, or one of its own with a synthetic text."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress

from accounts.models import SiteRole, User
from consultation.kit.refusal import Refusal
from consultation.kit.verb import verb
from consultation.management.volume import words
from consultation.texts import queries as texts
from consultation.texts import steps
from consultation.texts.actions import load_text
from consultation.texts.models import Act, Consultation, ConsultationRole, Round
from consultation.texts.source import Edition, Section, TextSource

PRINCIPLES = 10
OPENED_BEFORE = timedelta(days=60)
DAYS = 120
ACTS = [act.value for act in Act]


def get(slug: str, *, seed: int, at: datetime) -> Consultation:
    """The consultation with this address; a new one has ten principles, and a round open since sixty days."""
    found = Consultation.objects.filter(slug=slug).first()
    if found is not None:
        return found
    dice = random.Random(f"{seed} text")
    return load_text(None, source=_source(dice, slug), at=at - OPENED_BEFORE, demonstration=True)


def _source(dice: random.Random, slug: str) -> TextSource:
    facts = {
        "slug": slug,
        "authoritative": "en",
        "languages": ["en"],
        "rounds": [{"number": 1, "acts": ACTS, "days": DAYS}],
    }
    sections = {
        number: Section(
            number,
            words.sentence(dice, "en", longest=6).removesuffix("."),
            "\n\n".join(words.paragraph(dice, "en") for _ in range(2)),
        )
        for number in range(1, PRINCIPLES + 1)
    }
    clauses = {
        str(number): {"title": f"Clause {number}", "text": f"What clause {number} asks."} for number in (1, 2)
    }
    front = {"language": "en", "title": f"Synthetic text {slug}", "clauses": clauses}
    return TextSource(facts, {"en": Edition("en", front, "A text for measurements.", sections)})


def running_round(consultation: Consultation, *, at: datetime) -> Round:
    """The round in which the volume is written. Raises Refusal where none is open for commenting."""
    found = texts.round_open_for(consultation, Act.COMMENT, at=at)
    if found is None:
        raise Refusal("round-not-open", "No round of this consultation is open for comments.")
    return found


@verb
def staff(actor: None, *, consultation_id: int, at: datetime) -> User:
    """Who verifies and decides everything: registrar of the site, moderator of the consultation."""
    consultation = Consultation.objects.get(pk=consultation_id)
    address = f"staff@{consultation.slug}.example"
    found = User.objects.filter(email=address).first()
    person = found or User.objects.create_user(address, name="Staff", joined_at=at)
    EmailAddress.objects.get_or_create(
        user=person, email=address, defaults={"verified": True, "primary": True}
    )
    SiteRole.objects.get_or_create(person=person, role=SiteRole.Role.REGISTRAR, ended_at=None)
    steps.give_role(actor, consultation, person, ConsultationRole.Role.MODERATOR)
    return person
