from datetime import timedelta

import pytest

from accounts.models import Power
from consultation.comments.models import Comment, CommentState
from consultation.kit import clock
from consultation.texts.models import Round
from tests import factories as make
from tests.contract.calls import by, problem, results, visitor

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution("Academy of Springs")


@pytest.fixture(scope="module")
def owner(institution):
    return by(make.manager(institution))


PATH = "consultations/rivers/comments/"


def words(**changes):
    return {
        "institution": "academy-of-springs",
        "principle": 1,
        "kind": "general",
        "body": "We ask for a register.",
        **changes,
    }


def close(text):
    Round.objects.filter(consultation=text).update(closes_at=clock.now() - timedelta(minutes=1))


def test_a_comment_is_sent_and_has_its_reference(text, owner):
    answer = owner.post(PATH, words(proposed_text="Systems are public.", passage={"exact": "open to review"}))
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["reference"], shown["state"], shown["latest_revision"]) == ("P1-1", "pending", 1)
    assert shown["passage"] == {"exact": "open to review", "prefix": "", "suffix": ""}
    assert shown["case"] == {
        "id": str(Comment.objects.get().item.cases.get().pk),
        "action": None,
        "clause": None,
        "message": None,
        "decided_at": None,
    }
    assert answer["Location"].endswith("/api/v1/comments/rivers/P1-1/")
    again = owner.get(answer["Location"])
    assert (again.json(), again["ETag"]) == (shown, answer["ETag"])


def test_text_is_kept_code_point_for_code_point(text, owner):
    body = "  e\u0301 \u202eabc\u202c\r\n𐍈 \ufeff \u0085 zero\u200bwidth "
    shown = owner.post(PATH, words(body=body, language="zh-hans")).json()
    assert (shown["body"], shown["language"]) == (body.replace("\r\n", "\n"), "zh-Hans")


def test_the_language_is_the_persons_own_unless_given(text, institution):
    person = make.representative(institution, by=make.person(language="fr"))
    assert by(person).post(PATH, words()).json()["language"] == "fr"


def test_who_may_write_for_an_institution(text, institution):
    signatory = make.representative(institution, Power.SIGN)
    stranger = make.manager(make.verified_institution())
    problem(by(signatory).post(PATH, words()), 403, "no-mandate")
    problem(by(stranger).post(PATH, words()), 403, "no-mandate")
    problem(visitor().post(PATH, words()), 401, "not-signed-in")
    assert Comment.objects.count() == 0
    assert by(make.representative(institution)).post(PATH, words()).status_code == 201


def test_nobody_learns_of_an_institution_that_waits(text):
    pending = make.institution("Academy of Waiting")
    stranger = make.manager(make.verified_institution())
    problem(by(stranger).post(PATH, words(institution=pending.slug)), 400, "invalid", "institution")
    problem(by(stranger).post(PATH, words(institution="nobody")), 400, "invalid", "institution")
    assert by(make.manager(pending)).post(PATH, words(institution=pending.slug)).status_code == 201


WRONG_WORDS = [
    ({"body": ""}, ["body"]),
    ({"body": " \n "}, ["body"]),
    ({"body": None}, ["body"]),
    ({"body": True}, ["body"]),
    ({"body": 7}, ["body"]),
    ({"body": ["a"]}, ["body"]),
    ({"body": {"a": "b"}}, ["body"]),
    ({"body": "a\x00b"}, ["body"]),
    ({"body": "a\ud800b"}, ["body"]),
    ({"body": "x" * 20_001}, ["body"]),
    ({"proposed_text": "x" * 20_001, "body": ""}, ["body", "proposed_text"]),
    ({"kind": "loud"}, ["kind"]),
    ({"kind": []}, ["kind"]),
    ({"kind": None}, ["kind"]),
    ({"principle": 9}, ["principle"]),
    ({"principle": 0}, ["principle"]),
    ({"principle": -1}, ["principle"]),
    ({"principle": "1"}, ["principle"]),
    ({"principle": 1.5}, ["principle"]),
    ({"principle": True}, ["principle"]),
    ({"principle": 2**31}, ["principle"]),
    ({"principle": 10**30}, ["principle"]),
    ({"passage": {"exact": "not in the text"}}, ["passage.exact"]),
    ({"passage": {"exact": ""}}, ["passage.exact"]),
    ({"passage": {"exact": ["x"]}}, ["passage.exact"]),
    ({"passage": {"exact": "x\x00"}}, ["passage.exact"]),
    ({"passage": {"exact": "open", "prefix": 1}}, ["passage.prefix"]),
    ({"passage": {"exact": "open", "suffix": "x" * 3000}}, ["passage.suffix"]),
    ({"passage": {}}, ["passage.exact"]),
    ({"passage": "open"}, ["passage"]),
    ({"passage": ["open"]}, ["passage"]),
    ({"language": "nonsense-x"}, ["language"]),
    ({"language": 5}, ["language"]),
    ({"visibility": "everybody"}, ["visibility"]),
    ({"parent": "P1-77"}, ["parent"]),
    ({"parent": "P1-" + "7" * 5000}, ["parent"]),
    ({"parent": 7}, ["parent"]),
    ({"draft": "yes"}, ["draft"]),
    ({"draft": 1}, ["draft"]),
    ({"institution": "no such\x00"}, ["institution"]),
    ({"institution": None}, ["institution"]),
    ({"institution": ["a"]}, ["institution"]),
]


