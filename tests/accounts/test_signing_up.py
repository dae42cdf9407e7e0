from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from django.core import mail
from django.test import Client, RequestFactory
from django.utils.translation import get_language

from accounts.actions import publish_page
from accounts.adapter import AccountAdapter
from accounts.models import User
from consultation.kit import clock
from consultation.site.models import TermsAcceptance
from consultation.site.queries import current_terms
from tests import factories as make

pytestmark = pytest.mark.django_db
NEW = {
    "name": " Ada  Lovelace ",
    "email": "Ada@Test.example",
    "password1": make.PASSWORD,
    "password2": make.PASSWORD,
}


def sign_up(client: Client, **fields: str) -> None:
    terms = current_terms("fr").pk
    response = client.post(
        "/accounts/signup/", {**NEW, "terms": terms, **fields}, headers={"Accept-Language": "fr"}
    )
    assert response.status_code == 302, response.context["form"].errors
    assert response["Location"] == "/accounts/confirm-email/"


def test_it_works(client: Client) -> None:
    sign_up(client)

    person = User.objects.get()
    assert (person.name, person.email, person.language) == ("Ada Lovelace", "ada@test.example", "fr")
    assert not EmailAddress.objects.get().verified

    (link,) = re.findall(r"http://\S+(/accounts/confirm-email/\S+)", mail.outbox[0].body)
    client.post(link)

    assert EmailAddress.objects.get().verified


def test_a_name_with_signs_that_turn_the_direction_of_writing_is_refused(client: Client) -> None:
    response = client.post("/accounts/signup/", {**NEW, "name": "Ada\u202e", "terms": current_terms("en").pk})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["name"]
    assert not User.objects.exists()


def test_the_terms_that_were_read_are_accepted_with_their_version(client: Client) -> None:
    sign_up(client)

    assert TermsAcceptance.objects.get().version == current_terms("fr")
    assert TermsAcceptance.objects.get().person == User.objects.get()


@pytest.mark.parametrize("terms", ["", "on", "0", "9" * 30])
def test_without_the_terms_there_is_no_account(client: Client, terms: str) -> None:
    response = client.post("/accounts/signup/", {**NEW, "terms": terms})

    assert list(response.context["form"].errors) == ["terms"]
    assert not User.objects.exists()


def test_terms_that_changed_since_the_form_was_shown_are_to_be_read_first(client: Client) -> None:
    old = client.get("/accounts/signup/").context["form"].fields["terms"].widget.attrs["value"]
    publish_page(
        make.administrator(), key="terms", language="en", title="T", body="New.", after=1, at=clock.now()
    )

    response = client.post("/accounts/signup/", {**NEW, "terms": old})

    assert response.context["form"].errors == {
        "terms": ["The terms were changed meanwhile. Please read them again."]
    }
    assert f'value="{current_terms("en").pk}"'.encode() in response.content
    assert not TermsAcceptance.objects.exists()


def test_the_form_asks_for_the_name_first(client: Client) -> None:
    fields = client.get("/accounts/signup/").context["form"].fields

    assert list(fields) == ["name", "email", "password1", "password2", "terms"]


def test_signing_up_with_a_taken_address_looks_the_same_and_tells_its_owner_alone(client: Client) -> None:
    owner = make.person("ada@test.example", name="Ada", language="es")

    sign_up(client)

    assert User.objects.get() == owner
    assert [message.to for message in mail.outbox] == [["ada@test.example"]]
    assert "confirm-email" not in mail.outbox[0].body


def test_two_sign_ups_of_one_address_at_one_moment_make_one_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.person("ada@test.example", name="Ada")
    # The second one asked before the first one was there.
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.assess_unique_email", lambda email, user=None: True
    )

    sign_up(client)

    assert User.objects.get().name == "Ada"


def test_mails_speak_the_language_of_their_reader_not_of_who_caused_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.person("ada@test.example", language="fr")
    spoken: list[str | None] = []
    monkeypatch.setattr(
        "allauth.account.adapter.DefaultAccountAdapter.send_mail",
        lambda adapter, prefix, email, context: spoken.append(get_language()),
    )

    client.post("/accounts/password/reset/", {"email": "ada@test.example"}, headers={"Accept-Language": "ru"})
    client.post(
        "/accounts/password/reset/", {"email": "nobody@test.example"}, headers={"Accept-Language": "ru"}
    )

    assert spoken == ["fr", "ru"]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("/desk/", True),
        ("desk/", True),
        ("http://accord.example/desk/", True),
        ("http://localhost/desk/", False),
        ("https://evil.example/desk/", False),
        ("//evil.example/desk/", False),
        ("/\\evil.example", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_addresses_of_this_site_are_safe_to_go_to(url: str, safe: bool, settings) -> None:
    settings.ALLOWED_HOSTS = ["accord.example", "localhost"]
    request = RequestFactory().get("/accounts/login/", headers={"Host": "accord.example"})

    with context.request_context(request):
        assert AccountAdapter(request).is_safe_url(url) is safe


def test_an_administrator_made_on_the_command_line_confirms_the_address_at_sign_in(client: Client) -> None:
    User.objects.create_superuser("root@accord.example", make.PASSWORD)

    client.post("/accounts/login/", {"login": "root@accord.example", "password": make.PASSWORD})

    assert [message.to for message in mail.outbox] == [["root@accord.example"]]
