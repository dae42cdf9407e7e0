"""Two records of one institution become one: what steps of this room do for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from accounts import steps
from accounts.models import (
    Institution,
    InstitutionDomain,
    InstitutionState,
    Invitation,
    JoinRequest,
    Mandate,
    Power,
    User,
)
from consultation.record.steps import record


def close(actor: User, merged: Institution, kept: Institution, *, reason: str, at: datetime) -> None:
    """`merged` is a record of `kept` from now on, and so is what was merged into it. Both are locked."""
    if merged.verified:
        # Domains that a registrar checked; those of a record that waits prove nothing yet.
        domains = merged.domains.values_list("domain", flat=True)
        InstitutionDomain.objects.bulk_create(
            [InstitutionDomain(institution=kept, domain=domain) for domain in domains], ignore_conflicts=True
        )
    Institution.objects.filter(merged_into=merged).update(merged_into=kept)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into", *_state_fields(merged, actor, reason, at)])


def _state_fields(merged: Institution, actor: User, reason: str, at: datetime) -> Iterable[str]:
    merged.state, merged.reason = InstitutionState.MERGED, reason
    merged.settled_by, merged.settled_at = actor, at
    return ("state", "reason", "settled_by", "settled_at")


def move_people(
    actor: User, merged: Institution, kept: Institution, *, with_powers: bool, at: datetime
) -> None:
    """Every mandate for `merged` ends; `with_powers` each person holds the same powers for `kept`.

    Whoever was invited to it, or asks to join it, has to begin anew with `kept`.
    """
    held = Mandate.objects.filter(institution=merged, ended_at=None).select_related("person").order_by("pk")
    for mandate in held.select_for_update(no_key=True, of=("self",)):
        steps.end_mandate(mandate, at=at)
        record(actor, "mandate.ended", mandate)
        if with_powers and (mandate.until is None or mandate.until >= at.date()):
            _grant(actor, mandate, kept, at=at)
    for invitation in Invitation.objects.filter(institution=merged, state=Invitation.State.OPEN):
        steps.settle_invitation(invitation, Invitation.State.WITHDRAWN, at=at)
    JoinRequest.objects.filter(institution=merged, state=JoinRequest.State.WAITING).update(
        state=JoinRequest.State.DECLINED, settled_at=at, settled_by=actor
    )


def _grant(actor: User, mandate: Mandate, kept: Institution, *, at: datetime) -> None:
    own = Mandate.objects.filter(person=mandate.person, institution=kept, ended_at=None).first()
    powers = {*mandate.powers, *(own.powers if own else [])}
    granted = steps.grant_mandate(
        mandate.person,
        kept,
        [power for power in Power if power.value in powers],
        evidence=Mandate.Evidence(mandate.evidence),
        at=at,
        until=_later(mandate.until, own.until if own else mandate.until),
    )
    record(actor, "mandate.granted", granted)


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