def test_each_wrong_field_is_named(text, owner):
    for changes, fields in WRONG_WORDS:
        problem(owner.post(PATH, words(**changes)), 400, "invalid", *fields)
    problem(owner.post(PATH, {}), 400, "invalid", "body", "institution", "kind", "principle")
    assert Comment.objects.count() == 0


def test_a_draft_may_be_empty_and_is_no_other_institutions_business(text, institution, owner):
    answer = owner.post(PATH, words(body="", draft=True))
    assert (answer.status_code, answer.json()["state"]) == (201, "draft")
    path = f"comments/id/{answer.json()['id']}/"
    assert answer["Location"].endswith(path)
    stranger = make.manager(make.verified_institution())
    for act in ("submit", "withdraw"):
        problem(by(stranger).post(f"{path}{act}/"), 404, "not-found")
    problem(by(stranger).patch(path, {"body": "Mine."}), 404, "not-found")
    problem(by(stranger).delete(path), 404, "not-found")
    problem(visitor().patch(path, {"body": "Mine."}), 401, "not-signed-in")
    problem(owner.post(f"{path}submit/"), 400, "invalid", "body")


def test_a_draft_is_changed_in_parts_and_sent(text, institution, owner):
    path = f"comments/id/{owner.post(PATH, words(draft=True)).json()['id']}/"
    colleague = by(make.representative(institution))
    assert colleague.patch(path, {"kind": "technical"}).json()["body"] == "We ask for a register."
    shown = owner.patch(path, {"body": "We ask for more.", "passage": {"exact": "open to review"}}).json()
    assert (shown["kind"], shown["passage"]["exact"], shown["state"]) == (
        "technical",
        "open to review",
        "draft",
    )
    assert owner.patch(path, {"passage": None}).json()["passage"] is None
    answer = colleague.post(f"{path}submit/")
    assert (answer.status_code, answer.json()["reference"], answer.json()["body"]) == (
        200,
        "P1-1",
        "We ask for more.",
    )
    problem(owner.post(f"{path}submit/"), 409, "not-a-draft")
    problem(owner.patch(path, {"body": "Too late."}), 409, "not-a-draft")


def test_what_was_said_for_whom_and_where_can_not_be_changed(text, owner):
    path = f"comments/id/{owner.post(PATH, words(draft=True)).json()['id']}/"
    changes = {"institution": "x", "principle": 2, "parent": None, "visibility": "secretariat", "body": "x"}
    problem(owner.patch(path, changes), 400, "invalid", "institution", "parent", "principle", "visibility")


def test_a_draft_is_deleted_for_good_and_what_was_sent_is_not(text, owner):
    path = f"comments/id/{owner.post(PATH, words(draft=True)).json()['id']}/"
    assert owner.delete(path).status_code == 204
    problem(owner.get(path), 404, "not-found")
    owner.post(PATH, words())
    problem(owner.delete("comments/rivers/P1-1/"), 409, "not-a-draft")


def test_the_other_methods_act_under_either_address(text, institution, owner):
    comment = make.comment(text, institution)
    assert owner.patch(f"comments/id/{comment.pk}/", {"body": "Anew."}).json()["latest_revision"] == 2
    make.decide(comment, "approve")
    assert owner.post(f"comments/id/{comment.pk}/withdraw/").json()["state"] == "withdrawn"


