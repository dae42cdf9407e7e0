"""The imagined institutions: registered by their own people, verified by the registrar."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from accounts.actions import register_institution
from accounts.models import Institution, InstitutionState, Mandate, Power, VerifiedHow
from consultation.management.demonstration import people
from consultation.management.demonstration.script import InstitutionPart
from consultation.management.demonstration.timeline import Timeline, spread
from consultation.standing.actions import verify_institution

# Shares of the demonstration's time (see timeline): everybody is there before the discussion begins.
REGISTERED = (0.02, 0.10)
VERIFIED_AFTER = 0.02
LATE = 0.95
# A rejected one stays rejected: after clearing, it registers anew.
LIVING = (InstitutionState.PENDING, InstitutionState.VERIFIED, InstitutionState.SUSPENDED)


def plan(timeline: Timeline, parts: list[InstitutionPart]) -> None:
    """Every institution registers; all but those that shall wait are verified."""
    early = [part for part in parts if part.state == "verified"]
    for place, part in enumerate(early):
        share = spread(place, len(early), between=REGISTERED)
        timeline.plan(share, partial(register, part))
        timeline.plan(share + VERIFIED_AFTER, partial(verify, part))
    for part in parts:
        if part.state == "pending":
            timeline.plan(LATE, partial(register, part))


def find(part: InstitutionPart) -> Institution | None:
    """The institution as the demonstration knows it."""
    return (
        Institution.objects.filter(demonstration=True, current__name=part.name, state__in=LIVING)
        .select_related("current")
        .first()
    )


def get(part: InstitutionPart) -> Institution:
    """The institution, which is registered by now."""
    found = find(part)
    assert found is not None, part.key
    return found


def register(part: InstitutionPart, *, at: datetime) -> None:
    """Its signatory has an account and all powers; a contributor has the power to contribute."""
    signatory = people.admit(
        None, address=part.address, name=_called(part.account, part), may_sign_in=bool(part.account), at=at
    )
    institution = find(part) or register_institution(
        signatory,
        name=part.name,
        names=part.names,
        country=part.country,
        type=part.type,
        website=part.website,
        domains=[part.domain],
        at=at,
    )
    _appoint(signatory.pk, institution, list(Power), Mandate.Evidence.REGISTERED, part, at=at)
    if part.contributor:
        address = f"{part.contributor}@demo.example"
        colleague = people.admit(
            None, address=address, name=_called(part.contributor, part), may_sign_in=True, at=at
        )
        _appoint(colleague.pk, institution, [Power.CONTRIBUTE], Mandate.Evidence.INVITATION, part, at=at)


def _appoint(
    person_id: int,
    institution: Institution,
    powers: list[Power],
    evidence: Mandate.Evidence,
    part: InstitutionPart,
    *,
    at: datetime,
) -> None:
    people.appoint(
        people.person(part.address),
        person_id=person_id,
        institution_id=institution.pk,
        powers=powers,
        evidence=evidence,
        at=at,
    )


def _called(account: str, part: InstitutionPart) -> str:
    return f"{account.capitalize() or 'Office'}, {part.name}"


def verify(part: InstitutionPart, *, at: datetime) -> None:
    """The registrar verifies it, unless that is done."""
    institution = get(part)
    if institution.state == InstitutionState.VERIFIED:
        return
    registrar = people.person(people.SECRETARIAT)
    verify_institution(
        registrar,
        institution_id=institution.pk,
        how=VerifiedHow.OTHER,
        note="An imagined institution of the demonstration.",
        at=at,
    )
