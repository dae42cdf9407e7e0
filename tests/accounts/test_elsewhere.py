"""Signing in with an account elsewhere, at a provider of OpenID Connect that runs in the test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from accounts.models import User
from consultation.site.queries import current_terms
from tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "ada@test.example"
LOGIN, CALLBACK = "/accounts/oidc/oidc/login/", "/accounts/oidc/oidc/login/callback/"


@dataclass
class Provider:
    """What the provider says of whoever signs in there."""

    url: str = ""
    person: dict[str, object] = field(
        default_factory=lambda: {"sub": "42", "name": "Ada", "email": ADDRESS, "email_verified": True}
    )

    def answer(self, path: str) -> dict[str, object]:
        if path.endswith("/openid-configuration"):
            places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            return {"issuer": self.url} | {
                f"{key}_endpoint": f"{self.url}/{at}" for key, at in places.items()
            }
        if path == "/token":
            return {"access_token": "granted", "token_type": "Bearer"}
        return self.person


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    it = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(it.answer(self.path)).encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.url = f"http://127.0.0.1:{server.server_port}"
    app = {
        "provider_id": "oidc",
        "name": "The Academies' sign-in",
        "client_id": "accord",
        "secret": "hush",
        "settings": {"server_url": it.url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}, "orcid": {"APPS": []}}
    Thread(target=server.serve_forever, daemon=True).start()
    yield it
    server.shutdown()
    server.server_close()


def come_back(client: Client, process: str = "login"):
    """Go there by the button, sign in there, and come back."""
    there = urlsplit(client.post(f"{LOGIN}?process={process}")["Location"])
    assert there.path == "/authorize"
    state = parse_qs(there.query)["state"][0]
    return client.get(CALLBACK, {"code": "a code", "state": state})


def sign_up(client: Client, address: str = ADDRESS):
    fields = {"name": "Ada", "email": address, "terms": current_terms("en").pk}
    return client.post("/accounts/3rdparty/signup/", fields)


def whoever_is_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_whoever_comes_for_the_first_time_makes_an_account(client: Client, provider: Provider) -> None:
    assert come_back(client)["Location"] == "/accounts/3rdparty/signup/"
    assert client.get("/accounts/3rdparty/signup/").context["form"].initial["email"] == ADDRESS
    assert not User.objects.exists()

    sign_up(client)

    person = User.objects.get()
    assert (person.name, person.email, person.has_usable_password()) == ("Ada", ADDRESS, False)
    assert whoever_is_in(client) == str(person.pk)
    assert EmailAddress.objects.get().verified


def test_the_next_time_it_opens_that_account(provider: Provider) -> None:
    first, again = Client(), Client()
    come_back(first)
    sign_up(first)

    come_back(again)

    assert whoever_is_in(again) == str(User.objects.get().pk)


@pytest.mark.parametrize("verified", [True, False])
def test_the_address_of_somebody_here_opens_nothing(client, provider: Provider, verified: bool) -> None:
    owner = make.person(ADDRESS)
    provider.person["email_verified"] = verified

    come_back(client)
    answer = sign_up(client)

    # As for an address that nobody has: its owner alone is told, by mail.
    assert answer["Location"] == "/accounts/confirm-email/"
    assert whoever_is_in(client) is None
    assert User.objects.get() == owner
    assert not SocialAccount.objects.exists()
    assert [message.to for message in mail.outbox] == [[ADDRESS]]


def test_an_address_that_was_not_shown_to_be_theirs_is_confirmed_first(client, provider: Provider) -> None:
    provider.person["email_verified"] = False

    come_back(client)
    sign_up(client)

    assert whoever_is_in(client) is None
    assert not EmailAddress.objects.get().verified
    assert [message.to for message in mail.outbox] == [[ADDRESS]]


def test_an_address_typed_over_the_one_they_showed_to_be_theirs_proves_nothing(client, provider) -> None:
    come_back(client)
    sign_up(client, "somebody.else@test.example")

    shown = dict(EmailAddress.objects.values_list("email", "verified"))
    assert shown == {ADDRESS: True, "somebody.else@test.example": False}
    assert User.objects.get().email == ADDRESS


def test_it_is_connected_by_whoever_is_signed_in(client: Client, provider: Provider) -> None:
    owner = make.person(ADDRESS)
    client.post("/accounts/login/", {"login": ADDRESS, "password": make.PASSWORD})

    come_back(client, "connect")

    assert SocialAccount.objects.get().user == owner
    browser = Client()
    come_back(browser)
    assert whoever_is_in(browser) == str(owner.pk)


def test_what_belongs_to_somebody_else_cannot_be_connected(client: Client, provider: Provider) -> None:
    first = Client()
    come_back(first)
    sign_up(first)
    make.person("other@test.example")
    client.post("/accounts/login/", {"login": "other@test.example", "password": make.PASSWORD})

    come_back(client, "connect")

    assert SocialAccount.objects.get().user.email == ADDRESS


def test_an_answer_that_nobody_asked_for_opens_nothing(client: Client, provider: Provider) -> None:
    answer = client.get(CALLBACK, {"code": "a code", "state": "guessed"})

    assert "That did not work" in answer.content.decode()
    assert whoever_is_in(client) is None


def test_the_button_is_there(client: Client, provider: Provider) -> None:
    page = client.get("/accounts/login/").content.decode()

    assert "Sign in with The Academies&#x27; sign-in" in page
    assert f'action="{LOGIN}?process=login"' in page


def test_without_configuration_there_is_no_button_and_no_way(client: Client) -> None:
    assert b"process=login" not in client.get("/accounts/login/").content
    for address in (LOGIN, CALLBACK):
        assert client.get(address).status_code == 404


CONFIGURED = """
from consultation.config import settings
print(settings.SOCIALACCOUNT_PROVIDERS["orcid"]["APPS"][0]["client_id"])
print(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"])
print(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"])
"""


def test_the_environment_configures_them() -> None:
    given = {"ORCID_CLIENT_ID": "APP-1", "OIDC_SERVER_URL": "https://id.test.example/realms/all/"}
    done = subprocess.run(
        [sys.executable, "-c", CONFIGURED], env=os.environ | given, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "APP-1",
        "https://id.test.example/realms/all",
        "[\"'self'\", 'https://orcid.org', 'https://id.test.example']",
    ]
