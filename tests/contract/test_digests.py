import json
from datetime import timedelta
from urllib.parse import urlsplit

import jsonschema
import pytest

from consultation.comments.actions import withdraw_comment
from consultation.digests import building, queries
from consultation.digests.models import Digest, File
from consultation.kit import clock
from consultation.record import queries as record
from tests import factories as make
from tests.contract.calls import by, problem, results, visitor

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "consultations/rivers/digests/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def text():
    return make.consultation("rivers", policy="post")


@pytest.fixture
def comment(text):
    return make.sent_comment(text, body="We ask for a register.")


def asked(caller, **question):
    answer = caller.post(PATH, {"formats": ["csv", "json"], **question})
    assert answer.status_code == 202, answer.content
    return answer


def built(caller, **question):
    """A digest that was asked for and is ready, as `GET digests/ID/` tells of it."""
    key = asked(caller, **question).json()["id"]
    building.build(key)
    return visitor().get(f"digests/{key}/").json()


def test_anybody_asks_for_the_current_digest_and_the_same_question_has_the_same_one(text, comment):
    answer = asked(visitor(), language="fr")
    shown = answer.json()
    assert shown == {
        "id": str(Digest.objects.get().pk),
        "consultation": "rivers",
        "principle": None,
        "language": "fr",
        "audience": "public",
        "cutoff": record.newest_public(text.pk),
        "edition": 1,
        "formats": ["csv", "json"],
        "state": "queued",
        "progress": 0,
        "step": "Waiting for its turn",
        "requested_at": shown["requested_at"],
        "ready_at": None,
        "files": [],
        "from": None,
    }
    assert answer["Location"].endswith(f"/api/v1/digests/{shown['id']}/")
    assert visitor().get(answer["Location"]).json() == shown
    assert asked(by(make.person()), language="fr").json() == shown
    assert results(visitor().get(PATH)) == []


def test_the_language_is_that_of_the_request_unless_given(text, comment):
    answer = visitor().post(PATH, {"formats": ["csv"]}, **{"Accept-Language": "ar"})
    assert answer.json()["language"] == "ar"


def test_a_ready_digest_tells_its_files(text, comment):
    shown = built(visitor(), principle=1)
    assert (shown["state"], shown["progress"], shown["principle"]) == ("ready", 100, 1)
    assert [each["format"] for each in shown["files"]] == ["csv", "json"]
    for each in shown["files"]:
        file = File.objects.get(format=each["format"])
        assert each == {
            "format": file.format,
            "url": f"http://testserver/api/v1/digests/{shown['id']}/files/{file.format}/",
            "bytes": file.bytes,
            "sha256": file.sha256,
            "withheld_at": None,
        }
    assert results(visitor().get(PATH)) == [shown]
    assert results(visitor().get(f"{PATH}?page_size=1")) == [shown]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_four_queries_at_one_instant(text, comment, number, django_assert_num_queries):
    built(visitor(), language="en", formats=["csv"])
    make.comment(make.consultation("elsewhere"))
    for language in ("fr", "es")[: number - 1]:
        built(by(make.person()), language=language, formats=["csv"])
    asked(visitor(), language="ru")
    # the consultation, its digests, their files, their parts; and beginning, kind and end of the snapshot
    with django_assert_num_queries(4 + 3):
        found = results(visitor().get(PATH))
    assert len(found) == number


