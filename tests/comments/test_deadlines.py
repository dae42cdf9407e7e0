"""What the clock opens and closes. Opening is inclusive, closing exclusive; a request counts when it came."""

from datetime import timedelta

import pytest

from consultation.comments import actions
from consultation.comments.models import Cosignature
from consultation.kit import clock
from consultation.texts.models import Round
from tests import factories as make
from tests.comments.acts import anew, edit, submit, withdraw, write
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
MOMENT = timedelta(microseconds=1)
TEN_DAYS = timedelta(days=10)


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def round_(consultation):
    return consultation.rounds.get()


@pytest.fixture(scope="module")
def institution(round_):
    institution = make.verified_institution()
    institution.mandates.update(starts_at=round_.opens_at - TEN_DAYS)
    return institution


@pytest.fixture(scope="module")
def owner(institution):
    return make.manager(institution)


def test_a_comment_is_taken_from_the_first_instant_of_a_round(consultation, round_, institution, owner):
    with refused("round-not-open"):
        write(owner, consultation, institution, at=round_.opens_at - MOMENT)
    assert write(owner, consultation, institution, at=round_.opens_at).reference == "P1-1"


def test_a_comment_is_taken_until_just_before_the_closing_time(consultation, round_, institution, owner):
    assert write(owner, consultation, institution, at=round_.closes_at - MOMENT).reference == "P1-1"
    with refused("round-closed"):
        write(owner, consultation, institution, at=round_.closes_at)


def test_the_clock_that_counts_is_when_the_request_arrived(consultation, round_, institution, owner):
    in_time = round_.opens_at + timedelta(hours=1)
    Round.objects.filter(pk=round_.pk).update(closes_at=in_time + MOMENT)
    assert clock.now() > in_time + MOMENT
    assert write(owner, consultation, institution, at=in_time).submitted_at == in_time


def test_a_draft_is_not_sent_after_closing_and_keeps_its_words(consultation, round_, institution, owner):
    draft = write(owner, consultation, institution, body="Nearly done.", send=False)
    with refused("round-closed"):
        submit(draft, at=round_.closes_at)
    assert (anew(draft).state, draft.draft.body) == ("draft", "Nearly done.")
    assert submit(draft, at=round_.closes_at - MOMENT).reference == "P1-1"


def test_what_was_typed_is_kept_as_a_draft_before_opening_and_after_closing(
    consultation, round_, institution, owner
):
    for at in (round_.opens_at - TEN_DAYS, round_.closes_at, round_.closes_at + TEN_DAYS):
        assert write(owner, consultation, institution, send=False, at=at).state == "draft"


def test_a_draft_may_be_changed_and_deleted_after_closing(consultation, round_, institution, owner):
    draft = write(owner, consultation, institution, send=False)
    after = round_.closes_at + TEN_DAYS
    actions.save_draft(owner, comment_id=draft.pk, words=make.words("For the next round."), at=after)
    actions.delete_draft(owner, comment_id=draft.pk, at=after)


def test_an_edit_on_the_authors_own_wish_is_refused_after_closing(consultation, round_, institution):
    comment = make.comment(consultation, institution)
    with refused("round-closed"):
        edit(comment, "On second thought.", at=round_.closes_at)
    assert edit(comment, "On second thought.", at=round_.closes_at - MOMENT).latest.number == 2


def test_what_was_returned_may_be_sent_again_within_ten_days_whenever_the_round_closed(
    consultation, round_, institution
):
    one, other = (make.decide(make.pending_comment(consultation, institution), "return") for _ in range(2))
    Round.objects.filter(pk=round_.pk).update(closes_at=clock.now() - timedelta(hours=1))
    last_moment = one.settled_at + TEN_DAYS
    assert edit(one, "Mended.", at=last_moment).state == "pending"
    with refused("round-closed"):
        edit(other, "Mended.", at=other.settled_at + TEN_DAYS + MOMENT)


def test_an_edit_that_was_returned_may_be_sent_again_within_ten_days_as_well(
    consultation, round_, institution
):
    comment = make.comment(consultation, institution)
    returned = make.decide(edit(comment, "Worse words."), "return")
    assert returned.state == "published"
    Round.objects.filter(pk=round_.pk).update(closes_at=clock.now() - timedelta(hours=1))
    assert edit(returned, "Mended.").latest.number == 3
    with refused("round-closed"):
        edit(returned, "And once more, unasked.")


def test_a_comment_may_be_withdrawn_whenever_the_round_closed(consultation, round_, institution):
    comment = make.comment(consultation, institution)
    assert withdraw(comment, at=round_.closes_at + TEN_DAYS).state == "withdrawn"


def test_replies_open_and_close_with_the_discussion(consultation, round_, institution, owner):
    parent = make.comment(consultation)
    reply = {"parent": parent.reference, "principle": 1}
    with refused("round-closed"):
        write(owner, consultation, institution, at=round_.closes_at, **reply)
    assert write(owner, consultation, institution, at=round_.closes_at - MOMENT, **reply).parent == parent
    Round.objects.filter(pk=round_.pk).update(opens_discuss=False)
    with refused("round-not-open"):
        write(owner, consultation, institution, **reply)


def test_a_round_for_discussion_alone_takes_replies_and_no_comments(consultation, round_, institution, owner):
    parent = make.comment(consultation)
    Round.objects.filter(pk=round_.pk).update(opens_comment=False)
    with refused("round-not-open"):
        write(owner, consultation, institution)
    assert write(owner, consultation, institution, parent=parent.reference).reference == "P1-2"


def test_cosigning_closes_with_the_discussion_taking_it_back_does_not(
    consultation, round_, institution, owner
):
    comment = make.comment(consultation)

    def cosign(stance, at):
        actions.cosign_comment(
            owner, comment_id=comment.pk, institution_id=institution.pk, stance=stance, at=at
        )

    with refused("round-closed"):
        cosign("agree", round_.closes_at)
    cosign("agree", round_.closes_at - MOMENT)
    with refused("round-closed"):
        cosign("disagree", round_.closes_at)
    cosign(None, round_.closes_at)
    assert Cosignature.objects.get().ended_at == round_.closes_at


@pytest.fixture
def later_round(consultation, round_):
    return Round.objects.create(
        consultation=consultation,
        number=2,
        opens_at=round_.closes_at + TEN_DAYS,
        closes_at=round_.closes_at + 2 * TEN_DAYS,
        opens_comment=True,
    )


def test_a_comment_belongs_to_the_round_in_which_it_was_sent(
    consultation, round_, later_round, institution, owner
):
    draft = write(owner, consultation, institution, send=False)
    between = write(owner, consultation, institution, send=False, at=round_.closes_at)
    assert (draft.round, between.round) == (round_, round_)
    assert submit(draft, at=later_round.opens_at).round == later_round
    assert write(owner, consultation, institution, at=round_.opens_at).round == round_


def test_of_two_rounds_at_a_time_a_comment_belongs_to_the_one_that_opens_commenting(
    consultation, round_, institution, owner
):
    Round.objects.filter(pk=round_.pk).update(opens_endorse=False)
    Round.objects.create(
        consultation=consultation, number=2, opens_at=round_.opens_at + timedelta(hours=1), opens_endorse=True
    )
    assert write(owner, consultation, institution).round == round_


def test_between_two_rounds_the_refusal_says_that_the_last_one_closed(
    consultation, round_, later_round, institution, owner
):
    with refused("round-closed"):
        write(owner, consultation, institution, at=later_round.opens_at - MOMENT)
    assert write(owner, consultation, institution, at=later_round.opens_at).round == later_round
