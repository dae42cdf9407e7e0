"""Signing in by a code from a mail and by a passkey, and the list of browsers."""

from __future__ import annotations

import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.models import User
from consultation.kit import clock
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")
ADDRESS = "ada@test.example"


def code_in(letter: str) -> str:
    return re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", letter, re.M)[1]


def ask(client: Client) -> str:
    """Ask for a code, and read it in the mail."""
    answer = client.post("/accounts/login/code/", {"email": ADDRESS})
    assert answer["Location"] == "/accounts/login/code/confirm/"
    return code_in(mail.outbox[-1].body)


def send(client: Client, code: str):
    return client.post("/accounts/login/code/confirm/", {"code": code})


def whoever_is_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_code_from_the_mail_signs_in(client: Client) -> None:
    person = make.person(ADDRESS)

    answer = send(client, ask(client))

    assert answer["Location"] == "/desk/"
    assert whoever_is_in(client) == str(person.pk)


def test_it_confirms_the_address_where_the_link_did_not_arrive(client: Client) -> None:
    person = make.person(ADDRESS, confirmed=False)

    send(client, ask(client))

    assert whoever_is_in(client) == str(person.pk)
    assert EmailAddress.objects.get(user=person).verified


def test_the_page_after_signing_up_leads_there(client: Client) -> None:
    assert b'href="/accounts/login/code/"' in client.get("/accounts/confirm-email/").content


def test_the_second_factor_is_asked_for_after_it(client: Client) -> None:
    totp.TOTP.activate(make.person(ADDRESS), "JBSWY3DPEHPK3PXP")

    assert send(client, ask(client))["Location"] == "/accounts/2fa/authenticate/"
    assert whoever_is_in(client) is None


def test_three_guesses_end_a_code(client: Client) -> None:
    make.person(ADDRESS)
    code = ask(client)

    for _ in range(3):
        send(client, "WRONGG")
    send(client, code)

    assert whoever_is_in(client) is None


def test_another_code_ends_the_first(client: Client) -> None:
    make.person(ADDRESS)
    first = ask(client)
    client.post("/accounts/login/code/confirm/", {"action": "resend"})
    second = code_in(mail.outbox[-1].body)

    assert first != second
    send(client, first)
    assert whoever_is_in(client) is None
    send(client, second)
    assert whoever_is_in(client)


def test_a_code_holds_for_a_quarter_of_an_hour(client: Client, time_machine) -> None:
    make.person(ADDRESS)
    begin = clock.now()
    time_machine.move_to(begin, tick=False)
    code = ask(client)
    time_machine.move_to(begin.timestamp() + 15 * 60 + 1, tick=False)

    send(client, code)

    assert whoever_is_in(client) is None


def test_codes_are_asked_for_three_times_a_minute_at_most(client: Client, time_machine) -> None:
    make.person(ADDRESS)
    time_machine.move_to(clock.now(), tick=False)
    for host in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{host}").post("/accounts/login/code/", {"email": ADDRESS})

    assert len(mail.outbox) == 3


def test_a_passkey_is_offered_and_its_scripts_are_files(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert 'form="mfa_login"' in page
    assert 'action="/accounts/2fa/webauthn/login/"' in page
    for script in re.findall(r"<script[^>]*>", page):
        assert " src=" in script or 'type="application/json"' in script
    options = client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"


@pytest.mark.parametrize("credential", ["", "{}", json.dumps({"response": {"userHandle": "MQ"}}), "[1]"])
def test_an_invented_passkey_opens_nothing(client: Client, credential: str) -> None:
    make.person(ADDRESS)
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})

    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})

    assert answer["Location"] == "/accounts/login/"
    assert whoever_is_in(client) is None


@pytest.fixture(scope="module")
def person(kept: None) -> User:
    return make.person(ADDRESS)


def signed_in_as(agent: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/login/", {"login": ADDRESS, "password": make.PASSWORD})
    client.get("/desk/")
    return client


def test_every_browser_is_listed_and_the_others_can_be_signed_out(person: User) -> None:
    make.person("noise@test.example")
    phone, desk = signed_in_as("A phone"), signed_in_as("A desk computer")
    page = desk.get("/accounts/sessions/").content.decode()
    assert "A phone" in page
    assert page.count("This browser") == page.count("Another browser") == 1

    desk.post("/accounts/sessions/")

    assert desk.get("/desk/").status_code == 200
    assert phone.get("/desk/").status_code == 302
    assert UserSession.objects.filter(user=person).count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/sessions/",
        "/accounts/3rdparty/",
        "/accounts/settings/",
        "/accounts/tokens/",
    ],
)
def test_each_page_of_the_account_is_ours_and_holds_to_the_content_policy(person, address: str) -> None:
    client = signed_in_as("A phone")
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    if "recovery" in address:
        totp.TOTP.activate(person, "JBSWY3DPEHPK3PXP")

    answer = client.get(address)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<a href="{address}" aria-current="page">' in page or "account-nav" in page
    assert " style=" not in page
    assert "<style" not in page
    for script in re.findall(r"<script[^>]*>", page):
        assert " src=" in script or 'type="application/json"' in script
