"""What is no call, can't be read, or is too much."""

import pytest

from consultation.api import consultations, parsing
from consultation.comments.models import Comment
from tests import factories as make
from tests.contract.calls import by, problem, visitor

pytestmark = pytest.mark.usefixtures("on_top")
PATH = "consultations/rivers/comments/"


@pytest.fixture(scope="module")
def owner(kept):
    make.consultation("rivers")
    return by(make.manager(make.verified_institution("Academy of Springs")))


@pytest.mark.parametrize(
    "path", ["", "nowhere/", "me/too/", "consultations/a%20b/", "%00/", "../x/", "comments/x/"]
)
def test_every_other_address_is_not_found(path):
    for method in ("get", "post", "put", "patch", "delete", "options"):
        answer = getattr(visitor().client, method)(f"/api/v1/{path}")
        problem(answer, *((405, "method-not-allowed") if method == "options" else (404, "not-found")))


def test_an_address_without_its_slash_leads_to_the_one_with_it():
    for method in ("get", "post"):
        answer = getattr(visitor().client, method)("/api/v1/institutions?page_size=3")
        assert (answer.status_code, answer["Location"]) == (308, "/api/v1/institutions/?page_size=3")


def test_a_method_that_an_address_does_not_have(owner):
    for caller in (visitor(), owner):
        for path in ("me/", "consultations/", "schema/", "moderation/cases/"):
            answer = caller.delete(path)
            problem(answer, 405, "method-not-allowed")
            assert answer["Allow"] == "GET, HEAD"
        problem(caller.get("moderation/claim/"), 405, "method-not-allowed")


UNREADABLE = [
    b"",
    b"{",
    b"[]",
    b'"text"',
    b"7",
    b"null",
    b"true",
    b"{'a': 1}",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": 1,}',
    b'{"a": "\x00"}',
    b'{"a": "\xff"}',
    b'\xff\xfe{\x00"\x00a\x00"\x00:\x001\x00}\x00',
    b'{"a": ' + b"[" * 100_000,
    b'{"a": ' + b"[" * 30 + b"]" * 30 + b"}",
    b'{"a": ' + b"7" * 5_000 + b"}",
]


def test_what_is_not_one_json_object_is_refused(owner):
    for body in UNREADABLE:
        answer = owner.raw(PATH, body)
        document = answer.json()
        assert (answer.status_code, document["status"]) == (400, 400), body[:40]
        assert answer["Content-Type"] == "application/problem+json"
    assert Comment.objects.count() == 0


def test_what_no_database_can_hold_is_named_wherever_it_stands(owner):
    body = b'{"institution": "x\\u0000", "passage": {"exact": ["\\ud800"]}, "unknown": "\\u0000"}'
    problem(owner.raw(PATH, body), 400, "invalid", "institution", "passage.exact.0", "unknown")
    problem(owner.raw(PATH, b'{"\\ud800": 1}'), 400, "invalid")


def test_numbers_beyond_all_measure_are_named(owner):
    body = b'{"institution": "x", "kind": "general", "body": "x", "principle": %s}'
    for number in (b"1e400", b"-1e400", b"1e30", b"9" * 4_000, b"-0.0"):
        problem(owner.raw(PATH, body % number), 400, "invalid", "principle")


@pytest.mark.parametrize("size", [parsing.LIMIT + 1, 10 * 1024 * 1024])
def test_too_long_a_body_is_refused(owner, size):
    problem(owner.raw(PATH, b'{"body": "' + b"x" * size + b'"}'), 413, "too-large")


def test_the_longest_words_are_taken_whatever_they_are_made_of(owner):
    body = "\U0001f600" * 20_000
    given = {"institution": "academy-of-springs", "principle": 1, "kind": "general", "body": body}
    answer = owner.post(PATH, {**given, "proposed_text": body})
    assert (answer.status_code, answer.json()["body"]) == (201, body)


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x", "a/b;c"],
)
def test_another_media_type_is_refused(owner, media_type):
    problem(owner.raw(PATH, b"a=b", media_type), 415, "unsupported-media-type")


@pytest.mark.parametrize("charset", ["rot13", "utf-16", "nonsense", "base64"])
def test_a_charset_changes_nothing(owner, charset):
    body = b'{"institution": "academy-of-springs", "principle": 1, "kind": "general", "body": "\xc3\xa9"}'
    answer = owner.raw(PATH, body, f"application/json; charset={charset}")
    assert (answer.status_code, answer.json()["body"]) == (201, "é")


def test_answers_are_json_whatever_is_accepted():
    make.consultation("rivers")
    for accept in ("text/html", "application/xml", "nonsense", "*/*;q=0"):
        answer = visitor().get("consultations/rivers/?format=xml", Accept=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_sentences_are_in_the_readers_language(owner):
    answer = owner.post(PATH, {"body": 7}, **{"Accept-Language": "fr"})
    assert answer.json()["errors"]["kind"] == ["Ce champ est obligatoire."]


@pytest.mark.parametrize("caller_is_signed_in", [True, False])
def test_too_many_calls_a_minute(settings, time_machine, caller_is_signed_in):
    time_machine.move_to("2026-03-01T10:15:20Z", tick=False)
    make.consultation("rivers")
    caller = by(make.person()) if caller_is_signed_in else visitor()
    other = by(make.person())
    settings.API_CALLS_A_MINUTE = {"person": 3, "visitor": 3}
    for _ in range(3):
        assert caller.get("consultations/rivers/").status_code == 200
    answer = caller.get("consultations/rivers/")
    problem(answer, 429, "too-many")
    assert answer["Retry-After"] == "40"
    assert other.get("consultations/rivers/").status_code == 200
    time_machine.move_to("2026-03-01T10:16:00Z")
    assert caller.get("consultations/rivers/").status_code == 200


def test_with_redis_away_nobody_is_counted_and_everybody_answered(settings):
    make.consultation("rivers")
    settings.API_CALLS_A_MINUTE = {"person": 3, "visitor": 3}
    cache = {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock?db=0"}
    settings.CACHES = {"default": cache}
    caller = by(make.person())
    for _ in range(5):
        assert caller.get("consultations/rivers/").status_code == 200
        assert visitor().get("consultations/rivers/").status_code == 200


def test_the_limits_are_as_wide_as_the_contract_says(settings):
    assert settings.API_CALLS_A_MINUTE == {"person": 1200, "visitor": 600}


def test_a_fault_of_ours_is_a_problem_too_and_tells_nothing(monkeypatch):
    make.consultation("rivers")

    def fail(*_args, **_facts):
        raise ZeroDivisionError("A secret.")

    monkeypatch.setattr(consultations, "_shown", fail)
    caller = visitor()
    caller.client.raise_request_exception = False
    caller.client.handler.raise_request_exception = False
    answer = caller.get("consultations/rivers/")
    problem(answer, 500, "failed")
    assert "secret" not in answer.content.decode()
