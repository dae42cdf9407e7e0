from datetime import timedelta

import pytest

from accounts.models import Mandate, Power
from consultation.kit import clock
from tests import factories as make
from tests.contract.calls import by, problem, visitor

pytestmark = pytest.mark.django_db


def test_it_tells_who_calls_for_whom_and_in_which_roles():
    text = make.consultation("me-text")
    institution = make.verified_institution("Academy of Me")
    person = make.representative(institution, Power.SIGN, by=make.registrar(name="Mona", language="fr"))
    make.with_role(text, "moderator", person)
    make.consultation("another")
    make.representative(make.verified_institution())
    answer = by(person).get("me/")
    mandate = Mandate.objects.get(person=person)
    assert answer.json() == {
        "email": person.email,
        "name": "Mona",
        "language": "fr",
        "timezone": "UTC",
        "mandates": [
            {
                "institution": "academy-of-me",
                "powers": ["sign"],
                "from": mandate.starts_at.isoformat().replace("+00:00", "Z"),
                "until": None,
            }
        ],
        "roles": [{"consultation": "me-text", "role": "moderator"}],
        "site_roles": ["registrar"],
    }


def test_what_is_over_is_not_told():
    institution = make.verified_institution()
    person = make.representative(institution)
    Mandate.objects.filter(person=person).update(ended_at=clock.now())
    assert by(person).get("me/").json()["mandates"] == []


def test_a_visitor_is_asked_to_sign_in():
    answer = visitor().get("me/")
    problem(answer, 401, "not-signed-in")
    assert answer["WWW-Authenticate"] == 'Token realm="api"'


@pytest.mark.parametrize("secret", ["", "nonsense", "accord_unknown", "accord_\x00", "accord_ü", "a b"])
def test_an_unknown_token_is_refused(secret):
    caller = visitor()
    caller.client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    answer = caller.get("me/")
    problem(answer, 401, "authentication-failed")
    assert answer["WWW-Authenticate"] == 'Token realm="api"'


def test_a_token_is_refused_when_its_time_is_over(time_machine):
    caller = by(make.person())
    assert caller.get("me/").status_code == 200
    time_machine.move_to(clock.now() + timedelta(days=91))
    problem(caller.get("me/"), 401, "authentication-failed")


def test_the_session_of_a_browser_will_do():
    person = make.person()
    caller = visitor()
    caller.client.force_login(person)
    assert caller.get("me/").json()["email"] == person.email


def test_a_change_by_session_needs_the_token_against_forgery():
    text, institution = make.consultation(), make.verified_institution()
    caller = visitor()
    caller.client.handler.enforce_csrf_checks = True
    caller.client.force_login(make.manager(institution))
    path = f"consultations/{text.slug}/comments/"
    body = {"institution": institution.slug, "principle": 1, "kind": "general", "body": "Yes.", "draft": True}
    problem(caller.post(path, body), 403, "permission-denied")
    secret = "a" * 32
    caller.client.cookies["csrftoken"] = secret
    assert caller.post(path, body, **{"X-CSRFToken": secret}).status_code == 201
