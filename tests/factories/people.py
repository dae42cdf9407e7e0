from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts.actions import issue_token
from accounts.models import SiteRole, User
from consultation.kit import clock

PASSWORD = "a long test password"
_numbers = count(1)


def person(email: str = "", *, confirmed: bool = True, **fields: Any) -> User:
    """Somebody with an account, whose address is confirmed unless told; signs in with PASSWORD."""
    number = next(_numbers)
    email = email or f"person{number}@test.example"
    made = User.objects.create_user(email, PASSWORD, **{"name": f"Person {number}", **fields})
    EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=confirmed)
    return made


def registrar(email: str = "", **fields: Any) -> User:
    """Somebody who verifies institutions."""
    made = person(email, **fields)
    SiteRole.objects.create(person=made, role=SiteRole.Role.REGISTRAR)
    return made


def usual(email: str, make: Callable[[str], User]) -> User:
    """The one who does this wherever a test does not care who: made when first needed."""
    return User.objects.filter(email=email).first() or make(email)


def token(person: User) -> str:
    """A secret with which programs act for the person."""
    _token, secret = issue_token(person, name="tests", at=clock.now())
    return secret
