"""A contributor proposes, a signatory signs."""

from datetime import timedelta

import pytest

from accounts.models import Power
from consultation.endorsements import queries
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.post.models import Message
from consultation.texts.models import Round
from tests import factories as make
from tests import truths
from tests.endorsements.acts import RESERVE, anew, endorse, reserve, sign, states, told, withdraw
from tests.moderation.acts import judge
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
MOMENT = timedelta(microseconds=1)
TEN_DAYS = timedelta(days=10)


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution()


@pytest.fixture(scope="module")
def contributor(institution):
    return make.representative(institution)


@pytest.fixture
def proposal(consultation, institution, contributor):
    return endorse(institution, consultation, by=contributor)


def test_a_proposal_stands_for_nothing_and_is_seen_by_its_institution_only(
    consultation, institution, proposal
):
    assert states(institution) == [("endorse", "proposed", False, False)]
    assert (proposal.signed_at, proposal.signed_by, told(proposal)) == (None, None, [])
    assert not Message.objects.filter(kind="endorsement-signed").exists()
    assert queries.visible_to(make.manager(institution), at=clock.now()).get() == proposal
    for reader in (None, make.moderator(consultation), make.secretariat(consultation)):
        assert not queries.visible_to(reader, at=clock.now()).exists()
    truths.assert_all_hold()


def test_a_signatory_signs_what_was_proposed(consultation, institution, contributor, proposal):
    signatory = make.representative(institution, Power.SIGN)
    signed = sign(proposal, by=signatory)
    assert (signed.proposed_by, signed.signed_by, signed.state) == (contributor, signatory, "signed")
    assert (told(signed), signed.effective_at is not None) == (["took_effect"], True)
    truths.assert_all_hold()


def test_who_may_not_sign_a_proposal(institution, contributor, proposal):
    for person in (
        contributor,
        make.representative(institution, Power.MANAGE),
        make.manager(make.verified_institution()),
        make.person(),
    ):
        with refused("no-mandate"):
            sign(proposal, by=person)
    assert anew(proposal).state == "proposed"


def test_a_proposal_is_signed_once(proposal):
    sign(proposal)
    with refused("not-a-proposal"):
        sign(proposal)


def test_a_contributor_withdraws_a_proposal_but_no_signature(
    consultation, institution, contributor, proposal
):
    colleague = make.representative(institution)
    assert withdraw(proposal, by=colleague).state == "withdrawn"
    with refused("not-a-proposal"):
        sign(proposal)
    signed = endorse(institution, consultation)
    with refused("no-mandate"):
        withdraw(signed, by=contributor)


def test_one_proposal_at_a_time_and_the_same_again_is_that_one(
    consultation, institution, contributor, proposal
):
    assert endorse(institution, consultation, by=make.representative(institution)) == proposal
    with refused("proposal-open"):
        endorse(institution, consultation, "decline", by=contributor)
    assert endorse(institution, consultation, "decline", principle=2, by=contributor).state == "proposed"


def test_proposing_what_stands_already_gives_what_stands(consultation, institution, contributor):
    standing = endorse(institution, consultation)
    assert endorse(institution, consultation, by=contributor) == standing
    assert Endorsement.objects.count() == 1


def test_a_proposal_leaves_the_standing_position_alone_until_it_is_signed(
    consultation, institution, contributor
):
    endorse(institution, consultation)
    proposal = endorse(institution, consultation, "decline", by=contributor)
    assert states(institution) == [("endorse", "signed", True, True), ("decline", "proposed", False, False)]
    sign(proposal)
    assert states(institution) == [("endorse", "superseded", True, False), ("decline", "signed", True, True)]
    truths.assert_all_hold()


def test_what_a_signatory_signs_of_their_own_takes_the_place_of_a_proposal(
    consultation, institution, proposal
):
    endorse(institution, consultation, "decline")
    assert states(institution) == [("endorse", "withdrawn", False, False), ("decline", "signed", True, True)]
    truths.assert_all_hold()


def test_a_proposed_reservation_waits_for_a_signature_and_then_for_its_release(
    consultation, institution, contributor
):
    proposal = reserve(institution, consultation, by=contributor)
    assert (proposal.item, proposal.statement) == (None, RESERVE)
    signed = sign(proposal)
    assert (signed.state, signed.released) == ("signed", False)
    judge(signed)
    assert anew(signed).effective_at is not None
    truths.assert_all_hold()


def test_no_statement_is_proposed_while_another_waits_for_its_release(consultation, institution, contributor):
    reserve(institution, consultation)
    with refused("waiting"):
        endorse(institution, consultation, "decline", "On reflection.", by=contributor)
    plain = endorse(institution, consultation, "decline", by=contributor)
    sign(plain)
    assert [state for _position, state, _released, _effect in states(institution)] == ["withdrawn", "signed"]
    truths.assert_all_hold()


def test_a_proposal_on_an_earlier_text_is_not_signed(consultation, proposal):
    make.new_version(consultation, 1)
    with refused("version-not-current"):
        sign(proposal)


def test_a_proposal_made_in_time_may_be_signed_within_ten_days_after_closing(
    consultation, institution, contributor
):
    Round.objects.update(closes_at=clock.now() + timedelta(hours=1))
    closes = consultation.rounds.get().closes_at
    in_time = endorse(institution, consultation, by=contributor, at=closes - MOMENT)
    other = endorse(institution, consultation, principle=2, by=contributor, at=closes - MOMENT)
    assert sign(in_time, at=closes + TEN_DAYS).state == "signed"
    with refused("round-closed"):
        sign(other, at=closes + TEN_DAYS + MOMENT)
    with refused("round-closed"):
        endorse(institution, consultation, principle=3, at=closes)


def test_a_proposal_made_after_the_round_had_closed_is_not_signed(consultation, proposal):
    Round.objects.update(closes_at=proposal.made_at)
    with refused("round-closed"):
        sign(proposal)
    Round.objects.update(closes_at=proposal.made_at + MOMENT)
    assert sign(proposal).state == "signed"


def test_nothing_is_signed_for_an_institution_that_was_suspended(institution, proposal):
    make.suspend(institution)
    with refused("institution-barred"):
        sign(proposal)
