"""Undoing, appealing, redacting, correcting and deciding many, as programs do it."""

import pytest

from consultation.moderation.models import Case
from tests import factories as make
from tests.contract.calls import by, problem, visitor

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("brooks")


@pytest.fixture(scope="module")
def moderator(text):
    return by(make.moderator(text))


@pytest.fixture(scope="module")
def other(text):
    return by(make.moderator(text))


def taken(moderator, comment):
    """The address of the comment's open case, which the moderator has taken."""
    path = f"moderation/cases/{comment.item.cases.get(closed_at=None).pk}/"
    assert moderator.post(f"{path}claim/").status_code == 200
    return path


def test_a_decision_is_undone(text, moderator, other):
    comment = make.pending_comment(text)
    path = taken(moderator, comment)
    problem(moderator.post(f"{path}undo/"), 409, "nothing-to-undo")
    moderator.post(f"{path}decide/", {"action": "reject", "clause": "1"})
    problem(other.post(f"{path}undo/"), 403, "not-yours")
    author = by(make.manager(comment.institution))
    problem(author.post(f"{path}undo/"), 404, "not-found")
    first = moderator.post(f"{path}undo/", **{"Idempotency-Key": "once"})
    again = moderator.post(f"{path}undo/", **{"Idempotency-Key": "once"})
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    assert first.json()["lease_until"] is not None
    own = author.get(f"comments/brooks/{comment.reference}/").json()
    assert (own["state"], own["case"]["action"]) == ("pending", None)


def test_an_appeal_from_the_statement_of_reasons_to_its_outcome(text, moderator, other):
    comment = make.pending_comment(text)
    address, author = f"comments/brooks/{comment.reference}/", by(make.manager(comment.institution))
    path = taken(moderator, comment)
    moderator.post(f"{path}decide/", {"action": "reject", "clause": "2", "message": "No."})
    own = author.get(address).json()
    assert (own["case"]["clause"], own["case"]["message"]) == ("2", "No.")
    assert own["appeal"]["possible_until"] > own["case"]["decided_at"]
    assert "case" not in moderator.get(address).json()
    problem(author.post(f"{path}appeal/"), 400, "invalid", "grounds")
    problem(visitor().post(f"{path}appeal/", {"grounds": "Why?"}), 401, "not-signed-in")
    problem(other.post(f"{path}appeal/", {"grounds": "Why?"}), 404, "not-found")
    opened = author.post(f"{path}appeal/", {"grounds": "It breaks no clause."})
    assert (opened.status_code, opened.json()["is_appeal"]) == (201, True)
    appeal = f"moderation/cases/{opened.json()['id']}/"
    for one in (path, appeal):
        problem(author.post(f"{one}appeal/", {"grounds": "Again."}), 409, "already-appealed")
    assert author.get(address).json()["appeal"] is None
    problem(moderator.post(f"{appeal}claim/"), 409, "left-to-others")
    other.post(f"{appeal}claim/")
    assert other.post(f"{appeal}decide/", {"action": "reverse"}).status_code == 200
    assert visitor().get(address).json()["state"] == "published"


def test_words_are_redacted_by_place_or_by_quote(text, moderator):
    comment = make.pending_comment(text, body="Call Ana on 555.")
    path = taken(moderator, comment)
    ruling = {"action": "redact", "clause": "1"}
    for spans in ([], [{"quote": "Eva"}], [{"field": "body", "start": 3, "end": 90}]):
        problem(moderator.post(f"{path}decide/", {**ruling, "spans": spans}), 400, "invalid", "spans")
    spans = [{"field": "body", "start": 12, "end": 15}, {"quote": "Ana"}]
    assert moderator.post(f"{path}decide/", {**ruling, "spans": spans}).status_code == 200
    assert visitor().get(f"comments/brooks/{comment.reference}/").json()["body"] == "Call █████ on █████."
    [revision] = visitor().get(f"comments/brooks/{comment.reference}/revisions/").json()["results"]
    assert (revision["redacted_at"] is not None, revision["words_hash"]) == (True, comment.latest.words_hash)
    problem(moderator.post(f"{path}undo/"), 409, "not-undoable")


@pytest.mark.parametrize(
    ("accept", "state", "body"), [(True, "published", "We ask."), (False, "returned", "We aks.")]
)
def test_the_author_answers_a_correction(text, moderator, accept, state, body):
    comment = make.pending_comment(text, body="We aks.")
    address, author = f"comments/brooks/{comment.reference}/", by(make.manager(comment.institution))
    ruling = {"action": "return", "clause": "1", "correction": {"body": "We ask."}}
    assert moderator.post(f"{taken(moderator, comment)}decide/", ruling).status_code == 200
    assert author.get(address).json()["correction"] == {"body": "We ask.", "proposed_text": ""}
    problem(moderator.post(f"{address}correction/", {"accept": True}), 403, "no-mandate")
    problem(author.post(f"{address}correction/", {"accept": "yes"}), 400, "invalid", "accept")
    answer = author.post(f"{address}correction/", {"accept": accept})
    assert (answer.status_code, answer.json()["state"], answer.json()["body"]) == (200, state, body)
    assert answer.json()["correction"] is None
    problem(author.post(f"{address}correction/", {"accept": accept}), 404, "not-found")


def test_many_are_decided_alike(text, moderator, other):
    good, held = make.pending_comment(text), make.pending_comment(text)
    elsewhere = make.pending_comment()
    taken(other, held)
    keys = [str(each.item.cases.get().pk) for each in (good, held, elsewhere)]
    asked = {"action": "approve", "cases": [{"id": key, "revision": 1} for key in keys]}
    done = moderator.post("moderation/decide/", asked)
    assert [(each["id"], each["status"], each.get("code")) for each in done.json()] == [
        (keys[0], 200, None),
        (keys[1], 409, "case-held"),
        (keys[2], 404, "not-found"),
    ]
    problem(moderator.post("moderation/decide/", asked | {"cases": []}), 400, "invalid", "cases")
    problem(moderator.post("moderation/decide/", asked | {"action": "redact"}), 400, "invalid", "action")
    problem(by(make.person()).post("moderation/decide/", asked), 403, "no-role")


def test_what_is_escalated_is_told_apart(text, moderator):
    path = taken(moderator, make.pending_comment(text))
    problem(moderator.post(f"{path}decide/", {"action": "escalate"}), 400, "invalid", "message")
    answer = moderator.post(f"{path}decide/", {"action": "escalate", "message": "It names a judge."})
    assert (answer.status_code, answer.json()["lease_until"]) == (200, None)
    assert Case.objects.get(pk=answer.json()["id"]).escalated
