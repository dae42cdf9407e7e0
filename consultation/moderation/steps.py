from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Institution, User
from consultation.moderation import queries
from consultation.moderation.models import Case, CaseReason, Item, Party, Reason
from consultation.record.steps import record
from consultation.texts.models import Consultation, Policy, Principle


def open_item(
    *,
    kind: str,
    consultation: Consultation,
    principle: Principle | None,
    institution: Institution,
    language: str,
) -> Item:
    """An item for something that moderation may judge; its author's institution is its first party."""
    item = Item.objects.create(
        kind=kind, consultation=consultation, principle=principle, institution=institution, language=language
    )
    Party.objects.create(item=item, institution=institution)
    return item


def add_party(item: Item, institution: Institution) -> None:
    """The institution has a stake in the item from now on."""
    Party.objects.get_or_create(item=item, institution=institution)


def move(merged: Institution, kept: Institution) -> None:
    """Every item and every stake of `merged` is `kept`'s from now on."""
    Item.objects.filter(institution=merged).update(institution=kept)
    stakes = Party.objects.filter(institution=merged)
    items = list(stakes.values_list("item", flat=True))
    Party.objects.bulk_create(
        [Party(item_id=item, institution=kept) for item in items], ignore_conflicts=True, batch_size=2000
    )
    stakes.delete()


def receive(
    actor: User | None, item: Item, *, revision: int, reasons: Iterable[Reason] = (), at: datetime
) -> bool:
    """Whether the revision is released at once, as the policy says; else a case waits for a moderator."""
    Item.objects.filter(pk=item.pk).update(newest=revision)
    item.newest = revision
    policy = item.consultation.policy
    approved = queries.approved_before(item.institution, item.consultation)
    if policy == Policy.POST or (policy == Policy.TRUSTED and approved >= queries.TRUSTED_AFTER):
        if case := _open_case_of(item):
            _move_on(case, revision=revision, at=at)
        return True
    first = [Reason.FIRST] if approved == 0 else []
    open_case(actor, item, revision=revision, reasons=[*(list(reasons) or [Reason.POLICY]), *first], at=at)
    return False


def open_case(
    actor: User | None, item: Item, *, revision: int, reasons: Iterable[Reason], at: datetime
) -> Case:
    """The item's open case judges this revision; a new one is opened where there is none."""
    case = _open_case_of(item)
    kind = "case.opened" if case is None else "case.moved_on"
    if case is None:
        case = Case.objects.create(
            item=item,
            consultation=item.consultation,
            revision=revision,
            opened_at=at,
            due_at=at + timedelta(hours=item.consultation.target_hours),
        )
    else:
        _move_on(case, revision=revision, at=at)
    CaseReason.objects.bulk_create(
        [CaseReason(case=case, code=code) for code in dict.fromkeys(reasons)], ignore_conflicts=True
    )
    record(actor, kind, case)
    return case


def _open_case_of(item: Item) -> Case | None:
    cases = Case.objects.select_for_update(no_key=True, of=("self",))
    return cases.filter(item=item, closed_at=None).first()


def _move_on(case: Case, *, revision: int, at: datetime) -> None:
    # Whoever holds it reads the earlier words: it stays with those until it is taken anew.
    if case.lease_until is None or case.lease_until <= at:
        case.revision = revision
        case.save(update_fields=["revision"])


def close_case(item: Item, *, at: datetime) -> None:
    """Nothing is left to decide: the author withdrew the text."""
    Case.objects.filter(item=item, closed_at=None).update(closed_at=at, holder=None, lease_until=None)


def lock_case(case_id: UUID) -> Case | None:
    """The case, locked alone, with what rules ask of it."""
    Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk=case_id).first()
    # Read anew: what a waiting SELECT … FOR UPDATE joins is older than the row it waited for.
    return (
        Case.objects.select_related("item__institution", "item__principle", "consultation")
        .filter(pk=case_id)
        .first()
    )


def release_cases(actor: User | None, person: User, consultation: Consultation) -> None:
    """The cases that the person holds in the consultation wait for somebody else."""
    held = Case.objects.filter(consultation=consultation, holder=person, closed_at=None)
    list(held.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    for case in held.select_related("item__principle").order_by("pk"):
        case.holder = None
        case.lease_until = None
        case.save(update_fields=["holder", "lease_until"])
        record(actor, "case.released", case)
