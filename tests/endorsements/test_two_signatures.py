"""Institutions may ask for two persons: the second signature is somebody else's."""

import pytest
from django.apps import apps

from accounts.actions import choose_signatures
from accounts.models import Power
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.endorsements.acts import (
    anew,
    ask_for_two,
    contest,
    endorse,
    reaffirm,
    reserve,
    sign,
    states,
    told,
    withdraw,
)
from tests.moderation.acts import judge
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def institution(kept):
    return ask_for_two(make.verified_institution())


@pytest.fixture(scope="module")
def second(institution):
    return institution.mandates.exclude(person=make.manager(institution)).get().person


def choose(institution, signatures, by=None):
    by = by or make.manager(institution)
    return choose_signatures(by, institution_id=institution.pk, signatures=signatures, at=clock.now())


def mails(kind):
    return [(each.person_id, each.context.get("second")) for each in Message.objects.filter(kind=kind)]


def test_the_first_signature_counts_for_nothing_the_second_makes_it_stand(consultation, institution, second):
    first = make.manager(institution)
    half = endorse(institution, consultation, by=first)
    assert (half.state, half.first_signed_by, half.signed_at, half.effective_at) == (
        "half_signed",
        first,
        None,
        None,
    )
    assert told(half) == []
    assert sorted(mails("endorsement-waits")) == sorted([(first.pk, True), (second.pk, True)])
    with refused("signed-by-you"):
        sign(half, by=first)
    assert endorse(institution, consultation, by=first) == half
    signed = sign(half, by=second)
    assert (signed.state, signed.first_signed_by, signed.signed_by) == ("signed", first, second)
    assert told(signed) == ["took_effect"]
    kinds = Entry.objects.filter(subject_key=str(half.pk)).order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["endorsement.half_signed", "endorsement.signed", "endorsement.took_effect"]
    truths.assert_all_hold()


def test_the_same_position_taken_by_another_signatory_is_the_second_signature(
    consultation, institution, second
):
    contributor = make.representative(institution)
    proposal = endorse(institution, consultation, by=contributor)
    assert endorse(institution, consultation) == proposal
    signed = endorse(institution, consultation, by=second)
    assert (signed.pk, signed.state, signed.proposed_by) == (proposal.pk, "signed", contributor)
    assert states(institution) == [("endorse", "signed", True, True)]


def test_another_position_takes_the_place_of_what_was_half_signed(consultation, institution, second):
    half = endorse(institution, consultation)
    other = endorse(institution, consultation, "decline", by=second)
    assert (anew(half).state, other.state) == ("withdrawn", "half_signed")


def test_a_half_signed_position_is_withdrawn_or_contested_by_one(consultation, institution, second):
    assert withdraw(endorse(institution, consultation), by=second).state == "withdrawn"
    assert contest(endorse(institution, consultation), by=second).state == "contested"
    signed = sign(endorse(institution, consultation), by=second)
    assert withdraw(signed).state == "withdrawn"
    truths.assert_all_hold()


def test_a_reservation_goes_to_moderation_once_both_have_signed(consultation, institution, second):
    half = reserve(institution, consultation)
    assert half.item is None
    signed = sign(half, by=second)
    assert (signed.released, signed.item is not None) == (False, True)
    judge(signed)
    assert anew(signed).effective_at is not None


def test_reaffirming_asks_for_two_and_the_earlier_one_stands_meanwhile(consultation, institution, second):
    earlier = sign(endorse(institution, consultation), by=second)
    make.new_version(consultation, 1)
    half = reaffirm(earlier)
    assert (half.state, anew(earlier).effective_at is not None) == ("half_signed", True)
    sign(half, by=second)
    assert anew(earlier).state == "superseded"
    truths.assert_all_hold()


def test_what_is_half_signed_needs_its_second_signature_whatever_is_chosen_meanwhile(
    consultation, institution, second
):
    half = endorse(institution, consultation)
    proposal = endorse(institution, consultation, principle=2, by=make.representative(institution))
    choose(institution, 1)
    with refused("signed-by-you"):
        sign(half)
    assert sign(half, by=second).state == "signed"
    assert sign(proposal).state == "signed"
    choose(institution, 2)
    assert anew(half).effective_at is not None
    assert endorse(institution, consultation, principle=3).state == "half_signed"


def test_a_half_signed_position_on_an_earlier_text_is_not_signed(consultation, institution, second):
    half = endorse(institution, consultation)
    make.new_version(consultation, 1)
    with refused("version-not-current"):
        sign(half, by=second)


def test_managers_choose_how_many_sign_and_all_are_told_on_record():
    institution = make.verified_institution()
    with refused("too-few-signatories"):
        choose(institution, 2)
    colleague = make.signatory(institution)
    for person in (colleague, make.person(), make.representative(institution, Power.SIGN)):
        with refused("no-mandate"):
            choose(institution, 2, by=person)
    for number in (0, 3):
        with refused("invalid", "signatures"):
            choose(institution, number)
    assert choose(institution, 2).signatures == 2
    assert choose(institution, 2).signatures == 2
    chosen = Entry.objects.filter(kind="institution.signatures_chosen", institution=institution.pk)
    assert chosen.count() == 1
    told_of = {"institution": institution.current.name}
    assert Message.objects.filter(kind="signatures-chosen", context__contains=told_of).count() == 3
    history = apps.get_model("accounts", "InstitutionEvent").objects.filter(pgh_obj=institution)
    assert history.order_by("pgh_id").values_list("signatures", flat=True).last() == 2
    assert not Endorsement.objects.exists()
