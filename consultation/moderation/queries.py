from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts import queries as accounts
from accounts.models import Institution, Mandate, Power, User
from consultation.kit.keyset import Key, Ordering
from consultation.moderation.models import (
    UNDO_WITHIN,
    Action,
    Case,
    CaseNote,
    CaseReason,
    Decision,
    Flag,
    Item,
    Look,
    SignalSwitch,
)
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole, Policy

Role = ConsultationRole.Role
READERS = (Role.MODERATOR, Role.OBSERVER, Role.SECRETARIAT)
# What may be decided for many cases alike.
ALIKE = (Action.APPROVE, Action.RETURN, Action.REJECT, Action.HIDE, Action.RESTORE)
DECIDERS = (Role.MODERATOR, Role.SECRETARIAT)
BY_RANK = Ordering("rank", (Key("rank", int), Key("due_at", datetime), Key("id", UUID)))


def institutions_in_force(person: User, *, at: datetime) -> QuerySet[Mandate, Any]:
    """The keys of the institutions for which the person has a mandate."""
    return accounts.mandates_in_force(person, at=at).values("institution")


def visible_to(person: texts.Reader) -> QuerySet[Case]:
    """The cases of the consultations in which the person reads the queue."""
    mine = texts.consultations_with_role(person, *READERS)
    return Case.objects.filter(consultation__in=mine.values("pk"))


def open_cases(person: texts.Reader) -> QuerySet[Case]:
    """What waits: escalated first, then what readers flagged, then by the time it is due."""
    return with_rows(visible_to(person).filter(closed_at=None)).order_by("rank", "due_at", "id")


def decidable_by(person: User, *, at: datetime) -> QuerySet[Case]:
    """Open cases which the person may decide: not those that `left_to_others` names."""
    mine = texts.consultations_with_role(person, *DECIDERS)
    waiting = Case.objects.filter(closed_at=None, consultation__in=mine.values("pk"))
    return waiting.exclude(item__in=parties_of(person, at=at)).exclude(left_to_others(person, at=at))


def left_to_others(person: User, *, at: datetime) -> Q:
    """What the person passed on, and appeals against what they or a colleague of theirs decided."""
    colleagues = accounts.people_of(institutions_in_force(person, at=at), at=at).order_by().values("pk")
    theirs = Q(appealed__person=person) | Q(appealed__person__in=colleagues)
    return Q(escalated_by=person) | Q(is_appeal=True) & theirs


def free_for(person: User, *, at: datetime) -> Q:
    """Cases that nobody else holds."""
    return Q(holder=None) | Q(holder=person) | Q(lease_until__lte=at)


def is_left_to_others(person: User, case: Case, *, at: datetime) -> bool:
    """Whether `left_to_others` names this case."""
    return Case.objects.filter(left_to_others(person, at=at), pk=case.pk).exists()


def with_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """All that a row of the queue shows, but for the subject itself: two queries whatever the number."""
    return cases.select_related(
        "item__institution__current", "item__principle", "consultation", "holder"
    ).prefetch_related(Prefetch("reasons", CaseReason.objects.order_by("id")))


def in_force() -> QuerySet[Decision]:
    """Decisions that nobody undid, each with its clause."""
    return Decision.objects.filter(undone_at=None).select_related("clause", "person")


def newest_case(item_id: UUID) -> Case | None:
    """The last case that was opened on an item (its key), with its decision if there is one."""
    cases = Case.objects.filter(item=item_id).prefetch_related(Prefetch("decisions", in_force()))
    return cases.order_by("-opened_at", "-id").first()


def has_party_of(person: User, item: Item, *, at: datetime) -> bool:
    """Whether the person has a mandate of one of the item's parties."""
    return item.parties.filter(institution__in=institutions_in_force(person, at=at)).exists()


def speaks_for(person: User, item: Item, *, at: datetime) -> bool:
    """Whether the person may contribute or sign for the institution whose words these are."""
    mandates = accounts.mandates_in_force(person, at=at).filter(institution=item.institution_id)
    return mandates.filter(powers__overlap=[Power.CONTRIBUTE, Power.SIGN]).exists()


def told_to(person: User, *, at: datetime) -> QuerySet[Case]:
    """Cases about the words of institutions for which the person contributes or signs."""
    mandates = accounts.mandates_in_force(person, at=at)
    spoken = mandates.filter(powers__overlap=[Power.CONTRIBUTE, Power.SIGN])
    return Case.objects.filter(item__institution__in=spoken.values("institution"))


def approved_before(institution: Institution, consultation: Consultation) -> int:
    """How many contributions of the institution were approved in this consultation, each counted once."""
    approved = in_force().filter(
        item__institution=institution, item__consultation=consultation, action=Action.APPROVE
    )
    return approved.values("item").distinct().count()


def is_released(item: Item) -> bool:
    """Whether the policy releases what the item's institution sends, before anybody read it."""
    consultation = item.consultation
    if consultation.policy == Policy.TRUSTED:
        return approved_before(item.institution, consultation) >= consultation.trusted_after
    return consultation.policy == Policy.POST


def has_flagged(person: User, item: Item, revision: int) -> bool:
    """Whether the person flagged this revision of the item."""
    return Flag.objects.filter(person=person, item=item, revision=revision).exists()


def flags_since(person: User, moment: datetime) -> int:
    """How many flags the person gave from the moment on."""
    return Flag.objects.filter(person=person, at__gte=moment).count()


