from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import issue_token
from accounts.models import ApiToken, User
from accounts.tokens import hash_of, person_of_token
from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.record.models import Entry
from tests import factories as make

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    owner, noise = make.person(), make.person()
    issue_token(noise, name="theirs", at=AT)

    token, secret = issue_token(owner, name=" my script ", at=AT)

    assert secret.startswith("accord_")
    assert len(secret) == len("accord_") + 43
    assert (token.person, token.name, token.expires_at) == (owner, "my script", AT + timedelta(days=90))
    assert person_of_token(secret, AT) == owner


def test_only_the_hash_of_a_secret_is_kept() -> None:
    token, secret = issue_token(make.person(), name="my script", at=AT)

    assert token.secret_hash == hash_of(secret)
    assert secret not in str(ApiToken.objects.values().get())
    assert [entry.kind for entry in Entry.objects.all()] == ["token.issued"]


@pytest.mark.parametrize(
    "secret", ["", "accord_", "accord_guess", "Bearer x", "accord_\x00", "accord_\ud800"]
)
def test_an_unknown_secret_speaks_for_nobody(secret: str) -> None:
    issue_token(make.person(), name="my script", at=AT)

    assert person_of_token(secret, AT) is None


def test_a_token_speaks_until_it_expires() -> None:
    owner = make.person()
    _, secret = issue_token(owner, name="my script", days=1, at=AT)

    assert person_of_token(secret, AT + timedelta(hours=23)) == owner
    assert person_of_token(secret, AT + timedelta(days=1)) is None


def test_the_token_of_a_closed_account_speaks_for_nobody() -> None:
    owner = make.person()
    _, secret = issue_token(owner, name="my script", at=AT)
    User.objects.filter(pk=owner.pk).update(is_active=False)

    assert person_of_token(secret, AT) is None


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "my script", "days": 0}, "days"),
        ({"name": "my script", "days": 367}, "days"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(fields: dict[str, object], path: str) -> None:
    with pytest.raises(Refusal) as refused:
        issue_token(make.person(), at=AT, **fields)  # type: ignore[arg-type]

    assert list(refused.value.errors) == [path]


def test_a_closed_account_gets_no_token() -> None:
    with pytest.raises(Refusal) as refused:
        issue_token(make.person(is_active=False), name="my script", at=AT)

    assert refused.value.code == "not-signed-in"


def test_the_command_prints_the_token_alone_on_its_line() -> None:
    owner = make.person("Somebody@Test.example")
    printed = StringIO()

    call_command("api_token", "somebody@test.example", stdout=printed)

    secret, end = printed.getvalue().split("\n")
    assert end == ""
    assert person_of_token(secret, clock.now()) == owner


def test_the_command_says_when_there_is_nobody() -> None:
    with pytest.raises(CommandError, match=r"Nobody signs in with nobody@test\.example\."):
        call_command("api_token", "nobody@test.example")
