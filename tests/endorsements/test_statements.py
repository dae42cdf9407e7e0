"""A position with a statement waits for moderation, while the earlier one stands."""

import pytest

from consultation.endorsements import queries
from consultation.endorsements.queries import Tally
from consultation.kit import clock
from consultation.moderation.handlers import describe
from consultation.moderation.models import Case, Party
from tests import factories as make
from tests import truths
from tests.endorsements.acts import RESERVE, anew, endorse, reserve, states, told, withdraw
from tests.moderation.acts import judge
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
RESERVED = "endorse_with_reservation"


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution()


@pytest.mark.parametrize("position", ["endorse", RESERVED, "decline"])
def test_a_position_with_a_statement_waits_whichever_it_is(consultation, institution, position):
    waiting = endorse(institution, consultation, position, RESERVE)
    assert states(institution) == [(position, "signed", False, False)]
    case = Case.objects.get(item=waiting.item, closed_at=None)
    assert [party.institution for party in Party.objects.filter(item=waiting.item)] == [institution]
    seen = describe([case.item])[case.item_id]
    assert (seen.text, seen.revision, seen.state) == (RESERVE, 1, "signed")
    assert not queries.public().exists()
    truths.assert_all_hold()


def test_the_standing_position_is_superseded_only_when_the_new_one_is_released(consultation, institution):
    first = endorse(institution, consultation)
    waiting = reserve(institution, consultation)
    assert states(institution) == [("endorse", "signed", True, True), (RESERVED, "signed", False, False)]
    assert queries.tallies(consultation) == {1: Tally(endorse=1)}
    judge(waiting)
    assert states(institution) == [("endorse", "superseded", True, False), (RESERVED, "signed", True, True)]
    assert (told(first), told(waiting)) == (["took_effect", "lost_effect"], ["took_effect"])
    assert queries.tallies(consultation) == {1: Tally(endorse_with_reservation=1)}
    truths.assert_all_hold()


@pytest.mark.parametrize("action", ["return", "reject"])
def test_a_refused_statement_leaves_the_standing_position_in_effect(consultation, institution, action):
    endorse(institution, consultation)
    waiting = reserve(institution, consultation)
    judge(waiting, action)
    assert states(institution) == [("endorse", "signed", True, True), (RESERVED, "refused", False, False)]
    assert told(waiting) == []
    truths.assert_all_hold()


def test_what_was_refused_is_signed_anew_as_a_row_of_its_own(consultation, institution):
    refused_row = reserve(institution, consultation)
    judge(refused_row, "return")
    again = endorse(institution, consultation, RESERVED, "In peace only.")
    judge(again)
    assert [state for _position, state, _released, _effect in states(institution)] == ["refused", "signed"]
    assert (anew(refused_row).statement, anew(again).effective_at is not None) == (RESERVE, True)
    truths.assert_all_hold()


def test_the_same_statement_again_gives_the_one_that_waits_another_is_refused(consultation, institution):
    waiting = reserve(institution, consultation)
    assert reserve(institution, consultation) == waiting
    with refused("waiting"):
        endorse(institution, consultation, RESERVED, "Another one.")
    with refused("waiting"):
        endorse(institution, consultation, "decline", RESERVE)
    assert states(institution) == [(RESERVED, "signed", False, False)]


def test_spaces_around_a_statement_make_no_other_statement(consultation, institution):
    waiting = reserve(institution, consultation)
    assert endorse(institution, consultation, RESERVED, f" {RESERVE}\r\n") == waiting


@pytest.mark.parametrize("position", ["endorse", "decline"])
def test_a_plain_position_withdraws_the_waiting_one(consultation, institution, position):
    waiting = reserve(institution, consultation)
    endorse(institution, consultation, position)
    assert states(institution) == [(RESERVED, "withdrawn", False, False), (position, "signed", True, True)]
    assert not Case.objects.filter(item=waiting.item, closed_at=None).exists()
    truths.assert_all_hold()


def test_the_plain_position_that_stands_taken_again_withdraws_the_waiting_one_too(consultation, institution):
    standing = endorse(institution, consultation)
    waiting = reserve(institution, consultation)
    assert endorse(institution, consultation) == standing
    assert anew(waiting).state == "withdrawn"
    assert not Case.objects.filter(closed_at=None).exists()
    truths.assert_all_hold()


def test_a_waiting_position_is_withdrawn_and_the_standing_one_stays(consultation, institution):
    endorse(institution, consultation)
    waiting = reserve(institution, consultation)
    withdraw(waiting)
    assert states(institution) == [("endorse", "signed", True, True), (RESERVED, "withdrawn", False, False)]
    assert not Case.objects.filter(closed_at=None).exists()
    truths.assert_all_hold()


def test_a_standing_position_is_withdrawn_and_the_waiting_one_takes_its_place_when_released(
    consultation, institution
):
    standing = endorse(institution, consultation)
    waiting = reserve(institution, consultation)
    withdraw(standing)
    assert queries.tallies(consultation) == {1: Tally()}
    judge(waiting)
    assert queries.tallies(consultation) == {1: Tally(endorse_with_reservation=1)}
    truths.assert_all_hold()


def test_a_released_statement_of_an_unverified_institution_waits_for_its_verification(consultation):
    institution = make.institution()
    waiting = reserve(institution, consultation)
    judge(waiting)
    assert states(institution) == [(RESERVED, "signed", True, False)]
    make.verify(institution)
    assert states(institution) == [(RESERVED, "signed", True, True)]
    truths.assert_all_hold()


def test_a_statement_that_was_released_while_its_institution_is_suspended_waits_too(
    consultation, institution
):
    endorse(institution, consultation)
    waiting = reserve(institution, consultation)
    make.suspend(institution)
    judge(waiting)
    assert states(institution) == [("endorse", "superseded", True, False), (RESERVED, "signed", True, False)]
    make.verify(institution)
    assert told(waiting) == ["took_effect"]
    truths.assert_all_hold()


def test_where_everything_is_published_at_once_a_statement_is_too(institution):
    consultation = make.consultation(policy="post")
    assert reserve(institution, consultation).effective_at is not None
    truths.assert_all_hold()


def test_a_statement_is_read_by_no_one_outside_before_its_release(consultation, institution):
    waiting = reserve(institution, consultation)
    readers = [None, make.person(), make.manager(make.verified_institution())]
    for reader in readers:
        assert not queries.visible_to(reader, at=clock.now()).filter(pk=waiting.pk).exists()


def test_the_text_that_a_moderator_sees_is_the_version_that_was_signed(consultation, institution):
    waiting = reserve(institution, consultation)
    make.new_version(consultation, 1, "Other words.")
    assert describe([waiting.item])[waiting.item_id].version_text.startswith("Principle 1.")
    judge(waiting)
    assert queries.tallies(consultation) == {1: Tally(to_reaffirm=1)}
