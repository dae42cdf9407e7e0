from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from accounts import steps as accounts
from accounts.models import Institution, InstitutionState, User
from consultation.endorsements import queries
from consultation.endorsements.models import Endorsement, EndorsementState, PositionCount, Withdrawal
from consultation.kit.refusal import NotFound
from consultation.moderation import steps as moderation
from consultation.record.steps import record
from consultation.texts.models import Principle

KIND = "statement"
REASON = "withdrawal"


def lock(endorsement_id: UUID) -> Endorsement:
    """The position, locked after its institution and principle, read again. Raises Refusal `not-found`."""
    found = Endorsement.objects.filter(pk=endorsement_id).values_list("institution", "principle").first()
    if found is None:
        raise NotFound
    institution = accounts.lock_institution(found[0])
    # It was merged into another one while we waited for it.
    now = Endorsement.objects.values_list("institution", flat=True).get(pk=endorsement_id)
    if now != institution.pk:
        institution = accounts.lock_institution(now)
    lock_principles([found[1]])
    Endorsement.objects.select_for_update(no_key=True, of=("self",)).filter(pk=endorsement_id).first()
    # Read anew: what a waiting SELECT … FOR UPDATE joins is older than the row it waited for.
    endorsement = Endorsement.objects.select_related(
        "consultation", "principle__current", "version", "item__consultation"
    ).get(pk=endorsement_id)
    endorsement.institution = institution
    return endorsement


def lock_principles(keys: Iterable[int]) -> None:
    """These principles, in one order: whoever counts positions on a principle holds it."""
    rows = Principle.objects.filter(pk__in=list(keys)).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def sign(
    actor: User, endorsement: Endorsement, *, office: str = "", name_shown: bool = False, at: datetime
) -> None:
    """Signed; where two have to sign, by the first of them, and it waits for the second.

    What is half signed is complete with this signature, whatever the institution asks for by now.
    """
    if endorsement.state == EndorsementState.PROPOSED and endorsement.institution.signatures > 1:
        endorsement.state = EndorsementState.HALF_SIGNED
        endorsement.first_signed_at = at
        endorsement.first_signed_by = actor
        endorsement.first_office, endorsement.first_name_shown = office, name_shown
        endorsement.first_signed_name = actor.name if name_shown else ""
        kept = ["first_signed_at", "first_signed_by", "first_office", "first_name_shown", "first_signed_name"]
        endorsement.save(update_fields=["state", *kept])
        record(actor, "endorsement.half_signed", endorsement)
        return
    endorsement.signed_by = actor
    endorsement.office, endorsement.name_shown = office, name_shown
    endorsement.signed_name = actor.name if name_shown else ""
    complete(actor, endorsement, at=at)


def complete(actor: User, endorsement: Endorsement, *, at: datetime) -> None:
    """All have signed: it stands at once, or waits for its release while the earlier one stands."""
    withdraw_waiting(actor, endorsement, at=at)
    endorsement.state = EndorsementState.SIGNED
    endorsement.signed_at = at
    endorsement.signed_as = endorsement.institution.current
    if endorsement.statement:
        endorsement.item = moderation.open_item(
            kind=KIND,
            consultation=endorsement.consultation,
            principle=endorsement.principle,
            institution=endorsement.institution,
            language=endorsement.language,
        )
    signature = ["signed_at", "signed_by", "signed_as", "office", "name_shown", "signed_name"]
    endorsement.save(update_fields=["state", *signature, "item"])
    record(actor, "endorsement.recorded" if endorsement.recorded else "endorsement.signed", endorsement)
    words = [endorsement.statement]
    if endorsement.item is None or moderation.receive(
        actor, endorsement.item, revision=1, words=words, at=at
    ):
        release(actor, endorsement, at=at)


def give_reason(actor: User, endorsement: Endorsement, reason: str, *, language: str, at: datetime) -> None:
    """Why the position was withdrawn: public at once, or once moderation has released it."""
    item = moderation.open_item(
        kind=REASON,
        consultation=endorsement.consultation,
        principle=endorsement.principle,
        institution=endorsement.institution,
        language=language,
    )
    withdrawal = Withdrawal.objects.create(
        endorsement=endorsement, reason=reason, language=language, item=item, made_at=at
    )
    if moderation.receive(actor, item, revision=1, words=[reason], at=at):
        release_reason(actor, withdrawal, at=at)


def release_reason(actor: User | None, withdrawal: Withdrawal, *, at: datetime) -> None:
    """Everybody reads why the position was withdrawn."""
    withdrawal.public_since = at
    withdrawal.save(update_fields=["public_since"])
    record(actor, "endorsement.reason_published", withdrawal.endorsement, public=True)


def withdraw_waiting(actor: User | None, endorsement: Endorsement, *, at: datetime) -> None:
    """A position that waits for release gives way to the one that is signed now."""
    waiting = Endorsement.objects.filter(
        institution=endorsement.institution,
        principle=endorsement.principle,
        state=EndorsementState.SIGNED,
        released=False,
    ).exclude(pk=endorsement.pk)
    for each in waiting.select_related("item", "principle"):
        end(actor, each, EndorsementState.WITHDRAWN, at=at)


def release(actor: User | None, endorsement: Endorsement, *, at: datetime) -> None:
    """It stands; the position that stood before is superseded in this very step."""
    before = queries.standing(endorsement.institution_id, [endorsement.principle_id]).exclude(
        pk=endorsement.pk
    )
    for each in before.select_related("item", "principle").select_for_update(no_key=True, of=("self",)):
        end(actor, each, EndorsementState.SUPERSEDED, at=at)
    endorsement.released = True
    endorsement.save(update_fields=["released"])
    settle(actor, [endorsement.pk], at=at)


