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


def ask(institution: Institution, *, by: User | None = None, words: str = "Send a letter.") -> Institution:
    """A registrar says what is missing."""
    actor = by or make.registrar()
    return actions.ask_institution(actor, institution_id=institution.pk, words=words, at=clock.now())


def merge(
    merged: Institution,
    kept: Institution,
    *,
    by: User | None = None,
    reason: str = "It registered twice.",
    with_powers: bool = False,
) -> Institution:
    """A registrar merges one record into another one."""
    return actions.merge_institutions(
        by or make.registrar(),
        kept_id=kept.pk,
        merged_id=merged.pk,
        reason=reason,
        with_powers=with_powers,
        at=clock.now(),
    )


def rename(institution: Institution, name: str, *, by: User | None = None, **data: str) -> Institution:
    """A registrar changes the name, and what else is told."""
    current = Institution.objects.select_related("current").get(pk=institution.pk).current
    assert current is not None
    given = {"country": current.country, "type": current.type, "reason": "By its new statutes.", **data}
    return actions.change_institution(
        by or make.registrar(), institution_id=institution.pk, name=name, at=clock.now(), **given
    )
