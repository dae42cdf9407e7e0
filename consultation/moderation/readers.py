"""Which languages moderators read, and what waits in a language that none of them reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from consultation.kit import languages
from consultation.moderation.models import Case, Decision, LanguageRead, Opinion
from consultation.texts.models import Consultation, ConsultationRole

Role = ConsultationRole.Role
# Who neither signed in, nor held a case, nor decided one for so long reads nothing for the time being.
ACTIVE = timedelta(days=14)


def primary(tag: str) -> str:
    """The language without its script and region: who reads `zh` reads `zh-Hans`."""
    return tag.replace("_", "-").split("-")[0].lower()


def stated_by(person: User) -> list[str]:
    """The languages that the person says they read, in the order of their codes."""
    return list(
        LanguageRead.objects.filter(person=person).order_by("language").values_list("language", flat=True)
    )


def read_by(person: User) -> list[str]:
    """The languages that the person reads: as stated, else the one in which they use the site."""
    return stated_by(person) or [primary(person.language)]


def written_in(tags: Collection[str], *, path: str = "item__language") -> Q:
    """Cases on texts in one of these languages, whatever their script and region."""
    found = (Q(**{path: tag}) | Q(**{f"{path}__startswith": f"{tag}-"}) for tag in sorted(set(tags)))
    return reduce(or_, found, Q(pk__in=[]))


def active_deciders(consultation: Consultation, *, at: datetime) -> QuerySet[User]:
    """Who decides on this consultation's cases and was here lately."""
    since = at - ACTIVE
    held = ConsultationRole.objects.filter(
        consultation=consultation, ended_at=None, role__in=[Role.MODERATOR, Role.SECRETARIAT]
    )
    decided = Decision.objects.filter(person=OuterRef("pk"), at__gte=since)
    holding = Case.objects.filter(holder=OuterRef("pk"), closed_at=None, lease_until__gte=since)
    lately = Q(last_login__gte=since) | Exists(decided) | Exists(holding)
    return User.objects.filter(lately, pk__in=held.values("person"), is_active=True)


def languages_read(consultation: Consultation, *, at: datetime) -> set[str]:
    """The languages that somebody active reads who decides on this consultation's cases: two queries."""
    people = list(active_deciders(consultation, at=at))
    stated: dict[int, set[str]] = {}
    for row in LanguageRead.objects.filter(person__in=people):
        stated.setdefault(row.person_id, set()).add(row.language)
    return set().union(*(stated.get(each.pk, {primary(each.language)}) for each in people))


def unread(consultation: Consultation, *, at: datetime) -> QuerySet[Case]:
    """Open cases in a language that nobody active reads and nobody was asked about, the longest first."""
    waiting = Case.objects.filter(consultation=consultation, closed_at=None)
    asked = Opinion.objects.filter(case=OuterRef("pk"))
    return (
        waiting.exclude(written_in(languages_read(consultation, at=at)))
        .exclude(Exists(asked))
        .select_related("item__institution__current", "item__principle")
        .order_by("rank", "due_at", "id")
    )


def known(tags: Iterable[str]) -> list[str]:
    """These languages, each once, without script and region; what names no language is left out."""
    return sorted({primary(tag) for tag in tags if languages.is_tag(tag)})


def opinions_on(case: Case) -> QuerySet[Opinion]:
    """Who was asked about a case, and what they answered, the first one first."""
    return Opinion.objects.filter(case=case).select_related("person", "asked_by").order_by("asked_at", "id")


def opinion_for(person: User, key: UUID) -> Opinion | None:
    """What this very person was asked, by its key."""
    asked = Opinion.objects.filter(pk=key, person=person)
    return asked.select_related(
        "case__item__institution__current", "case__item__principle", "case__consultation", "asked_by"
    ).first()