def end(actor: User | None, endorsement: Endorsement, state: EndorsementState, *, at: datetime) -> None:
    """It no longer stands or waits; if it was in effect, that ends now."""
    if endorsement.item is not None:
        moderation.close_case(endorsement.item, at=at)
    was_effective = endorsement.effective_at is not None
    endorsement.state = state
    endorsement.ended_at = at
    endorsement.effective_at = None
    endorsement.save(update_fields=["state", "ended_at", "effective_at"])
    if was_effective:
        _tell_lost(actor, endorsement)
    record(actor, f"endorsement.{state.value}", endorsement)


def lose_effect(actor: User | None, endorsement: Endorsement) -> None:
    """It is no longer in effect, if it was; its state is the caller's to set."""
    if endorsement.effective_at is None:
        return
    endorsement.effective_at = None
    endorsement.save(update_fields=["effective_at"])
    _tell_lost(actor, endorsement)


def _tell_lost(actor: User | None, endorsement: Endorsement) -> None:
    _count([endorsement], -1)
    record(actor, "endorsement.lost_effect", endorsement, public=True)


def settle(actor: User | None, keys: Iterable[UUID], *, at: datetime) -> None:
    """Each of these is in effect exactly if it stands, on a principle in force, by a verified institution."""
    rows = Endorsement.objects.filter(pk__in=list(keys)).order_by("pk")
    held = list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    locked = list(
        Endorsement.objects.filter(pk__in=held).select_related("principle", "institution").order_by("pk")
    )
    gaining = [each for each in locked if _should_be_effective(each) and each.effective_at is None]
    losing = [each for each in locked if not _should_be_effective(each) and each.effective_at is not None]
    Endorsement.objects.filter(pk__in=[each.pk for each in gaining]).update(effective_at=at)
    Endorsement.objects.filter(pk__in=[each.pk for each in losing]).update(effective_at=None)
    _count(gaining, +1)
    _count(losing, -1)
    for each in gaining:
        record(actor, "endorsement.took_effect", each, public=True)
    for each in losing:
        record(actor, "endorsement.lost_effect", each, public=True)


def _should_be_effective(endorsement: Endorsement) -> bool:
    return (
        endorsement.state == EndorsementState.SIGNED
        and endorsement.released
        and endorsement.institution.state == InstitutionState.VERIFIED
        and endorsement.principle.withdrawn_at is None
    )


def _count(endorsements: list[Endorsement], by: int) -> None:
    totals = Counter((each.principle_id, each.version_id, str(each.position)) for each in endorsements)
    for principle, version, position in sorted(totals):
        row = PositionCount(principle_id=principle, version_id=version, position=position)
        PositionCount.objects.bulk_create([row], ignore_conflicts=True)
        PositionCount.objects.filter(principle=principle, version=version, position=position).update(
            count=F("count") + by * totals[principle, version, position]
        )


def move(actor: User, merged: Institution, kept: Institution, *, at: datetime) -> None:
    """The positions of `merged` are `kept`'s, and the newest of each principle stands. Both are locked.

    What was in effect loses it under the one name and gains it under the other, each on record.
    """
    both = Endorsement.objects.filter(institution__in=[merged, kept]).order_by("pk")
    lock_principles(both.values_list("principle", flat=True))
    list(both.select_for_update(no_key=True, of=("self",)).values_list("pk"))
    _keep_the_newest(actor, merged, kept, at=at)
    moved = Endorsement.objects.filter(institution=merged)
    losing = list(moved.filter(effective_at__isnull=False).select_related("principle").order_by("pk"))
    _count(losing, -1)
    for each in losing:
        record(actor, "endorsement.lost_effect", each, public=True)
    keys = list(moved.values_list("pk", flat=True))
    moved.update(institution=kept, effective_at=None)
    settle(actor, keys, at=at)


def _keep_the_newest(actor: User, merged: Institution, kept: Institution, *, at: datetime) -> None:
    live = Endorsement.objects.filter(
        institution__in=[merged, kept], state__in=[*queries.OPEN, EndorsementState.SIGNED]
    )
    stands: dict[int, Endorsement] = {}
    waits: dict[int, Endorsement] = {}
    proposed: dict[int, Endorsement] = {}
    for each in live.select_related("item", "principle").order_by(F("signed_at").asc(nulls_last=True), "pk"):
        live_ones, ending = proposed, EndorsementState.WITHDRAWN
        if each.state == EndorsementState.SIGNED:
            live_ones = stands if each.released else waits
            ending = EndorsementState.SUPERSEDED if each.released else EndorsementState.WITHDRAWN
        if earlier := live_ones.get(each.principle_id):
            end(actor, earlier, ending, at=at)
        live_ones[each.principle_id] = each
        # What waited for its release while something newer was signed would replace it once released.
        if live_ones is stands and (waiting := waits.pop(each.principle_id, None)):
            end(actor, waiting, EndorsementState.WITHDRAWN, at=at)


def settle_principle(actor: User | None, principle: Principle, *, at: datetime) -> None:
    """Every standing position on this principle is in effect exactly if it should be. It is locked."""
    signed = Endorsement.objects.filter(principle=principle, state=EndorsementState.SIGNED, released=True)
    settle(actor, list(signed.values_list("pk", flat=True)), at=at)


def settle_institution(actor: User | None, institution: Institution, *, at: datetime) -> None:
    """Every standing position of this institution is in effect exactly if it should be. It is locked."""
    signed = Endorsement.objects.filter(institution=institution, state=EndorsementState.SIGNED, released=True)
    lock_principles(signed.values_list("principle", flat=True))
    settle(actor, list(signed.values_list("pk", flat=True)), at=at)
