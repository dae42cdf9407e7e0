from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Institution, User
from consultation.moderation import queries, signals
from consultation.moderation.models import (
    Action,
    Case,
    CaseNote,
    CaseReason,
    Decision,
    Item,
    Party,
    Rank,
    Reason,
)
from consultation.moderation.signals import Contribution
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle


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


def share_parties(items: Sequence[Item]) -> None:
    """Whoever has a stake in one of these items has one in all of them from now on."""
    stakes = (
        Party.objects.filter(item__in=items).order_by("institution").values_list("institution", flat=True)
    )
    rows = [Party(item=item, institution_id=key) for key in stakes.distinct() for item in items]
    Party.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


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
    actor: User | None,
    item: Item,
    *,
    revision: int,
    words: Iterable[str] = (),
    reasons: Iterable[Reason] = (),
    at: datetime,
) -> bool:
    """Whether the revision is released at once, as the policy says; else a case waits for a moderator.

    `words` are its texts. Where a signal speaks up at them a case is opened even for what is released; it
    stays public meanwhile.
    """
    Item.objects.filter(pk=item.pk).update(newest=revision)
    item.newest = revision
    given = Contribution(item, tuple(words), at)
    found = signals.found(given, off=queries.signals_off(item.consultation))
    if queries.is_released(item):
        if found:
            open_case(actor, item, revision=revision, reasons=found, at=at)
        elif case := _open_case_of(item):
            _move_on(case, revision=revision, at=at)
        return True
    why = list(reasons) or [Reason.POLICY]
    open_case(actor, item, revision=revision, reasons=[*why, *found], at=at)
    return False


def open_case(
    actor: User | None, item: Item, *, revision: int, reasons: Iterable[Reason], at: datetime
) -> Case:
    """The item's open case judges this revision; a new one is opened where there is none."""
    case = _open_case_of(item)
    if case is None:
        case = Case.objects.create(
            item=item,
            consultation=item.consultation,
            revision=revision,
            opened_at=at,
            due_at=at + timedelta(hours=item.consultation.target_hours),
        )
        record(actor, "case.opened", case)
    elif case.revision != revision:
        _move_on(case, revision=revision, at=at)
        record(actor, "case.moved_on", case)
    CaseReason.objects.bulk_create(
        [CaseReason(case=case, code=code) for code in dict.fromkeys(reasons)], ignore_conflicts=True
    )
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


def rank(case: Case, *, escalated: bool | None = None, flagged: bool | None = None) -> None:
    """A locked case stands before others in the queue, or no longer: the only writer of these columns."""
    case.escalated = case.escalated if escalated is None else escalated
    case.flagged = case.flagged if flagged is None else flagged
    case.rank = Rank.ESCALATED if case.escalated else Rank.FLAGGED if case.flagged else Rank.USUAL
    case.save(update_fields=["escalated", "flagged", "rank"])


def note(actor: User, case: Case, words: str, *, at: datetime) -> None:
    """Moderators tell each other something about the case."""
    CaseNote.objects.create(case=case, person=actor, words=words, at=at)


def tell_secretariat(actor: User, case: Case, message: str, *, at: datetime) -> None:
    """Whoever runs the consultation learns that a case waits for them."""
    for role in texts.secretariat_of(case.consultation).select_related("person").order_by("pk"):
        person = role.person
        if person.pk == actor.pk:
            continue
        context = {
            "title": case.consultation.title(person.language),
            "message": message,
            "url": f"/moderation/cases/{case.pk}/",
        }
        post.write("case-escalated", person=person, context=context, not_before=at)


def agree(decision: Decision, *, revision: int, at: datetime) -> None:
    """The item's newest revision holds the words that a moderator proposed: they approved it beforehand."""
    item = decision.item
    Item.objects.filter(pk=item.pk).update(newest=revision)
    case = Case.objects.create(
        item=item,
        consultation=decision.case.consultation,
        revision=revision,
        opened_at=at,
        due_at=at,
        closed_at=at,
    )
    CaseReason.objects.create(case=case, code=Reason.AGREED)
    Decision.objects.create(
        case=case, item=item, action=Action.APPROVE, clause=None, person=decision.person, at=at
    )
    record(None, "case.approve", case)


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
