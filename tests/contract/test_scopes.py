"""What a token allows: its scopes, and never more than its person may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.actions import issue_token, revoke_token
from accounts.models import ApiToken, Power, Scope, User
from consultation.kit import clock
from tests import factories as make
from tests.contract.calls import Caller, by, problem, visitor

pytestmark = pytest.mark.django_db


def only(person: User, *scopes: Scope) -> Caller:
    """The calls of a program that the person gave these scopes."""
    _token, secret = issue_token(person, name="tests", scopes=scopes, at=clock.now())
    caller = Caller()
    caller.client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return caller


def others(scope: Scope) -> list[Scope]:
    return [each for each in Scope if each != scope]


def calls() -> list[tuple[Scope, User, str, str, dict[str, object]]]:
    """For each scope calls that need it, by somebody who may do them."""
    text, institution = make.consultation("scopes"), make.verified_institution()
    speaker, moderator, registrar = make.manager(institution), make.moderator(text), make.registrar()
    comment = make.comment(text, institution)
    case = make.pending_comment(text).item.cases.get()
    waiting = make.institution()
    write = {
        "institution": institution.slug,
        "principle": 1,
        "kind": "general",
        "body": "Yes.",
        "draft": True,
    }
    sign = {"institution": institution.slug, "principle": 1, "version": 1, "position": "endorse"}
    new = {"name": "Academy of Scopes", "country": "KE", "type": "academy"}
    return [
        (Scope.READ, speaker, "get", "me/", {}),
        (Scope.READ, speaker, "get", "consultations/", {}),
        (Scope.READ, speaker, "post", "consultations/scopes/digests/", {}),
        (Scope.CONTRIBUTE, speaker, "post", "consultations/scopes/comments/", write),
        (Scope.CONTRIBUTE, speaker, "post", f"comments/scopes/{comment.reference}/withdraw/", {}),
        (Scope.SIGN, speaker, "post", "consultations/scopes/endorsements/", sign),
        (Scope.MANAGE, speaker, "post", "institutions/", new),
        (Scope.OFFICE, moderator, "get", "moderation/cases/", {}),
        (Scope.OFFICE, moderator, "get", f"moderation/cases/{case.pk}/", {}),
        (Scope.OFFICE, moderator, "post", f"moderation/cases/{case.pk}/claim/", {}),
        (Scope.OFFICE, registrar, "post", f"institutions/{waiting.slug}/verify/", {"how": "letter"}),
    ]


def test_a_token_does_what_its_scopes_say_and_nothing_else():
    for scope, person, method, path, body in calls():
        given = (path, body) if method == "post" else (path,)
        answer = getattr(only(person, *others(scope)), method)(*given)
        problem(answer, 403, "token-scope")
        assert f"“{scope.value}”" in answer.json()["detail"]
        answer = getattr(only(person, scope), method)(*given)
        assert answer.status_code < 300, (path, answer.content)


def test_scopes_give_nothing_that_the_person_may_not_do():
    text = make.consultation()
    person = make.representative(make.verified_institution(), Power.CONTRIBUTE)
    problem(only(person, *Scope).get("moderation/cases/"), 403, "no-role")
    assert only(person, *Scope).get(f"consultations/{text.slug}/").status_code == 200


def test_a_call_that_says_nothing_of_changes_takes_the_office_scope():
    caller = only(make.person(), *others(Scope.OFFICE))
    assert caller.post("nowhere/").status_code == 404
    problem(caller.post("me/"), 405, "method-not-allowed")


def test_the_session_of_a_browser_has_no_scopes():
    client = APIClient()
    client.force_login(make.person())
    assert client.get("/api/v1/me/").status_code == 200


def test_a_revoked_token_opens_nothing_from_that_moment():
    person = make.person()
    caller = only(person, *Scope)
    assert caller.get("me/").status_code == 200
    revoke_token(person, token_id=ApiToken.objects.get().pk, at=clock.now())
    problem(caller.get("me/"), 401, "authentication-failed")


def test_the_last_use_is_kept_once_a_minute(time_machine, django_assert_num_queries):
    begin = clock.now().replace(microsecond=0)
    time_machine.move_to(begin, tick=False)
    caller = by(make.person())

    def used_at():
        assert caller.get("consultations/").status_code == 200
        return ApiToken.objects.get().last_used_at

    assert ApiToken.objects.get().last_used_at is None
    assert used_at() == begin
    time_machine.move_to(begin + timedelta(seconds=59), tick=False)
    assert used_at() == begin
    time_machine.move_to(begin + timedelta(seconds=60), tick=False)
    assert used_at() == begin + timedelta(seconds=60)


def test_a_refused_token_is_not_used():
    caller = by(make.person())
    ApiToken.objects.update(expires_at=clock.now())
    assert caller.get("consultations/").status_code == 401
    assert ApiToken.objects.get().last_used_at is None


def test_visitors_need_no_token():
    assert visitor().get("consultations/").status_code == 200
    assert Client().get("/api/v1/consultations/").status_code == 200
