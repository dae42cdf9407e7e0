"""Taking back what a decision did to a position, and giving back what an appeal won."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.endorsements import queries, steps
from consultation.endorsements.models import Endorsement, EndorsementState, Withdrawal
from consultation.kit.refusal import Refusal
from consultation.record.steps import record

MOVED_ON = Refusal("moved-on", _("Something happened since: this can't be undone any more."))


def remember(endorsement: Endorsement) -> dict[str, Any]:
    """What of a position a decision may change, and which ones it may replace."""
    others = queries.standing(endorsement.institution_id, [endorsement.principle_id])
    return {
        "state": endorsement.state,
        "released": endorsement.released,
        "ended_at": endorsement.ended_at.isoformat() if endorsement.ended_at else None,
        "replaced": [str(each.pk) for each in others.exclude(pk=endorsement.pk).order_by("pk")],
    }


def revert(
    actor: User | None, endorsement: Endorsement, before: dict[str, Any], *, since: datetime, at: datetime
) -> None:
    """The position is as `remember` saw it, and what it replaced stands again.

    Raises Refusal `moved-on` where its institution signed another one since then.
    """
    replaced = [
        each
        for each in Endorsement.objects.filter(pk__in=before["replaced"]).select_related("principle")
        if each.state == EndorsementState.SUPERSEDED
    ]
    if _signed_since(endorsement, since):
        raise MOVED_ON
    steps.lose_effect(actor, endorsement)
    endorsement.state = EndorsementState(before["state"])
    endorsement.released = before["released"]
    endorsement.ended_at = parse_datetime(before["ended_at"]) if before["ended_at"] else None
    endorsement.save(update_fields=["state", "released", "ended_at"])
    for each in replaced:
        each.state, each.ended_at = EndorsementState.SIGNED, None
        each.save(update_fields=["state", "ended_at"])
    steps.settle(actor, [endorsement.pk, *(each.pk for each in replaced)], at=at)


def _signed_since(endorsement: Endorsement, since: datetime) -> bool:
    later = Endorsement.objects.filter(
        institution=endorsement.institution_id,
        principle=endorsement.principle_id,
        state=EndorsementState.SIGNED,
        signed_at__gte=since,
    )
    return later.exclude(pk=endorsement.pk).exists()


def reinstate(actor: User | None, endorsement: Endorsement, *, at: datetime) -> None:
    """A refused position stands after all, unless its institution has signed another one since."""
    later = Endorsement.objects.filter(
        institution=endorsement.institution_id,
        principle=endorsement.principle_id,
        signed_at__gt=endorsement.signed_at,
        state=EndorsementState.SIGNED,
    )
    if later.exists():
        return
    endorsement.state, endorsement.ended_at = EndorsementState.SIGNED, None
    endorsement.save(update_fields=["state", "ended_at"])
    steps.release(actor, endorsement, at=at)


def unpublish_reason(actor: User | None, withdrawal: Withdrawal) -> None:
    """Nobody reads any longer why the position was withdrawn."""
    withdrawal.public_since = None
    withdrawal.save(update_fields=["public_since"])
    record(actor, "endorsement.reason_withheld", withdrawal.endorsement, public=True)
