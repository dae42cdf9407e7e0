"""Nothing here tells whether an address has an account; its owner alone learns of a try, by mail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from consultation.site.queries import current_terms
from tests import factories as make

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "known@test.example", "other@test.example"
Asked = Callable[[Client, str], list[object]]


def sign_up(client: Client, address: str) -> list[object]:
    fields = {"name": "Ada", "email": address, "password1": make.PASSWORD, "password2": make.PASSWORD}
    answer = client.post("/accounts/signup/", fields | {"terms": current_terms("en").pk}, follow=True)
    assert answer.redirect_chain
    return [answer]


def sign_in(client: Client, address: str) -> list[object]:
    return [client.post("/accounts/login/", {"login": address, "password": "not the password"})]


def ask_for_a_code(client: Client, address: str) -> list[object]:
    asked = client.post("/accounts/login/code/", {"email": address}, follow=True)
    return [asked, client.post("/accounts/login/code/confirm/", {"code": "ABCDEF"})]


def ask_for_a_code_thrice(client: Client, address: str) -> list[object]:
    asked = client.post("/accounts/login/code/", {"email": address})
    guesses = [client.post("/accounts/login/code/confirm/", {"code": "ABCDEF"}) for _ in range(3)]
    return [asked, *guesses, client.get("/accounts/login/code/confirm/")]


def ask_for_another_code(client: Client, address: str) -> list[object]:
    client.post("/accounts/login/code/", {"email": address})
    return [client.post("/accounts/login/code/confirm/", {"action": "resend"}, follow=True)]


def reset_the_password(client: Client, address: str) -> list[object]:
    return [client.post("/accounts/password/reset/", {"email": address}, follow=True)]


def seen(answers: list[object], address: str) -> list[object]:
    """What somebody sees, the address itself and random values apart."""
    return [
        (
            answer.status_code,
            answer.headers.get("Location"),
            getattr(answer, "redirect_chain", None),
            re.sub(r'value="[\w-]{20,}"', "", answer.content.decode().replace(address, "ADDRESS")),
        )
        for answer in answers
    ]


@pytest.mark.parametrize(
    "ask",
    [
        sign_up,
        sign_in,
        ask_for_a_code,
        ask_for_a_code_thrice,
        ask_for_another_code,
        reset_the_password,
    ],
)
@pytest.mark.parametrize("confirmed", [True, False])
def test_a_known_and_an_unknown_address_look_the_same(ask: Asked, confirmed: bool) -> None:
    make.person(KNOWN, confirmed=confirmed)

    known, unknown = (seen(ask(Client(), address), address) for address in (KNOWN, UNKNOWN))

    assert known == unknown
    assert {address for message in mail.outbox for address in message.to} <= {KNOWN, UNKNOWN}


@pytest.mark.parametrize("ask", [ask_for_a_code, reset_the_password, sign_up])
def test_its_owner_learns_of_it_by_mail(ask: Asked) -> None:
    make.person(KNOWN)

    ask(Client(), KNOWN)

    assert [message.to for message in mail.outbox] == [[KNOWN]]


def test_a_wrong_password_writes_to_nobody() -> None:
    make.person(KNOWN)

    sign_in(Client(), KNOWN)

    assert mail.outbox == []
