from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts import actions
from accounts.models import SiteRole, User
from consultation.kit import clock
from consultation.site import queries
from consultation.site.models import SitePageVersion

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


def administrator(email: str = "", **fields: Any) -> User:
    """Somebody who runs the site."""
    made = person(email, **fields)
    SiteRole.objects.create(person=made, role=SiteRole.Role.ADMINISTRATOR)
    return made


def usual(email: str, make: Callable[[str], User]) -> User:
    """The one who does this wherever a test does not care who: made when first needed."""
    return User.objects.filter(email=email).first() or make(email)


def token(person: User) -> str:
    """A secret with which programs act for the person."""
    _token, secret = actions.issue_token(person, name="tests", at=clock.now())
    return secret


def publish_page(key: str, language: str = "en", title: str = "New title", body: str = "") -> SitePageVersion:
    """An administrator publishes the next version of one of the site's pages."""
    by = usual("the-administrator@test.example", administrator)
    last = queries.versions(key, language).values_list("number", flat=True).first() or 0
    words = {"title": title, "body": body or "New words."}
    return actions.publish_page(by, key=key, language=language, after=last, at=clock.now(), **words)


def accept_terms(person: User, language: str = "en") -> None:
    """The person accepts the terms as they stand now in this language."""
    terms = queries.current_terms(language)
    assert terms is not None
    actions.accept_terms(person, version_id=terms.pk, at=clock.now())
