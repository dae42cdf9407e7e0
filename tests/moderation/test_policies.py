"""The three policies: everything waits, the trusted publish at once, everybody does."""

import pytest

from consultation.kit import clock
from consultation.moderation import queries
from consultation.moderation.actions import switch_signals
from consultation.moderation.models import Case, Reason
from consultation.record.models import Entry
from consultation.texts.models import Consultation
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, counted, edit, is_public, with_a_case
from tests.endorsements.acts import anew as position_anew
from tests.endorsements.acts import withdraw as withdraw_position
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


def test_after_publication_everything_is_public_at_once_and_a_case_is_opened_where_a_signal_speaks_up(
    institution,
):
    consultation = make.consultation(policy="post")
    first = make.sent_comment(consultation, institution)
    assert (first.state, is_public(first), counted(consultation)) == ("published", True, {1: 1})
    assert reasons(first) == [Reason.FIRST]
    comment = make.sent_comment(consultation, institution)
    assert (is_public(comment), comment.item.cases.count()) == (True, 0)
    edited = edit(comment, "Changed. Ask me: +44 20 7946 0958.")
    assert (edited.shown.number, is_public(edited), reasons(edited)) == (2, True, [Reason.TELEPHONE])
    truths.assert_all_hold()


def test_a_signal_brings_what_a_trusted_institution_publishes_to_the_queue_and_hides_nothing(institution):
    consultation = make.consultation(policy="trusted")
    Consultation.objects.filter(pk=consultation.pk).update(trusted_after=1)
    make.comment(consultation, institution)
    plain, linked = (
        make.sent_comment(consultation, institution, body=body)
        for body in ("Plain.", "See https://x.example")
    )
    assert (is_public(plain), plain.item.cases.count()) == (True, 0)
    assert (is_public(linked), reasons(linked)) == (True, [Reason.LINKS])
    assert make.decide(linked, "approve").state == "published"
    truths.assert_all_hold()


def test_a_signal_that_the_secretariat_switched_off_is_silent_until_it_is_switched_on_again(institution):
    consultation, elsewhere = make.consultation(), make.consultation()
    secretariat = make.secretariat(consultation)

    def switch(by, **to):
        switch_signals(by, consultation_id=consultation.pk, on=to, at=clock.now())

    body = "See https://x.example"
    switch(secretariat, **{"links": False, "first-contribution": False})
    assert reasons(make.pending_comment(consultation, institution, body=body)) == [Reason.POLICY]
    assert Reason.LINKS in reasons(make.pending_comment(elsewhere, body=body))
    switch(secretariat, **{"links": True, "first-contribution": False})
    assert reasons(make.pending_comment(consultation, body=body)) == [Reason.LINKS, Reason.POLICY]
    kinds = Entry.objects.filter(subject_kind="signal").order_by("number")
    assert list(kinds.values_list("kind", "subject_key", "actor")) == [
        ("signal.switched_off", "first-contribution", secretariat.pk),
        ("signal.switched_off", "links", secretariat.pk),
        ("signal.switched_on", "links", secretariat.pk),
    ]
    with refused("no-role"):
        switch(make.moderator(consultation), links=False)
    with refused("invalid", "signals"):
        switch(secretariat, policy=False)


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


def test_a_statement_and_a_reason_that_are_public_at_once_are_taken_away_by_a_decision(institution):
    consultation = make.consultation(policy="post")
    make.sent_comment(consultation, institution)
    kept, refused_one, withdrawn = (
        make.endorsement(consultation, institution, principle=number, statement="See https://x.example")
        for number in (1, 2, 3)
    )
    assert all(position_anew(each).effective_at for each in (kept, refused_one, withdrawn))
    judge(kept, "approve")
    judge(refused_one, "reject")
    assert (position_anew(kept).effective_at is None, position_anew(refused_one).state) == (False, "refused")
    judge(withdrawn, "approve")
    reason = withdraw_position(withdrawn, reason="Ring me: +44 20 7946 0958.").withdrawal
    assert reason.public_since
    judge(reason, "reject")
    reason.refresh_from_db()
    assert reason.public_since is None
    truths.assert_all_hold()