def test_a_returned_comment_is_revised_and_sent_again(text, institution, owner):
    comment = make.decide(
        make.pending_comment(text, institution), "return", clause="2", message="Shorter, please."
    )
    case = owner.get("comments/rivers/P1-1/").json()["case"]
    assert (case["action"], case["clause"], case["message"]) == ("return", "2", "Shorter, please.")
    shown = owner.patch("comments/rivers/P1-1/", {"body": "Short."}).json()
    assert (shown["state"], shown["revision"], shown["latest_revision"]) == ("returned", None, 1)
    shown = owner.post("comments/rivers/P1-1/submit/").json()
    assert (shown["state"], shown["latest_revision"], shown["reference"]) == ("pending", 2, comment.reference)


def test_the_same_words_again_are_no_new_revision(text, institution, owner):
    comment = make.comment(text, institution)
    assert owner.patch("comments/rivers/P1-1/", {"body": comment.shown.body}).json()["latest_revision"] == 1


def test_a_published_comment_is_not_a_strangers_to_change(text, institution):
    make.comment(text, institution)
    stranger = by(make.manager(make.verified_institution()))
    problem(stranger.patch("comments/rivers/P1-1/", {"body": "Mine."}), 403, "no-mandate")
    problem(stranger.delete("comments/rivers/P1-1/"), 403, "no-mandate")
    problem(stranger.post("comments/rivers/P1-1/withdraw/"), 403, "no-mandate")
    problem(stranger.post("comments/rivers/P1-1/submit/"), 403, "no-mandate")


def test_after_closing_the_words_are_kept_as_a_draft_that_the_answer_names(text, institution, owner):
    close(text)
    key = {"Idempotency-Key": "late"}
    document = problem(owner.post(PATH, words(), **key), 409, "round-closed")
    shown = owner.get(document["draft"]).json()
    assert (shown["state"], shown["body"]) == ("draft", "We ask for a register.")
    assert problem(owner.post(PATH, words(), **key), 409, "round-closed")["draft"] == document["draft"]
    assert Comment.objects.count() == 1
    problem(owner.post(f"{document['draft']}submit/"), 409, "round-closed")


def test_after_closing_an_edit_and_a_reply_are_kept_unsent_and_a_co_signature_is_refused(
    text, institution, owner
):
    mine, other = make.comment(text, institution), make.comment(text)
    close(text)
    document = problem(owner.patch("comments/rivers/P1-1/", {"body": "Too late."}), 409, "round-closed")
    shown = owner.get(document["draft"]).json()
    assert (shown["body"], shown["revision"], shown["latest_revision"]) == ("Too late.", None, 1)
    mine.refresh_from_db()
    assert mine.shown.body != "Too late."
    assert (
        problem(owner.post("comments/rivers/P1-1/submit/"), 409, "round-closed")["draft"] == document["draft"]
    )
    reply = problem(owner.post(PATH, words(parent=other.reference)), 409, "round-closed")["draft"]
    assert owner.get(reply).json()["parent"] == other.reference
    stance = {"institution": institution.slug, "position": "agree"}
    problem(owner.post("comments/rivers/P1-2/cosign/", stance), 409, "round-closed")


def test_a_reply_stands_under_a_public_comment_of_the_same_principle(text, institution, owner):
    first = make.comment(text, make.verified_institution())
    shown = owner.post(PATH, words(parent=first.reference.lower())).json()
    assert (shown["reference"], shown["parent"]) == ("P1-2", "P1-1")
    problem(owner.post(PATH, words(parent="P1-2")), 400, "invalid", "parent")
    problem(owner.post(PATH, words(parent="P1-1", principle=2)), 400, "invalid", "parent")


def test_a_comment_for_the_secretariat_has_its_own_series_and_is_public_nowhere(text, owner):
    shown = owner.post(PATH, words(visibility="secretariat")).json()
    assert (shown["reference"], shown["visibility"]) == ("S-1", "secretariat")
    problem(visitor().get("comments/rivers/S-1/"), 404, "not-found")


def test_cosigning(text, institution):
    make.comment(text, institution)
    other = make.verified_institution("Academy of Wells")
    path, caller = "comments/rivers/P1-1/cosign/", by(make.representative(other))
    cases = (("agree", (1, 1, 0)), ("agree", (1, 1, 0)), ("disagree", (0, 0, 1)), ("none", (0, 0, 0)))
    for position, counts in cases:
        answer = caller.post(path, {"institution": other.slug, "position": position})
        assert (answer.status_code, tuple(answer.json()["cosigns"].values())) == (200, counts)


