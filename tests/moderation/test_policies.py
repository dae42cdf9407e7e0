"""The three policies: everything waits, the trusted publish at once, everybody does."""

import pytest

from consultation.moderation import queries
from consultation.moderation.models import Case, Reason
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, counted, edit, is_public, with_a_case
from tests.moderation.acts import claim, claim_next, decide, judge, open_case
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    return make.verified_institution()


def reasons(comment):
    return sorted(open_case(comment).reasons.values_list("code", flat=True))


def test_before_publication_everything_waits_and_the_case_says_why(institution):
    consultation = make.consultation(policy="pre")
    comment = make.pending_comment(consultation, institution)
    assert reasons(comment) == [Reason.FIRST, Reason.POLICY]
    make.decide(comment, "approve")
    assert reasons(make.pending_comment(consultation, institution)) == [Reason.POLICY]
    assert reasons(edit(comment, "Changed.")) == [Reason.EDITED]
    truths.assert_all_hold()


def test_what_was_returned_and_sent_again_waits_again(institution):
    comment = make.decide(make.pending_comment(make.consultation(), institution), "return")
    again = edit(comment, "Mended.")
    assert (again.state, reasons(again)) == ("pending", [Reason.FIRST, Reason.SENT_AGAIN])
    assert make.decide(again, "approve").shown.number == 2
    truths.assert_all_hold()


def test_after_three_approved_contributions_an_institution_publishes_at_once(institution):
    consultation = make.consultation(policy="trusted")
    sent = [make.decide(make.pending_comment(consultation, institution), "approve") for _ in range(3)]
    assert is_public(make.sent_comment(consultation, institution))
    assert edit(sent[0], "Changed.").shown.number == 2
    assert not Case.objects.filter(closed_at=None).exists()
    truths.assert_all_hold()


def test_contributions_are_counted_not_approvals_and_not_what_was_refused(institution):
    consultation = make.consultation(policy="trusted")
    first = make.comment(consultation, institution)
    for words in ("Second.", "Third.", "Fourth."):
        first = make.decide(edit(first, words), "approve")
    make.decide(make.pending_comment(consultation, institution), "reject")
    assert queries.approved_before(institution, consultation) == 1
    assert not is_public(make.sent_comment(consultation, institution))


def test_trust_is_earned_in_each_consultation_by_each_institution(institution):
    consultation, elsewhere = make.consultation(policy="trusted"), make.consultation(policy="trusted")
    for _ in range(3):
        make.comment(consultation, institution)
    assert not is_public(make.sent_comment(elsewhere, institution))
    assert not is_public(make.sent_comment(consultation))


def test_a_statement_counts_as_a_contribution(institution):
    consultation = make.consultation(policy="trusted")
    for principle in (1, 2, 3):
        judge(make.endorsement(consultation, institution, principle=principle, statement="We agree."))
    assert is_public(make.sent_comment(consultation, institution))


def test_after_publication_everything_is_public_at_once_and_no_case_is_opened(institution):
    consultation = make.consultation(policy="post")
    comment = make.sent_comment(consultation, institution)
    assert (comment.state, is_public(comment), counted(consultation)) == ("published", True, {1: 1})
    assert edit(comment, "Changed.").shown.number == 2
    assert not Case.objects.exists()
    truths.assert_all_hold()


def test_no_policy_makes_an_unverified_institution_public():
    consultation, waiting = make.consultation(policy="post"), make.institution()
    comment = make.sent_comment(consultation, waiting)
    assert (comment.state, is_public(comment)) == ("published", False)
    make.verify(waiting)
    assert is_public(comment)
    truths.assert_all_hold()


def test_no_policy_makes_public_what_is_meant_for_the_secretariat(institution):
    comment = make.sent_comment(make.consultation(policy="post"), institution, visibility="secretariat")
    assert (comment.state, is_public(comment)) == ("published", False)


def test_under_review_a_text_stays_public_until_a_moderator_hides_it(institution):
    consultation = make.consultation(policy="post")
    comment = with_a_case(make.sent_comment(consultation, institution))
    assert is_public(comment)
    assert not is_public(make.decide(comment, "hide"))
    truths.assert_all_hold()


def test_under_review_an_edit_is_public_at_once_and_the_case_judges_the_newest_words(institution):
    consultation = make.consultation(policy="post")
    comment = with_a_case(make.sent_comment(consultation, institution))
    edit(comment, "Changed.")
    assert (anew(comment).shown.number, open_case(comment).revision) == (2, 2)
    moderator = make.moderator(consultation)
    case = claim_next(moderator)
    edit(comment, "Changed again.")
    with refused("case-moved-on"):
        decide(moderator, case, "hide", clause="1")
    claim(moderator, case)
    decide(moderator, case, "hide", clause="1")
    assert not is_public(comment)
    truths.assert_all_hold()