def test_a_file_comes_with_its_name_and_tag_whole_and_in_ranges(text, comment):
    digest = built(visitor())
    path = digest["files"][1]["url"]
    whole = visitor().get(path)
    content = whole.getvalue()
    assert b"We ask for a register." in content
    assert whole["Content-Type"] == "application/json"
    assert whole["Content-Disposition"] == f'attachment; filename="rivers-digest-{digest["cutoff"]}-en.json"'
    assert (whole["Content-Length"], whole["Accept-Ranges"]) == (str(len(content)), "bytes")
    assert whole["ETag"] == f'"{File.objects.get(format="json").sha256}"'
    size = len(content)
    for asked_for, expected, span in [
        ("bytes=0-9", content[:10], f"bytes 0-9/{size}"),
        ("bytes=10-", content[10:], f"bytes 10-{size - 1}/{size}"),
        ("bytes=-7", content[-7:], f"bytes {size - 7}-{size - 1}/{size}"),
        (f"bytes=5-{size * 2}", content[5:], f"bytes 5-{size - 1}/{size}"),
        (f"bytes=-{size * 2}", content, f"bytes 0-{size - 1}/{size}"),
    ]:
        part = visitor().get(path, Range=asked_for)
        assert (part.status_code, part.getvalue(), part["Content-Range"]) == (206, expected, span)
        assert part["Content-Length"] == str(len(expected))
    for beyond in (f"bytes={size}-", "bytes=-0"):
        answer = visitor().get(path, Range=beyond)
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")
    for unread in ("bytes=9-3", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes=-", f"bytes=0-{10**30}"):
        assert visitor().get(path, Range=unread).getvalue() == content


def test_a_range_of_another_file_gives_the_whole(text, comment):
    path = built(visitor())["files"][0]["url"]
    tag = visitor().get(path)["ETag"]
    assert visitor().get(path, Range="bytes=0-1", **{"If-Range": tag}).status_code == 206
    assert visitor().get(path, Range="bytes=0-1", **{"If-Range": '"another"'}).status_code == 200


def test_a_known_file_is_not_sent_again(text, comment):
    path = built(visitor())["files"][0]["url"]
    tag = visitor().get(path)["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}'):
        answer = visitor().get(path, **{"If-None-Match": known})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert visitor().get(path, **{"If-None-Match": '"x"'}).status_code == 200


def test_a_file_that_quotes_what_is_gone_is_withheld_at_once(text, comment):
    shown = built(visitor())
    withdraw_comment(make.manager(comment.institution), comment_id=comment.pk, at=clock.now())
    for file in shown["files"]:
        answer = visitor().get(file["url"])
        assert problem(answer, 410, "gone")["digest"] == shown["id"]


def test_an_unknown_digest_or_file_is_not_found(text, comment):
    path = f"digests/{built(visitor())['id']}/"
    for wrong in (f"{path}files/pdf/", f"{path}files/exe/", f"{path}files/%00/",
                  "digests/01890a5d-ac96-774b-bcce-b302099a8057/", "digests/x/"):  # fmt: skip
        problem(visitor().get(wrong), 404, "not-found")


def test_another_time_needs_an_account(text, comment):
    at, number = clock.now().isoformat(), record.newest_public(text.pk)
    make.sent_comment(text)
    for question in ({"until": at}, {"from": at}, {"until": number}):
        problem(visitor().post(PATH, question), 401, "not-signed-in")
        assert by(make.person()).post(PATH, {"formats": ["csv"], **question}).status_code == 202
    assert Digest.objects.filter(cutoff=number).count() == 1
    problem(by(make.person()).post(PATH, {"audience": "secretariat"}), 403, "no-role")


WRONG_QUESTIONS = [
    ({"principle": 9}, "principle"),
    ({"principle": 10**30}, "principle"),
    ({"principle": "1"}, "principle"),
    ({"language": "nonsense-x"}, "language"),
    ({"language": "eo"}, "language"),
    ({"language": 7}, "language"),
    ({"formats": ["exe"]}, "formats.0"),
    ({"formats": []}, "formats"),
    ({"formats": "pdf"}, "formats"),
    ({"formats": {"0": "pdf"}}, "formats"),
    ({"audience": "friends"}, "audience"),
    ({"until": (clock.now() + timedelta(days=2)).isoformat()}, "until"),
    ({"until": "yesterday"}, "until"),
    ({"until": -1}, "until"),
    ({"until": 10**30}, "until"),
    ({"until": 10**9}, "until"),
    ({"until": True}, "until"),
    ({"until": []}, "until"),
    ({"until": "0001-01-01T00:00:00+23:59"}, "until"),
    ({"from": "9999-12-31T23:59:59-23:59"}, "from"),
    ({"from": 1.5}, "from"),
]


def test_each_wrong_field_is_named(text, comment):
    caller = by(make.person())
    for question, field in WRONG_QUESTIONS:
        problem(caller.post(PATH, question), 400, "invalid", field)
    assert Digest.objects.count() == 0


def test_visitors_have_one_build_at_a_time_in_a_consultation(text, comment):
    first = asked(visitor(), language="en").json()
    answer = visitor().post(PATH, {"language": "fr"})
    problem(answer, 429, "busy-building")
    assert int(answer["Retry-After"]) > 0
    assert asked(visitor(), language="en").json()["id"] == first["id"]
    asked(by(make.person()), language="fr")


def test_visitors_ask_six_times_an_hour_and_address(text, comment, time_machine):
    time_machine.move_to("2026-03-01T10:15:00Z", tick=False)
    for _ in range(6):
        asked(visitor())
    answer = visitor().post(PATH, {})
    problem(answer, 429, "too-many")
    assert answer["Retry-After"] == str(45 * 60)
    elsewhere = visitor()
    elsewhere.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    asked(elsewhere)
    asked(by(make.person()))
    time_machine.move_to("2026-03-01T11:00:01Z")
    asked(visitor())


def test_a_digest_in_json_names_the_schema_that_describes_it(text, comment):
    built(visitor())
    made = json.load(queries.open_file(File.objects.get(format="json")))
    answer = visitor().get(urlsplit(made["$schema"]).path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/schema+json")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer.json()["$id"] == made["$schema"]
    jsonschema.Draft202012Validator(answer.json()).validate(made)
    again = visitor().get("digests/schema.json", **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert visitor().post("digests/schema.json").status_code == 405
