from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts import queries as accounts
from accounts.models import Institution, Mandate, User
from consultation.kit.keyset import Key, Ordering
from consultation.moderation.models import Action, Case, CaseReason, Decision, Item
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole

Role = ConsultationRole.Role
READERS = (Role.MODERATOR, Role.OBSERVER, Role.SECRETARIAT)
DECIDERS = (Role.MODERATOR, Role.SECRETARIAT)
TRUSTED_AFTER = 3
BY_DUE_TIME = Ordering("due", (Key("due_at", datetime), Key("id", UUID)))


def institutions_in_force(person: User, *, at: datetime) -> QuerySet[Mandate, Any]:
    """The keys of the institutions for which the person has a mandate."""
    return accounts.mandates_in_force(person, at=at).values("institution")


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


@dataclass(frozen=True)
class CaseFilters:
    """Which open cases a reader of the queue asks for; empty fields ask for nothing."""

    consultation: str = ""
    kind: str = ""
    language: str = ""
    is_appeal: bool | None = None

    def apply(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """Only the cases that are asked for."""
        asked = {
            "consultation__slug": self.consultation,
            "item__kind": self.kind,
            "item__language": self.language,
            "is_appeal": self.is_appeal,
        }
        return cases.filter(**{name: value for name, value in asked.items() if value not in ("", None)})


def newest_case(item_id: UUID) -> Case | None:
    """The last case that was opened on an item (its key), with its decision if there is one."""
    cases = Case.objects.filter(item=item_id).select_related("decision__clause")
    return cases.order_by("-opened_at", "-id").first()


def has_party_of(person: User, item: Item, *, at: datetime) -> bool:
    """Whether the person has a mandate of one of the item's parties."""
    return item.parties.filter(institution__in=institutions_in_force(person, at=at)).exists()


def approved_before(institution: Institution, consultation: Consultation) -> int:
    """How many contributions of the institution were approved in this consultation, each counted once."""
    approved = Decision.objects.filter(
        item__institution=institution, item__consultation=consultation, action=Action.APPROVE
    )
    return approved.values("item").distinct().count()


def last_decision(item: Item) -> Decision | None:
    """What was decided last on an item, with its clause."""
    return Decision.objects.filter(item=item).select_related("clause").order_by("-at").first()


def last_decisions(items: Iterable[UUID]) -> dict[UUID, Decision]:
    """What was decided last on each of these items (keys), with its clause: one query."""
    found = Decision.objects.filter(item__in=list(items)).select_related("clause").order_by("at")
    return {each.item_id: each for each in found}


def parties_of(person: User, *, at: datetime) -> QuerySet[Item, Any]:
    """The keys of the items in which an institution of the person has a part."""
    return Item.objects.filter(parties__institution__in=institutions_in_force(person, at=at)).values("pk")


def offered_to(person: User, *, at: datetime) -> QuerySet[Case]:
    """What waits, but for what the person's own institutions have a part in: others decide that."""
    return open_cases(person).exclude(item__in=parties_of(person, at=at))


@dataclass(frozen=True)
class Load:
    """How many cases wait for a reader of the queue, how many are late; `own` are left to others."""

    waiting: int
    late: int
    own: int


def load(person: User, *, at: datetime) -> Load:
    """How much waits in the queues that the person reads: one query."""
    own = Q(item__in=parties_of(person, at=at))
    found = visible_to(person).filter(closed_at=None)
    return Load(
        **found.aggregate(
            waiting=Count("pk", filter=~own),
            late=Count("pk", filter=~own & Q(due_at__lt=at)),
            own=Count("pk", filter=own),
        )
    )


def decided_by(person: User, *, since: datetime) -> int:
    """How many cases the person decided from `since` on."""
    return Decision.objects.filter(person=person, at__gte=since).count()


def earlier_decisions(case: Case) -> QuerySet[Decision]:
    """What else was decided on the same institution in the same consultation, the newest first."""
    decisions = Decision.objects.filter(
        item__institution=case.item.institution_id, item__consultation=case.consultation_id
    )
    return decisions.exclude(case=case).select_related("item", "clause").order_by("-at", "-id")


def outcomes(case: Case) -> dict[str, int]:
    """How often each action was taken among `earlier_decisions`: one query."""
    rows = earlier_decisions(case).select_related(None).order_by().values("action")
    return {row["action"]: row["total"] for row in rows.annotate(total=Count("pk"))}


def waiting_by_consultation(consultations: Iterable[Consultation]) -> dict[int, int]:
    """How many cases wait in each of these consultations, by key: one query."""
    rows = Case.objects.filter(closed_at=None, consultation__in=list(consultations)).values("consultation")
    return {row["consultation"]: row["total"] for row in rows.annotate(total=Count("pk"))}
