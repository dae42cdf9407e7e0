"""When the text changes: what carries over, and what is to be re-affirmed."""

import pytest

from consultation.endorsements import queries
from consultation.endorsements.queries import Tally
from consultation.post.models import Message
from consultation.texts.models import Change
from tests import factories as make
from tests import truths
from tests.endorsements.acts import anew, endorse, reaffirm, reserve, states, told, withdraw
from tests.moderation.acts import judge
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution()


def to_reaffirm(endorsement):
    return queries.public().get(pk=endorsement.pk).to_reaffirm


def test_a_substantive_version_makes_an_endorsement_one_to_be_reaffirmed(consultation, institution):
    taken = endorse(institution, consultation)
    noise = endorse(institution, consultation, principle=2)
    make.new_version(consultation, 1)
    assert (to_reaffirm(taken), to_reaffirm(noise)) == (True, False)
    assert anew(taken).version.number == 1
    assert queries.tallies(consultation) == {1: Tally(to_reaffirm=1), 2: Tally(endorse=1)}
    assert queries.endorsing_total(consultation) == 1
    truths.assert_all_hold()


def test_an_editorial_version_carries_an_endorsement_over(consultation, institution):
    taken = endorse(institution, consultation)
    make.new_version(consultation, 1, change=Change.EDITORIAL)
    assert not to_reaffirm(taken)
    assert queries.tallies(consultation) == {1: Tally(endorse=1)}
    assert queries.endorsing_total(consultation) == 1


def test_an_editorial_version_after_a_substantive_one_brings_nothing_back(consultation, institution):
    taken = endorse(institution, consultation)
    make.new_version(consultation, 1)
    make.new_version(consultation, 1, change=Change.EDITORIAL)
    assert to_reaffirm(taken)
    late = endorse(make.verified_institution(), consultation, version=3)
    assert not to_reaffirm(late)
    assert queries.tallies(consultation) == {1: Tally(endorse=1, to_reaffirm=1)}


def test_reaffirming_signs_the_same_position_for_the_current_text(consultation, institution):
    taken = endorse(institution, consultation, "decline")
    make.new_version(consultation, 1)
    anew_signed = reaffirm(taken)
    assert (anew_signed.position, anew_signed.version.number, anew_signed.state) == ("decline", 2, "signed")
    assert states(institution) == [("decline", "superseded", True, False), ("decline", "signed", True, True)]
    assert (told(taken), told(anew_signed)) == (["took_effect", "lost_effect"], ["took_effect"])
    assert queries.tallies(consultation) == {1: Tally(decline=1)}
    with refused("not-live"):
        reaffirm(taken)
    truths.assert_all_hold()


def test_reaffirming_a_reservation_waits_for_its_release_while_the_earlier_one_stands(
    consultation, institution
):
    taken = reserve(institution, consultation)
    judge(taken)
    make.new_version(consultation, 1)
    new = reaffirm(taken)
    assert (new.statement, new.released, anew(taken).effective_at is not None) == (
        taken.statement,
        False,
        True,
    )
    judge(new)
    assert anew(taken).state == "superseded"
    truths.assert_all_hold()


def test_reaffirming_what_needs_it_not_changes_nothing_and_tells_nobody(consultation, institution):
    taken = endorse(institution, consultation)
    before = Message.objects.count(), truths.Entry.objects.count()
    assert reaffirm(taken) == taken
    assert (Message.objects.count(), truths.Entry.objects.count()) == before


def test_who_may_reaffirm(consultation, institution):
    taken = endorse(institution, consultation)
    make.new_version(consultation, 1)
    for person in (
        make.representative(institution),
        make.manager(make.verified_institution()),
        make.person(),
    ):
        with refused("no-mandate"):
            reaffirm(taken, by=person)
    assert reaffirm(taken, by=make.signatory(institution)).version.number == 2


def test_only_what_stands_is_reaffirmed_and_only_while_endorsing_is_open(consultation, institution):
    withdrawn = withdraw(endorse(institution, consultation))
    waiting = reserve(institution, consultation)
    for taken in (withdrawn, waiting):
        with refused("not-live"):
            reaffirm(taken)
    standing = endorse(institution, consultation, principle=2)
    with refused("round-closed"):
        reaffirm(standing, at=consultation.rounds.get().closes_at)


def test_a_position_to_be_reaffirmed_is_withdrawn_or_replaced_like_any_other(consultation, institution):
    taken = endorse(institution, consultation)
    make.new_version(consultation, 1)
    replaced = endorse(institution, consultation, "decline", version=2)
    assert (anew(taken).state, to_reaffirm(replaced)) == ("superseded", False)
    withdraw(replaced)
    assert queries.tallies(consultation) == {1: Tally()}
    truths.assert_all_hold()


def test_verifying_again_after_a_substantive_version_leaves_it_to_be_reaffirmed(consultation, institution):
    taken = endorse(institution, consultation)
    make.suspend(institution)
    make.new_version(consultation, 1)
    make.verify(institution)
    assert to_reaffirm(taken)
    assert queries.tallies(consultation) == {1: Tally(to_reaffirm=1)}
    truths.assert_all_hold()
