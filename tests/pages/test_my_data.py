"""Everything that is kept about somebody: to take along, to read, to erase."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from accounts.models import User
from consultation.pages.reading.my_data import COLUMNS, PARTS
from consultation.post import tasks as mails
from consultation.standing import queries
from tests import factories as make
from tests.pages.page import read
from tests.standing.life import EMAIL, IP, NAME, SECOND, lived

pytestmark = pytest.mark.django_db

PAGE = "/accounts/data/"
READ = "/accounts/data/everything/"
JSON = "/accounts/data/everything.json"
SECRETS = ("password", "secret", "hash", "session_key", "data", "context", "key")


@pytest.fixture
def ada() -> User:
    return make.person("ada@test.example", name="Ada")


def browser_of(person: User) -> Client:
    """A browser in which the person just gave the password."""
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    return client


def relations_to_people() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.related_model is User
    }


def dealt_with() -> set[str]:
    return {f"{part.model._meta.label}.{by}" for part in queries.parts() for by in part.by if by != "pk"}


def test_every_relation_to_a_person_is_handed_out_or_exempt_with_a_reason() -> None:
    assert relations_to_people() == dealt_with() | set(queries.EXEMPT)
    assert not dealt_with() & set(queries.EXEMPT)
    assert all(queries.EXEMPT.values())


def test_nothing_that_opens_a_door_is_handed_out() -> None:
    for part in queries.parts():
        ends = {path.split("__")[-1] for path in part.columns.values()}
        assert not ends & set(SECRETS) - ({"key"} if part.name == "pages_published" else set()), part.name
        assert not [end for end in ends if "hash" in end]


def test_every_part_and_column_has_a_name_for_people() -> None:
    assert {part.name for part in queries.parts()} | {"invitations_received"} == set(PARTS)
    used = {column for part in queries.parts() for column in part.columns}
    assert used | {"email", "powers", "sent_at", "expires_at"} == set(COLUMNS)


@pytest.mark.django_db(transaction=True)
def test_the_download_holds_every_part_of_a_life() -> None:
    life = lived()
    life.client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    answer = life.client.get(JSON)
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    found = json.loads(answer.content)
    empty = {name for name, rows in found.items() if not rows}
    # Nobody asked a digest or gave evidence in this life, and the site has no terms in tests.
    assert empty <= {
        "digests_asked_for",
        "evidence",
        "inquiries",
        "requests_settled",
        "pages_published",
        "terms_accepted",
        "licences_accepted",
    }
    assert found["account"] == [found["account"][0] | {"name": NAME, "email": EMAIL}]
    assert {row["email"] for row in found["addresses"]} == {EMAIL, SECOND}
    assert IP in {row["ip"] for row in found["sessions"]}
    assert "In other words." in {row["body"] for row in found["revisions"]}
    assert [row["email"] for row in found["invitations_received"]] == [SECOND]
    assert b"JBSWY3DP" not in answer.content
    assert life.person.password.encode() not in answer.content


@pytest.mark.django_db(transaction=True)
def test_the_page_to_read_says_the_same_in_words() -> None:
    life = lived()
    life.client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    page = read(life.client.get(READ))
    for words in (NAME, SECOND, IP, "Endorse with a reservation", "With care.", "registered the institution"):
        assert words in page.text
    assert "Nothing is kept here" in page.text


@pytest.mark.django_db(transaction=True)
def test_nobody_finds_anybody_elses_rows(ada: User) -> None:
    life = lived()
    answer = browser_of(ada).get(JSON)
    for planted in (NAME, EMAIL, SECOND, IP, str(life.comment.pk)):
        assert planted.encode() not in answer.content


@pytest.mark.parametrize("address", [PAGE, READ, JSON])
def test_visitors_sign_in_first(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize("address", [READ, JSON])
def test_who_signed_in_a_while_ago_gives_the_password_again(browser, ada: User, address: str) -> None:
    answer = browser(ada).get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_erasing_asks_for_the_password_again_and_then_goes_on(browser, ada: User) -> None:
    client = browser(ada)
    asked = client.post(PAGE, {"address": "ada@test.example"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.filter(pk=ada.pk).exists()
    done = client.post(asked["Location"], {"password": make.PASSWORD, "next": PAGE})
    assert (done.status_code, done["Location"]) == (303, "/")
    assert not User.objects.filter(pk=ada.pk).exists()


def test_erasing_signs_out_and_says_so(ada: User) -> None:
    client = browser_of(ada)
    answer = client.post(PAGE, {"address": "ADA@test.example"}, follow=True)
    assert answer.redirect_chain == [("/", 303)]
    assert "Your account is erased." in read(answer).text
    assert client.get(PAGE).status_code == 302
    mails.sweep()
    assert [each.subject for each in mail.outbox if each.to == ["ada@test.example"]][-1] == (
        "Your account is erased"
    )


@pytest.mark.parametrize("typed", ["", "ada@test.exampl", "ada"])
def test_a_mistyped_address_erases_nothing(ada: User, typed: str) -> None:
    answer = browser_of(ada).post(PAGE, {"address": typed})
    assert answer.status_code == 400
    assert User.objects.filter(pk=ada.pk).exists()
    assert f'value="{typed}"' in answer.content.decode() or not typed


def test_the_page_says_what_stays_and_what_goes(browser, ada: User) -> None:
    page = read(browser(ada).get(PAGE))
    assert "Stay with the institution. In your place stands a number." in page.text
    assert "Goes at once, everywhere." in page.text
    assert {READ, JSON} <= set(page.links)
