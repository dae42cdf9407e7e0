from __future__ import annotations

from itertools import count
from typing import Any

from accounts import steps
from accounts.actions import register_institution
from accounts.models import Institution, Mandate, Power, User
from consultation.kit import clock
from consultation.standing.actions import suspend_institution, verify_institution
from tests.factories.people import person, registrar, usual

REGISTRAR = "the-registrar@test.example"
_numbers = count(1)


def institution(name: str = "", *, by: User | None = None, **data: Any) -> Institution:
    """A pending institution, registered by `by`, who holds all powers for it."""
    facts = {"country": "NO", "type": "academy", **data}
    return register_institution(
        by or person(), name=name or f"Academy of Tests {_letters(next(_numbers))}", at=clock.now(), **facts
    )


def _letters(number: int) -> str:
    return chr(ord("A") + number % 26) * (1 + number // 26)


def verified_institution(name: str = "", *, by: User | None = None, **data: Any) -> Institution:
    """An institution that a registrar verified."""
    return verify(institution(name, by=by, **data))


def verify(institution: Institution) -> Institution:
    """A registrar verifies the institution."""
    by = usual(REGISTRAR, registrar)
    return verify_institution(by, institution_id=institution.pk, how="letter", at=clock.now())


def suspend(institution: Institution) -> Institution:
    """A registrar suspends the institution."""
    by, reason = usual(REGISTRAR, registrar), "It is not what it said."
    return suspend_institution(by, institution_id=institution.pk, reason=reason, at=clock.now())


def manager(institution: Institution) -> User:
    """Who registered the institution, with all powers for it."""
    return institution.mandates.filter(ended_at=None).order_by("starts_at", "pk")[0].person


def representative(institution: Institution, *powers: Power, by: User | None = None) -> User:
    """A colleague with exactly these powers for the institution; contributing unless told."""
    colleague = by or person()
    steps.grant_mandate(
        colleague,
        institution,
        powers or (Power.CONTRIBUTE,),
        evidence=Mandate.Evidence.LETTER,
        at=clock.now(),
    )
    return colleague


def signatory(institution: Institution) -> User:
    """A colleague who may contribute and sign for the institution."""
    return representative(institution, Power.CONTRIBUTE, Power.SIGN)
