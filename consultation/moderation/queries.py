from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Institution, Mandate, User
from consultation.moderation.models import Case, CaseReason, Decision, Item
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole

Role = ConsultationRole.Role
READERS = (Role.MODERATOR, Role.OBSERVER, Role.SECRETARIAT)
DECIDERS = (Role.MODERATOR, Role.SECRETARIAT)
TRUSTED_AFTER = 3


def institutions_in_force(person: User, *, at: datetime) -> QuerySet[Mandate, Any]:
    """The keys of the institutions for which the person has a mandate."""
    return (
        Mandate.objects.filter(person=person, ended_at=None, starts_at__lte=at)
        .filter(Q(until=None) | Q(until__gte=at.date()))
        .values("institution")
    )


def visible_to(person: texts.Reader) -> QuerySet[Case]:
    """The cases of the consultations in which the person reads the queue."""
    mine = texts.consultations_with_role(person, *READERS)
    return Case.objects.filter(consultation__in=mine.values("pk"))


def open_cases(person: texts.Reader) -> QuerySet[Case]:
    """What waits, escalated first, then by the time it is due."""
    return with_rows(visible_to(person).filter(closed_at=None)).order_by("-escalated", "due_at", "id")


def decidable_by(person: User, *, at: datetime) -> QuerySet[Case]:
    """Open cases which the person may decide: not those of parties for which they have a mandate."""
    mine = texts.consultations_with_role(person, *DECIDERS)
    conflicted = Item.objects.filter(parties__institution__in=institutions_in_force(person, at=at))
    return Case.objects.filter(closed_at=None, consultation__in=mine.values("pk")).exclude(
        item__in=conflicted.values("pk")
    )


def with_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """All that a row of the queue shows, but for the subject itself: two queries whatever the number."""
    return cases.select_related(
        "item__institution__current", "item__principle", "consultation", "holder", "decision__clause"
    ).prefetch_related(Prefetch("reasons", CaseReason.objects.order_by("id")))


def has_party_of(person: User, item: Item, *, at: datetime) -> bool:
    """Whether the person has a mandate of one of the item's parties."""
    return item.parties.filter(institution__in=institutions_in_force(person, at=at)).exists()


def approved_before(institution: Institution, consultation: Consultation) -> int:
    """How many contributions of the institution were approved in this consultation."""
    return Decision.objects.filter(
        item__institution=institution, item__consultation=consultation, action="approve"
    ).count()


def last_decision(item: Item) -> Decision | None:
    """What was decided last on an item, with its clause."""
    return Decision.objects.filter(item=item).select_related("clause").order_by("-at").first()
