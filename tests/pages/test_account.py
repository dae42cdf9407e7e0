"""Settings, and tokens for programs, on their pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts.actions import change_settings, issue_token
from accounts.models import ApiToken, Scope, User
from accounts.tokens import token_of
from consultation.kit import clock
from consultation.record.models import Entry
from tests import factories as make
from tests.pages.page import read
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
SETTINGS, TOKENS = "/accounts/settings/", "/accounts/tokens/"


@pytest.fixture(scope="module")
def person(kept: None) -> User:
    return make.person(name="Ada")


def filled(client, address: str, button: str = "claim", **changes: object) -> dict[str, object]:
    form = next(form for form in read(client.get(address)).forms if button in form.fields)
    return form.filled(**changes)


def test_settings_are_kept(browser, person):
    client, noise = browser(person), make.person(name="Noise")
    fields = filled(client, SETTINGS, name=" Ada  Lovelace ", language="fr", timezone="Africa/Nairobi")

    assert client.post(SETTINGS, fields)["Location"] == SETTINGS

    person.refresh_from_db()
    assert (person.name, person.language, person.timezone) == ("Ada Lovelace", "fr", "Africa/Nairobi")
    assert User.objects.get(pk=noise.pk).name == "Noise"
    page = read(client.get(SETTINGS)).text
    assert "Your settings are saved." in page
    assert "Times are shown in Kenya Time." in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Ada\u202e"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"language": "de"}, "language"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(browser, person, changes, field):
    client = browser(person)
    answer = client.post(SETTINGS, filled(client, SETTINGS, **changes))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert User.objects.get(pk=person.pk).name == "Ada"


@pytest.mark.parametrize(
    ("changes", "field"), [({"language": "de"}, "language"), ({"timezone": "../etc/passwd"}, "timezone")]
)
def test_the_verb_has_the_last_word(person, changes, field):
    given = {"name": "Ada", "language": "fr", "timezone": "UTC"} | changes
    with refused("invalid", field):
        change_settings(person, at=clock.now(), **given)


def test_a_token_is_made_shown_once_and_listed(browser, person):
    client = browser(person)
    issue_token(make.person(), name="somebody else's", at=clock.now())
    fields = filled(client, TOKENS, name="my script", scopes=["read", "sign"], days="30")

    answer = client.post(TOKENS, fields)

    secret = re.search(r'value="(accord_[\w-]+)"', answer.content.decode())[1]
    token = token_of(secret, clock.now())
    assert token is not None
    assert (token.person, token.name, token.scopes) == (person, "my script", ["read", "sign"])
    assert token.expires_at - token.made_at == timedelta(days=30)
    assert "no-store" in answer["Cache-Control"]
    page = client.get(TOKENS).content.decode()
    assert secret not in page
    assert "my script" in page
    assert "somebody else" not in page
    assert "read, sign and withdraw endorsements" in page


def test_the_form_sent_twice_makes_one_token(browser, person):
    client = browser(person)
    fields = filled(client, TOKENS, name="my script")
    client.post(TOKENS, fields)

    answer = client.post(TOKENS, fields, follow=True)

    assert ApiToken.objects.count() == 1
    assert "This token was made already" in read(answer).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes"),
        ({"days": 0}, "days"),
    ],
)
def test_a_token_that_cannot_be_made_says_why(browser, person, changes, field):
    client = browser(person)
    answer = client.post(TOKENS, filled(client, TOKENS, **({"name": "my script"} | changes)))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("scopes", [[], ["all"], ["read", "all"]])
def test_the_verb_takes_known_scopes_only(person, scopes):
    with refused("invalid", "scopes"):
        issue_token(person, name="my script", scopes=scopes, at=clock.now())


def test_a_token_is_revoked_on_record(browser, person):
    token, secret = issue_token(person, name="my script", scopes=[Scope.READ], at=clock.now())
    client = browser(person)

    client.post(TOKENS, {"do": "revoke", "token": token.pk})

    assert token_of(secret, clock.now()) is None
    assert "my script" not in read(client.get(TOKENS)).text
    assert [entry.kind for entry in Entry.objects.order_by("number")] == ["token.issued", "token.revoked"]
    client.post(TOKENS, {"do": "revoke", "token": token.pk})
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("key", ["0", "", "x", "theirs"])
def test_nobody_revokes_what_is_not_theirs(browser, person, key):
    token, secret = issue_token(make.person(), name="theirs", at=clock.now())
    browser(person).post(TOKENS, {"do": "revoke", "token": token.pk if key == "theirs" else key})
    assert token_of(secret, clock.now()) == token


@pytest.mark.parametrize("address", [SETTINGS, TOKENS])
def test_visitors_sign_in_first(client, address):
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_the_list_of_tokens_takes_as_many_queries_for_ten_as_for_one(
    browser, person, django_assert_num_queries
):
    client = browser(person)
    client.get(TOKENS)
    for number in (1, 9):
        for _ in range(number):
            issue_token(person, name="my script", at=clock.now())
        with django_assert_num_queries(6):
            client.get(TOKENS)
