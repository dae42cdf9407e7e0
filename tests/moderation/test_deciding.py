"""Deciding a case: by whoever holds it, on the words as they were read, by a clause of the policy."""

from datetime import timedelta

import pytest

from consultation.kit import clock
from consultation.moderation import queries
from consultation.moderation.handlers import describe, handler_of
from consultation.moderation.models import Action, Case, Decision
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit, hide, is_public, with_a_case, withdraw
from tests.moderation.acts import claim, claim_next, decide, open_case
from tests.refusals import refused
from tests.together import at_once

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=15)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def consultation():
    return make.consultation()


@pytest.fixture
def moderator(consultation):
    return make.moderator(consultation)


@pytest.fixture
def pending(consultation):
    return make.pending_comment(consultation)


@pytest.mark.parametrize(
    ("action", "state", "public"),
    [("approve", "published", True), ("return", "returned", False), ("reject", "rejected", False)],
)
def test_what_a_decision_makes_of_a_comment_that_waits(pending, moderator, action, state, public):
    case = claim(moderator, open_case(pending))
    closed = decide(moderator, case, action, clause="2", message="In short: no.")
    assert (anew(pending).state, is_public(pending)) == (state, public)
    assert (closed.closed_at is not None, closed.lease_until) == (True, None)
    decision = closed.decision
    assert (decision.action, decision.clause.number, decision.message) == (action, "2", "In short: no.")
    assert (decision.person, decision.item, decision.case.revision) == (moderator, pending.item, 1)
    entry = Entry.objects.filter(subject_kind="case").latest("number")
    assert (entry.kind, entry.actor, entry.public) == (f"case.{action}", moderator, False)
    truths.assert_all_hold()


def test_a_published_comment_is_hidden_and_restored(consultation, moderator):
    comment = make.comment(consultation)
    hidden = hide(comment)
    assert (hidden.state, is_public(hidden)) == ("hidden", False)
    restored = make.decide(with_a_case(comment), "restore", clause="1", by=moderator)
    assert (restored.state, is_public(restored)) == ("published", True)
    truths.assert_all_hold()


def test_a_case_is_decided_by_whoever_holds_it(pending, moderator, consultation):
    case, other = open_case(pending), make.moderator(consultation)
    with refused("case-held"):
        decide(moderator, case)
    claim(other, case)
    with refused("case-held"):
        decide(moderator, case)
    assert not Decision.objects.exists()
    assert decide(other, case).decision.person == other


def test_a_case_is_not_decided_once_the_lease_is_over(pending, moderator):
    case, at = open_case(pending), clock.now()
    claim(moderator, case, at=at)
    with refused("case-held"):
        decide(moderator, case, at=at + LEASE)
    decide(moderator, case, at=at + LEASE - MOMENT)


def test_a_case_is_decided_once(pending, moderator):
    case = claim(moderator, open_case(pending))
    decide(moderator, case)
    with refused("case-closed"):
        decide(moderator, case, "reject", clause="1")
    assert anew(pending).state == "published"


def test_a_text_that_was_changed_since_the_case_was_taken_is_read_first(consultation, moderator):
    comment = make.comment(consultation, body="First.")
    edit(comment, "Second.")
    case = claim_next(moderator)
    edit(comment, "Third, never read.")
    with refused("case-moved-on"):
        decide(moderator, case)
    assert anew(comment).shown.body == "First."
    assert claim(moderator, case).revision == 3
    decide(moderator, case)
    assert anew(comment).shown.body == "Third, never read."
    truths.assert_all_hold()


def test_whoever_says_which_revision_they_read_decides_the_newest_or_nothing(consultation, moderator):
    comment = make.comment(consultation)
    edit(comment, "Second.")
    case = claim_next(moderator)
    edit(comment, "Third.")
    for read in (1, 2, 4):
        with refused("case-moved-on"):
            decide(moderator, case, revision=read)
    assert decide(moderator, case, revision=3).revision == 3
    assert anew(comment).shown.number == 3


def test_a_case_that_nobody_holds_moves_with_the_text(consultation, moderator):
    comment = make.comment(consultation)
    edit(comment, "Second.")
    at = clock.now()
    claim_next(moderator, at=at - LEASE)
    edit(comment, "Third.", at=at)
    assert open_case(comment).revision == 3


def test_an_unknown_decision_is_refused_by_its_field(pending, moderator):
    case = claim(moderator, open_case(pending))
    for action in ("", "delete", "Approve", "\x00"):
        with refused("invalid", "action"):
            decide(moderator, case, action, clause="1")


