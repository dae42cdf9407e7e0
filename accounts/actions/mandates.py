"""Changing and ending mandates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from accounts import queries, rules, steps
from accounts.mandates import fit_powers, fit_until
from accounts.models import Mandate, Power, User
from consultation.kit.refusal import NotFound
from consultation.kit.verb import verb
from consultation.record.steps import record


@verb
def change_mandate(
    actor: User, *, mandate_id: UUID, powers: Collection[str], until: date | None, at: datetime
) -> Mandate:
    """From `at` the person holds exactly these powers, until the end of the day `until`; on what was done
    before it has no effect.

    Refuses: not-found, no-mandate, last-manager, invalid (powers, until).
    """
    held, last_day = fit_powers(powers), fit_until(until, at=at)
    mandate = _lock_mandate(mandate_id, at=at)
    rules.may_manage(actor, mandate.institution, at=at).require()
    sooner = last_day is not None and (mandate.until is None or last_day < mandate.until)
    if sooner or Power.MANAGE not in held:
        rules.leaves_a_manager(mandate, at=at).require()
    if (mandate.powers, mandate.until) == ([power.value for power in held], last_day):
        return mandate
    evidence = Mandate.Evidence(mandate.evidence)
    changed = steps.grant_mandate(
        mandate.person, mandate.institution, held, evidence=evidence, at=at, until=last_day
    )
    record(actor, "mandate.changed", changed)
    steps.tell_of_mandate("mandate-changed", changed, at=at)
    return changed


@verb
def end_mandate(actor: User, *, mandate_id: UUID, at: datetime) -> Mandate:
    """A manager ends somebody's mandate: at once, for programs too. What they said and signed stays.

    Refuses: not-found, no-mandate, last-manager.
    """
    mandate = _lock_mandate(mandate_id, at=at)
    rules.may_manage(actor, mandate.institution, at=at).require()
    return _end(actor, mandate, at=at)


@verb
def leave_institution(actor: User, *, institution_id: int, at: datetime) -> Mandate:
    """`actor` acts for the institution no longer: at once, for programs too. What they said stays.

    Refuses: not-found, last-manager.
    """
    institution = steps.lock_institution(institution_id)
    mandate = queries.mandates_in_force(actor, at=at).filter(institution=institution).first()
    if mandate is None:
        raise NotFound
    return _end(actor, mandate, at=at)


def _end(actor: User, mandate: Mandate, *, at: datetime) -> Mandate:
    rules.leaves_a_manager(mandate, at=at).require()
    steps.end_mandate(mandate, at=at)
    record(actor, "mandate.ended", mandate)
    steps.tell_of_mandate("mandate-ended", mandate, at=at)
    return mandate


def _lock_mandate(pk: UUID, *, at: datetime) -> Mandate:
    """The mandate in force, as it stands once its institution is locked."""
    return steps.lock_institution_of(
        Mandate, pk, lambda each: queries.in_force(each.mandates.select_related("person"), at=at)
    )
