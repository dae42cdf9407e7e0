"""The secretariat admits an institution late, and lets one comment stand for others: by page and by API."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from consultation.comments import queries
from consultation.comments.models import LateAdmission
from consultation.kit import clock
from consultation.record.models import Entry
from tests import factories as make
from tests.comments.acts import counted
from tests.contract.calls import by, problem, results, visitor
from tests.office.browsing import signed_in
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
WEEK = timedelta(days=7)
BODY = "Each ministry should keep a public register of the systems that it uses."


@pytest.fixture(scope="module")
def closed(kept):
    return make.consultation("closed-text", days=10, at=clock.now() - timedelta(days=11))


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution("Institute of Late Mail")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def comments(text):
    return [
        make.comment(text, make.verified_institution(f"Academy {letter}"), body=f"{BODY} {letter}")
        for letter in "ABC"
    ]


def late(**changes):
    until = (clock.now() + WEEK).astimezone(ZoneInfo("Europe/Oslo"))
    fields = {"institution": "Institute of Late Mail", "until": f"{until:%Y-%m-%dT%H:%M}"}
    return {**fields, "reason": "Its mail was <b>down</b>.", "claim": "one", "do": "admit", **changes}


def test_an_admission_is_given_once_shown_everywhere_and_ended(closed, institution):
    boss, desk = signed_in(make.secretariat(closed)), "/secretariat/closed-text/late/"
    assert f'href="{desk}"' in boss.get("/secretariat/closed-text/").content.decode()
    for _twice in range(2):
        assert boss.post(desk, late()).headers["Location"] == desk
    admission = LateAdmission.objects.get()
    assert (admission.institution, admission.reason) == (institution, "Its mail was <b>down</b>.")
    shown = read(boss.get(desk))
    assert "Its mail was <b>down</b>." in shown.text

    owner = signed_in(make.manager(institution))
    principle = owner.get("/consultations/closed-text/principles/1/").content.decode()
    assert "Your institution is admitted late" in principle
    write = read(owner.get("/consultations/closed-text/write/?principle=1")).text
    assert "Your institution is admitted late" in write
    assert "Nothing can be sent" not in write
    sent = {"institution": institution.slug, "kind": "general", "language": "en", "claim": "two"}
    sent |= {"body": "We were cut off.", "visibility": "named", "do": "send"}
    answer = owner.post("/consultations/closed-text/write/?principle=1", sent)
    assert answer.headers["Location"] == "/consultations/closed-text/comments/P1-1/"
    comment = admission.comments.get()
    make.decide(comment, "approve")
    told = visitor().get("comments/closed-text/P1-1/").json()
    assert told["late"] == {"round": 1, "reason": "Its mail was <b>down</b>."}
    every = "consultations/closed-text/comments/?late="
    found = [
        [each["reference"] for each in results(visitor().get(every + asked))] for asked in ("true", "false")
    ]
    assert found == [["P1-1"], []]
    history = read(Client().get("/consultations/closed-text/history/")).text
    assert "may comment late, until" in history

    end = {"admission": str(admission.pk), "claim": "three", "do": "end"}
    assert boss.post(desk, end).headers["Location"] == desk
    again = boss.post(desk, {**end, "claim": "four"})
    assert (again.status_code, "over already" in read(again).text) == (409, True)
    assert boss.post(desk, {**end, "admission": "nonsense"}).status_code == 404
    answer = owner.post("/consultations/closed-text/write/?principle=1", {**sent, "claim": "five"})
    assert "/edit/" in answer.headers["Location"]


def test_what_is_wrong_in_an_admission_is_said_beside_its_field_and_nothing_typed_is_lost(
    closed, institution, text
):
    boss, desk = signed_in(make.secretariat(closed)), "/secretariat/closed-text/late/"
    for changes, words in (
        ({"institution": "Institute of Late"}, "Is it one of these: Institute of Late Mail"),
        ({"until": "2001-01-01T10:00"}, "This time has passed"),
        ({"reason": " "}, "This field is required"),
    ):
        answer = boss.post(desk, late(**changes))
        assert answer.status_code == 400
        assert words in read(answer).text
        assert "Institute of Late" in answer.content.decode()
    open_now = signed_in(make.secretariat(text))
    assert "extend it for everybody" in read(open_now.get("/secretariat/rivers/late/")).text
    assert open_now.post("/secretariat/rivers/late/", late()).status_code == 409
    assert not LateAdmission.objects.exists()


def test_admissions_by_api(closed, institution):
    boss, path = by(make.secretariat(closed)), "consultations/closed-text/late-admissions/"
    given = {
        "institution": institution.slug,
        "until": (clock.now() + WEEK).isoformat(),
        "reason": "A strike of the post.",
    }
    made = boss.post(path, given)
    assert (made.status_code, made.json()["reason"]) == (201, "A strike of the post.")
    assert results(visitor().get(path)) == [made.json()]
    problem(boss.post(path, {**given, "reason": ""}), 400, "invalid", "reason")
    problem(by(make.manager(institution)).post(path, given), 403, "no-role")
    end = f"late-admissions/{made.json()['id']}/end/"
    problem(by(make.manager(institution)).post(end), 403, "no-role")
    assert boss.post(end).json()["ended_at"] is not None
    problem(boss.post(end), 409, "ended")


def test_comments_are_merged_after_a_look_and_separated(text, comments):
    boss, desk = signed_in(make.secretariat(text)), "/secretariat/rivers/merging/"
    kept, first, second = comments
    offered = read(boss.get(f"{desk}?kept=p1-1")).text
    assert "Academy B" in offered
    assert "Academy C" in offered
    look = boss.post(desk, {"kept": "P1-1", "alike": ["P1-2"], "references": "p1-3", "do": "look"})
    words = read(look).text
    assert "P1-1 is about to stand for the comments below" in words
    assert f"{BODY} B" in words
    assert f"{BODY} C" in words
    assert counted(text) == {1: 3}
    for _twice in range(2):
        merge = {"kept": "P1-1", "references": "P1-2 P1-3 ", "claim": "one", "do": "merge"}
        assert boss.post(desk, merge).headers["Location"] == desk
    assert list(queries.merged_into(kept)) == [first, second]
    assert Entry.objects.filter(kind="comment.merged").count() == 2
    history = read(Client().get("/consultations/rivers/history/")).text
    assert "was merged into another comment" in history
    for _twice in range(2):
        separate = {"reference": "P1-2", "claim": "two", "do": "separate"}
        assert boss.post(desk, separate).headers["Location"] == desk
    assert counted(text) == {1: 2}
    refused = boss.post(desk, {**separate, "claim": "three"})
    assert (refused.status_code, "stands for itself" in read(refused).text) == (409, True)


def test_what_can_not_be_merged_is_said_beside_its_field(text, comments):
    boss, desk = signed_in(make.secretariat(text)), "/secretariat/rivers/merging/"
    make.comment(text, principle=2)
    make.pending_comment(text)
    for fields, status, words in (
        ({"kept": "P9-9", "references": "P1-2"}, 400, "There is no public comment with that reference. P9-9"),
        (
            {"kept": "P1-1", "references": "P1-2, P1-4"},
            400,
            "There is no public comment with that reference. P1-4",
        ),
        ({"kept": "P1-1", "references": "x\x00"}, 400, "null character"),
        ({"kept": "P1-1", "references": ""}, 400, "Name the comments that say the same"),
        ({"kept": "P1-1", "references": "P2-1"}, 409, "P2-1 stands under another principle"),
    ):
        answer = boss.post(desk, {**fields, "do": "merge"})
        assert (answer.status_code, words in read(answer).text) == (status, True), words
    assert boss.post(desk, {"reference": "P9-9", "do": "separate"}).status_code == 404


def test_merging_by_api(text, comments):
    boss, place = by(make.secretariat(text)), "comments/rivers/P1-1/"
    make.cosign(comments[1])
    make.cosign(comments[1], make.verified_institution(country="KE"))
    merged = boss.post(f"{place}merge/", {"references": ["P1-2", "p1-3"]}).json()
    assert (merged["stands_for"], merged["cosigns"]) == (2, {"agree": 2, "countries": 2, "disagree": 0})
    assert visitor().get(f"{place}cosign/").json() == {
        "agree": {"institutions": 2, "countries": {"KE": 1, "NO": 1}},
        "disagree": {"institutions": 0, "countries": {}},
    }
    led = visitor().get("comments/rivers/P1-2/")
    assert (led.status_code, led["Location"].endswith("/api/v1/comments/rivers/P1-1/")) == (308, True)
    assert by(make.manager(comments[1].institution)).get("comments/rivers/P1-2/").status_code == 200
    own = results(visitor().get(f"{place}merged/"))
    assert [(each["reference"], each["institution"]["name"], each["merged_into"]) for each in own] == [
        ("P1-2", "Academy B", "P1-1"),
        ("P1-3", "Academy C", "P1-1"),
    ]
    assert [each["reference"] for each in results(visitor().get("consultations/rivers/comments/"))] == [
        "P1-1"
    ]
    problem(boss.post(f"{place}merge/", {"references": ["P9-9"]}), 400, "invalid", "references")
    problem(boss.post(f"{place}merge/", {"references": ["P1-2"]}), 409, "merged-already")
    problem(by(make.moderator(text)).post("comments/rivers/P1-2/separate/"), 403, "no-role")
    assert boss.post("comments/rivers/P1-2/separate/").json()["merged_into"] is None
    assert visitor().get("comments/rivers/P1-2/").status_code == 200
