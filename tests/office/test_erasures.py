"""An administrator erases somebody who asked for it."""

import pytest

from accounts.models import User
from consultation.record.models import Entry
from tests import factories as make
from tests.office.browsing import page, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/site/erasures/"


@pytest.fixture
def client():
    administrator = make.administrator()
    browser = signed_in(administrator)
    browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    return browser


def test_the_account_is_erased_and_stands_in_the_list_by_number(client):
    person = make.person("ada@test.example")
    answer = client.post(PAGE, {"account": "Ada@test.example", "address": "ada@test.example"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 303)]
    assert not User.objects.filter(pk=person.pk).exists()
    said = page(answer)
    assert "The account is erased." in said
    assert f"By number and day. {person.pk} " in said
    assert "ada@" not in said
    assert Entry.objects.get(kind="person.erased").actor_id


@pytest.mark.parametrize(
    ("account", "address"),
    [
        ("ada@test.example", ""),
        ("ada@test.example", "eve@test.example"),
        ("no@test.example", "no@test.example"),
    ],
)
def test_nothing_is_erased_unless_both_are_the_address_of_an_account(client, account, address):
    make.person("ada@test.example")
    make.person("eve@test.example")
    assert client.post(PAGE, {"account": account, "address": address}).status_code == 400
    assert User.objects.filter(email__in=["ada@test.example", "eve@test.example"]).count() == 2


def test_an_administrator_gives_the_password_again():
    make.person("ada@test.example")
    browser = signed_in(make.administrator())
    asked = browser.post(PAGE, {"account": "ada@test.example", "address": "ada@test.example"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.filter(email="ada@test.example").exists()


@pytest.mark.parametrize("who", [make.person, make.registrar])
def test_nobody_else_learns_of_it(who):
    assert signed_in(who()).get(PAGE).status_code == 404