def test_who_may_not_cosign(text, institution, owner):
    make.comment(text, institution)
    path, pending = "comments/rivers/P1-1/cosign/", make.institution()
    problem(owner.post(path, {"institution": institution.slug, "position": "agree"}), 409, "own-comment")
    stranger = by(make.person())
    problem(stranger.post(path, {"institution": institution.slug, "position": "agree"}), 403, "no-mandate")
    problem(
        visitor().post(path, {"institution": institution.slug, "position": "agree"}), 401, "not-signed-in"
    )
    problem(stranger.post(path, {"institution": "x", "position": "maybe"}), 400, "invalid", "position")
    problem(stranger.post(path, {}), 400, "invalid", "institution", "position")
    waiting = by(make.manager(pending))
    problem(waiting.post(path, {"institution": pending.slug, "position": "agree"}), 409, "not-verified")
    hidden = make.pending_comment(text, make.verified_institution())
    answer = owner.post(
        f"comments/id/{hidden.pk}/cosign/", {"institution": institution.slug, "position": "agree"}
    )
    problem(answer, 404, "not-found")


def test_many_drafts_are_sent_at_once_each_with_its_own_answer(text, institution, owner):
    good, empty = make.draft(text, institution), make.draft(text, institution, body="")
    other = make.draft(text, make.verified_institution())
    elsewhere = make.draft(make.consultation(), institution)
    gone = "01890a5d-ac96-774b-bcce-b302099a8057"
    ids = [str(each.pk) for each in (empty, good, other, elsewhere)] + [gone, str(good.pk)]
    answer = owner.post(f"{PATH}submit/", {"ids": ids})
    assert answer.status_code == 200
    sent = {each["id"]: each for each in answer.json()}
    assert [each["id"] for each in answer.json()] == ids[:5]
    assert sent[str(good.pk)] == {"id": str(good.pk), "status": 200, "reference": "P1-1"}
    assert (sent[str(empty.pk)]["status"], list(sent[str(empty.pk)]["errors"])) == (400, ["body"])
    for missing in (str(other.pk), str(elsewhere.pk), gone):
        assert (sent[missing]["status"], list(sent[missing]["errors"])) == (404, ["id"])
    again = owner.post(f"{PATH}submit/", {"ids": [str(good.pk)]}).json()
    assert (again[0]["status"], list(again[0]["errors"])) == (409, ["id"])
    assert Comment.objects.exclude(state=CommentState.DRAFT).count() == 1


def test_many_at_once_under_a_key_are_sent_once(text, institution, owner):
    good, empty = make.draft(text, institution), make.draft(text, institution, body="")
    body, key = {"ids": [str(good.pk), str(empty.pk)]}, {"Idempotency-Key": "many"}
    first = owner.post(f"{PATH}submit/", body, **key).json()
    second = owner.post(f"{PATH}submit/", body, **key).json()
    assert first[0] == second[0] == {"id": str(good.pk), "status": 200, "reference": "P1-1"}
    assert [each[1]["status"] for each in (first, second)] == [400, 409]


WRONG_IDS = [
    ({}, "ids"),
    ({"ids": []}, "ids"),
    ({"ids": "x"}, "ids"),
    ({"ids": {"0": "x"}}, "ids"),
    ({"ids": ["x"]}, "ids.0"),
    ({"ids": [7]}, "ids.0"),
    ({"ids": [None]}, "ids.0"),
    ({"ids": ["01890a5d-ac96-774b-bcce-b302099a8057"] * 501}, "ids"),
]


def test_wrong_ids_are_named(text, owner):
    for body, field in WRONG_IDS:
        problem(owner.post(f"{PATH}submit/", body), 400, "invalid", field)
    problem(visitor().post(f"{PATH}submit/", {"ids": []}), 401, "not-signed-in")


def test_withdrawing(text, institution, owner):
    make.comment(text, institution)
    draft = make.draft(text, institution)
    problem(owner.post(f"comments/id/{draft.pk}/withdraw/"), 409, "not-sent")
    assert owner.post("comments/rivers/P1-1/withdraw/").json()["state"] == "withdrawn"
    problem(owner.post("comments/rivers/P1-1/withdraw/"), 409, "withdrawn")
    assert results(visitor().get(PATH)) == []
