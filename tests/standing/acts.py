"""What registrars do, said in one line."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Institution, User
from consultation.kit import clock
from consultation.standing import actions
from tests import factories as make


def verify(
    institution: Institution,
    *,
    by: User | None = None,
    how: str = "letter",
    note: str = "",
    at: datetime | None = None,
) -> Institution:
    """A registrar verifies the institution."""
    actor = by or make.registrar()
    return actions.verify_institution(
        actor, institution_id=institution.pk, how=how, note=note, at=at or clock.now()
    )


def reject(
    institution: Institution, *, by: User | None = None, reason: str = "Nobody knows it."
) -> Institution:
    """A registrar does not accept the institution."""
    actor = by or make.registrar()
    return actions.reject_institution(actor, institution_id=institution.pk, reason=reason, at=clock.now())


def suspend(institution: Institution, *, by: User | None = None, reason: str = "A doubt.") -> Institution:
    """A registrar suspends the institution."""
    actor = by or make.registrar()
    return actions.suspend_institution(actor, institution_id=institution.pk, reason=reason, at=clock.now())