def flags_on(case: Case) -> QuerySet[Flag]:
    """Readers' flags for which the case is open or was opened, the first one first, with their clauses."""
    return Flag.objects.filter(case=case).select_related("clause", "person", "item").order_by("at", "pk")


def with_flags(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With readers' flags and their clauses: one query more."""
    return cases.prefetch_related(
        Prefetch("flags", Flag.objects.select_related("clause").order_by("at", "pk"))
    )


def looks(consultation: Consultation) -> QuerySet[Look]:
    """Every look at words of a consultation that the public does not see, the newest first."""
    return Look.objects.filter(consultation=consultation).order_by("-at", "-id")


def items_of(*, cases: Iterable[str], flags: Iterable[str]) -> dict[str, Item]:
    """What these cases and flags (keys as text) are about, by those keys: two queries."""
    found: dict[str, Item] = {}
    for model, keys in ((Case, cases), (Flag, flags)):
        rows = model.objects.filter(pk__in=list(keys)).select_related("item__principle", "item__consultation")
        found |= {str(each.pk): each.item for each in rows}
    return found


def signals_off(consultation: Consultation) -> set[str]:
    """The codes of the signals that its secretariat switched off."""
    switches = SignalSwitch.objects.filter(consultation=consultation).order_by("pk")
    newest = dict(switches.values_list("code", "on"))
    return {code for code, on in newest.items() if not on}


def last_decision(item: Item) -> Decision | None:
    """What was decided last on an item, with its clause."""
    return in_force().filter(item=item).order_by("-at", "-id").first()


def last_decisions(items: Iterable[UUID]) -> dict[UUID, Decision]:
    """What was decided last on each of these items (keys), with its clause: one query."""
    found = in_force().filter(item__in=list(items)).order_by("at", "id")
    return {each.item_id: each for each in found}


def parties_of(person: User, *, at: datetime) -> QuerySet[Item, Any]:
    """The keys of the items in which an institution of the person has a part."""
    return Item.objects.filter(parties__institution__in=institutions_in_force(person, at=at)).values("pk")


def offered_to(person: User, *, at: datetime) -> QuerySet[Case]:
    """What waits, but for what the person's own institutions have a part in: others decide that."""
    others = left_to_others(person, at=at)
    return open_cases(person).exclude(item__in=parties_of(person, at=at)).exclude(others)


@dataclass(frozen=True)
class Spread:
    """Where what waits comes from: languages, countries, numbers of principles (None: the whole text)."""

    languages: set[str]
    countries: set[str]
    principles: set[int | None]


def spread(person: User, *, at: datetime) -> Spread:
    """Where that comes from which waits in the queues that the person reads: one query."""
    waiting = visible_to(person).filter(closed_at=None).order_by()
    rows = waiting.values_list(
        "item__language", "item__institution__current__country", "item__principle__number"
    ).distinct()
    found = list(rows)
    return Spread(
        {language for language, _country, _principle in found},
        {country for _language, country, _principle in found},
        {principle for _language, _country, principle in found},
    )


@dataclass(frozen=True)
class Load:
    """How many cases wait for a reader of the queue, how many are late; `own` are left to others."""

    waiting: int
    late: int
    own: int


def undoable(person: User, *, at: datetime) -> Decision | None:
    """What the person decided last, while it can still be undone."""
    lately = in_force().filter(person=person, at__gte=at - UNDO_WITHIN, before__isnull=False)
    decision = lately.select_related("case__item", "clause").order_by("-at", "-id").first()
    return None if decision is None or decision.action == Action.REDACT else decision


def load(person: User, *, at: datetime) -> Load:
    """How much waits in the queues that the person reads: one query."""
    own = Q(item__in=parties_of(person, at=at))
    others = own | left_to_others(person, at=at)
    found = visible_to(person).filter(closed_at=None)
    return Load(
        **found.aggregate(
            waiting=Count("pk", filter=~others),
            late=Count("pk", filter=~others & Q(due_at__lt=at)),
            own=Count("pk", filter=own),
        )
    )


def decided_by(person: User, *, since: datetime) -> int:
    """How many cases the person decided from `since` on."""
    return in_force().filter(person=person, at__gte=since).count()


def earlier_decisions(case: Case) -> QuerySet[Decision]:
    """What else was decided on the same institution in the same consultation, the newest first."""
    decisions = in_force().filter(
        item__institution=case.item.institution_id, item__consultation=case.consultation_id
    )
    return decisions.exclude(case=case).select_related("item", "clause").order_by("-at", "-id")


def notes_on(case: Case) -> QuerySet[CaseNote]:
    """What moderators told each other about a case, the first word first."""
    return CaseNote.objects.filter(case=case).select_related("person").order_by("at", "id")


def outcomes(case: Case) -> dict[str, int]:
    """How often each action was taken among `earlier_decisions`: one query."""
    rows = earlier_decisions(case).select_related(None).order_by().values("action")
    return {row["action"]: row["total"] for row in rows.annotate(total=Count("pk"))}


def waiting_by_consultation(consultations: Iterable[Consultation]) -> dict[int, int]:
    """How many cases wait in each of these consultations, by key: one query."""
    rows = Case.objects.filter(closed_at=None, consultation__in=list(consultations)).values("consultation")
    return {row["consultation"]: row["total"] for row in rows.annotate(total=Count("pk"))}