def test_every_decision_but_an_approval_names_a_clause_of_the_policy(consultation, moderator):
    comments = {
        "return": make.pending_comment(consultation),
        "reject": make.pending_comment(consultation),
        "hide": with_a_case(make.comment(consultation)),
        "restore": with_a_case(hide(make.comment(consultation))),
    }
    for action, comment in comments.items():
        case = claim(moderator, open_case(comment))
        for clause in (None, "", "9", "one"):
            with refused("invalid", "clause"):
                decide(moderator, case, action, clause=clause)
        assert decide(moderator, case, action, clause="3").decision.clause.number == "3"


def test_a_clause_of_another_policy_is_none(pending, moderator):
    make.consultation()
    case = claim(moderator, open_case(pending))
    elsewhere = make.consultation()
    elsewhere.clauses.create(number="7", titles={"en": "Seven"}, texts={"en": "Seven."})
    with refused("invalid", "clause"):
        decide(moderator, case, "reject", clause="7")


def test_a_message_that_can_not_be_kept_is_refused_by_its_field(pending, moderator):
    case = claim(moderator, open_case(pending))
    for message in ("x" * 5_001, "nothing\x00", "half \ud83d"):
        with refused("invalid", "message"):
            decide(moderator, case, message=message)
    assert anew(pending).state == "pending"


def test_the_longest_message_is_kept(pending, moderator):
    case = claim(moderator, open_case(pending))
    assert decide(moderator, case, message="é" * 5_000).decision.message == "é" * 5_000


def test_only_what_fits_the_state_can_be_decided(consultation, moderator):
    fits = {
        make.pending_comment(consultation): {"approve", "return", "reject", "redact"},
        edit(make.comment(consultation), "Changed."): {"approve", "return", "hide", "redact"},
        with_a_case(hide(make.comment(consultation))): {"restore", "hide"},
    }
    for comment, allowed in fits.items():
        case = claim(moderator, open_case(comment))
        assert set(handler_of(comment.item).actions(comment.item)) == allowed
        for action in set(Action.values) - allowed - {"escalate"}:
            with refused("not-possible-now"):
                decide(moderator, case, action, clause="1")


@pytest.mark.parametrize(
    ("action", "kind"),
    [("approve", "comment-published"), ("return", "comment-returned"), ("reject", "comment-rejected")],
)
def test_the_author_is_told_a_minute_later_with_the_clause_and_the_words(pending, moderator, action, kind):
    case, at = open_case(pending), clock.now()
    claim(moderator, case, at=at)
    decide(moderator, case, action, clause="1", message="Please read clause 1.", at=at)
    mail = Message.objects.exclude(kind="comment-received").get(kind__startswith="comment-")
    assert (mail.kind, mail.person_id, mail.not_before) == (
        kind,
        pending.author_id,
        at + timedelta(minutes=1),
    )
    assert (mail.context["reference"], mail.context["clause"], mail.context["message"]) == (
        "P1-1", "1", "Please read clause 1.",
    )  # fmt: skip


def test_a_moderator_sees_the_words_the_text_and_what_was_there_before(consultation):
    parent = make.comment(consultation, body="What do you mean?")
    reply = make.comment(consultation, parent=parent, body="This.", proposed_text="Say so.", kind="technical")
    edited = edit(reply, "That.")
    seen = describe([edited.item])[edited.item_id]
    assert (seen.reference, seen.revision, seen.text, seen.previous_text) == ("P1-2", 2, "That.", "This.")
    assert seen.version_text.startswith("Principle 1.")
    assert [line["text"] for line in seen.thread] == ["What do you mean?"]


@pytest.mark.parametrize("number", [1, 3])
def test_what_moderators_see_of_many_costs_the_same_queries(number, django_assert_num_queries):
    consultation = make.consultation()
    items = [make.pending_comment(consultation).item for _ in range(number)]
    with django_assert_num_queries(2):  # comments, and the translations of their versions
        assert len(describe(items)) == number


def test_what_was_decided_last_is_told(consultation, pending):
    make.decide(pending, "return")
    make.decide(edit(pending, "Mended."), "reject", clause="2")
    make.decide(make.pending_comment(consultation), "approve")
    assert queries.last_decision(pending.item).action == "reject"
    assert queries.last_decisions([pending.item_id])[pending.item_id].clause.number == "2"


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_counts_and_withdrawing_meanwhile_harms_nothing():
    consultation = make.consultation()
    moderator = make.moderator(consultation)
    for _ in range(3):
        comment = make.pending_comment(consultation)
        case = claim(moderator, open_case(comment))
        came_to = at_once(
            [
                lambda case=case: decide(moderator, case),
                lambda case=case: decide(moderator, case, "reject", clause="1"),
                lambda comment=comment: withdraw(comment),
            ]
        )
        decided = [each for each in came_to[:2] if isinstance(each, Case)]
        assert len(decided) == Decision.objects.filter(item=comment.item).count() <= 1
        assert {each.code for each in came_to[:2] if not isinstance(each, Case)} == {"case-closed"}
        assert anew(comment).state == "withdrawn"
    truths.assert_all_hold()
