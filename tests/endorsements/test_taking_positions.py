"""Endorsing, declining, one principle or all: who may, when, on which words."""

from datetime import timedelta

import pytest

from accounts.models import Power
from consultation.endorsements import actions, queries
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement
from consultation.endorsements.queries import EndorsementFilters, Tally
from consultation.kit import clock
from consultation.post.models import Message
from consultation.texts.models import Principle, Round
from tests import factories as make
from tests import truths
from tests.endorsements.acts import RESERVE, anew, endorse, reserve, states, take, told, withdraw
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


def test_a_signatory_signs_and_the_position_takes_effect_at_once(consultation, institution):
    signatory, at = make.signatory(institution), clock.now()
    taken = endorse(institution, consultation, by=signatory, at=at)
    assert (taken.state, taken.released, taken.signed_at, taken.effective_at) == ("signed", True, at, at)
    assert (taken.signed_by, taken.version.number, told(taken)) == (signatory, 1, ["took_effect"])
    assert queries.tallies(consultation) == {1: Tally(endorse=1)}
    truths.assert_all_hold()


def test_who_may_sign_who_may_propose_and_who_may_neither(consultation, institution):
    may_sign = [
        make.manager(institution),
        make.representative(institution, Power.SIGN),
        make.representative(institution, Power.SIGN, Power.MANAGE),
    ]
    for principle, person in enumerate(may_sign, start=1):
        assert endorse(institution, consultation, principle=principle, by=person).state == "signed"
    contributor = make.representative(institution, Power.CONTRIBUTE)
    assert endorse(institution, consultation, "decline", by=contributor).state == "proposed"
    nobodies = [
        make.representative(institution, Power.MANAGE),
        make.manager(make.verified_institution()),
        make.person(),
        make.secretariat(consultation),
    ]
    for person in nobodies:
        with refused("no-mandate"):
            endorse(institution, consultation, principle=2, by=person)


@pytest.mark.parametrize("state", ["suspended", "rejected"])
def test_an_institution_that_was_turned_away_takes_no_position(consultation, state):
    institution = make.institution()
    if state == "suspended":
        make.suspend(make.verify(institution))
    else:
        institution.state = "rejected"
        institution.save()
    with refused("institution-barred"):
        endorse(institution, consultation)


def test_a_position_takes_effect_only_when_its_institution_is_verified(consultation):
    institution = make.institution()
    taken = endorse(institution, consultation)
    assert (taken.state, taken.released, taken.effective_at, told(taken)) == ("signed", True, None, [])
    assert not queries.public().exists()
    assert queries.tallies(consultation) == {}
    make.verify(institution)
    assert anew(taken).effective_at is not None
    assert queries.tallies(consultation) == {1: Tally(endorse=1)}
    truths.assert_all_hold()


def test_endorsing_opens_with_the_round_and_ends_just_before_it_closes(consultation, institution):
    round_ = consultation.rounds.get()
    institution.mandates.update(starts_at=round_.opens_at - TEN_DAYS)
    with refused("round-not-open"):
        endorse(institution, consultation, at=round_.opens_at - MOMENT)
    assert endorse(institution, consultation, at=round_.opens_at).effective_at == round_.opens_at
    assert endorse(institution, consultation, principle=2, at=round_.closes_at - MOMENT).state == "signed"
    with refused("round-closed"):
        endorse(institution, consultation, principle=3, at=round_.closes_at)


def test_endorsing_may_stay_open_without_end(consultation, institution):
    Round.objects.update(closes_at=None, opens_comment=False, opens_discuss=False)
    assert endorse(institution, consultation, at=clock.now() + 1000 * TEN_DAYS).state == "signed"


def test_a_round_for_comments_alone_takes_no_positions(institution):
    with refused("round-not-open"):
        endorse(institution, make.consultation(acts=["comment"]))


def test_a_position_is_withdrawn_whenever_the_round_closed(consultation, institution):
    taken = endorse(institution, consultation)
    gone = withdraw(taken, at=consultation.rounds.get().closes_at + TEN_DAYS)
    assert (gone.state, gone.effective_at, told(gone)) == ("withdrawn", None, ["took_effect", "lost_effect"])
    assert queries.tallies(consultation) == {1: Tally()}
    truths.assert_all_hold()


def test_a_position_is_withdrawn_by_its_signatories_only_and_once(consultation, institution):
    taken = endorse(institution, consultation)
    for person in (
        make.representative(institution),
        make.manager(make.verified_institution()),
        make.person(),
    ):
        with refused("no-mandate"):
            withdraw(taken, by=person)
    withdraw(taken, by=make.representative(institution, Power.SIGN))
    with refused("not-live"):
        withdraw(taken)


def test_what_is_not_there_is_not_found(consultation, institution):
    missing = Endorsement(pk="0190c2a0-0000-7000-8000-000000000000", institution=institution)
    for act in (actions.sign_endorsement, actions.withdraw_endorsement, actions.reaffirm_endorsement):
        with refused("not-found"):
            act(make.person(), endorsement_id=missing.pk, at=clock.now())


def test_the_very_same_again_gives_the_row_that_stands_and_changes_nothing(consultation, institution):
    first = endorse(institution, consultation)
    before = truths.Entry.objects.count()
    mails = Message.objects.filter(kind="endorsement-signed").count()
    again = endorse(institution, consultation)
    assert (again, again.signed_at) == (first, first.signed_at)
    assert Endorsement.objects.count() == 1
    assert truths.Entry.objects.count() == before
    assert Message.objects.filter(kind="endorsement-signed").count() == mails


def test_another_position_supersedes_the_one_that_stood(consultation, institution):
    first = endorse(institution, consultation)
    second = endorse(institution, consultation, "decline")
    assert states(institution) == [
        ("endorse", "superseded", True, False),
        ("decline", "signed", True, True),
    ]
    assert (told(first), told(second)) == (["took_effect", "lost_effect"], ["took_effect"])
    assert queries.tallies(consultation) == {1: Tally(decline=1)}
    truths.assert_all_hold()


def test_all_principles_are_endorsed_in_one_act(consultation, institution):
    taken = take(institution, consultation, *[Choice(number, 1, "endorse") for number in (3, 1, 2)])
    assert [each.principle.number for each in taken] == [3, 1, 2]
    assert queries.endorsing_total(consultation) == 3
    mails = Message.objects.filter(kind="endorsement-signed")
    assert [mail.context["principles"] for mail in mails] == ["3 (Endorse), 1 (Endorse), 2 (Endorse)"]
    truths.assert_all_hold()


def test_of_several_one_stale_version_refuses_all(consultation, institution):
    make.new_version(consultation, 2)
    with refused("version-not-current", "version"):
        take(institution, consultation, Choice(1, 1, "endorse"), Choice(2, 1, "endorse"))
    assert not Endorsement.objects.exists()
    for version in (0, 1, 3):
        with refused("version-not-current", "version"):
            endorse(institution, consultation, principle=2, version=version)
    assert endorse(institution, consultation, principle=2, version=2).state == "signed"


UNFIT = [
    ([], "principle"),
    ([Choice(1, 1, "endorse"), Choice(1, 1, "decline")], "principle"),
    ([Choice(9, 1, "endorse")], "principle"),
    ([Choice(2, 1, "endorse")], "principle"),
    ([Choice(1, 1, "love")], "position"),
    ([Choice(1, 1, "endorse_with_reservation")], "statement"),
    ([Choice(1, 1, "endorse_with_reservation", " \n")], "statement"),
    ([Choice(1, 1, "decline", "x" * 5_001)], "statement"),
    ([Choice(1, 1, "decline", "\x00")], "statement"),
    ([Choice(1, 1, "decline", "\ud83d")], "statement"),
]


def test_a_choice_that_can_not_be_taken_is_refused_by_its_field(consultation, institution):
    Principle.objects.filter(consultation=consultation, number=2).update(withdrawn_at=clock.now())
    for choices, field in UNFIT:
        with refused("invalid", field):
            take(institution, consultation, *choices)
    assert not Endorsement.objects.exists()


def test_the_language_of_a_statement_is_named(consultation, institution):
    with refused("invalid", "language"):
        take(institution, consultation, Choice(1, 1, "endorse"), language="English")


def test_every_act_is_mailed_to_all_signatories_and_managers(consultation, institution):
    told_as_well = [
        make.representative(institution, Power.SIGN),
        make.representative(institution, Power.MANAGE),
    ]
    make.representative(institution, Power.CONTRIBUTE)
    endorse(institution, consultation)
    mails = Message.objects.filter(kind="endorsement-signed").order_by("person_id")
    assert {mail.person_id for mail in mails} == {
        make.manager(institution).pk,
        *[person.pk for person in told_as_well],
    }


def test_who_sees_a_position_before_it_takes_effect(consultation):
    institution = make.institution()
    taken = endorse(institution, consultation)
    own = [make.manager(institution), make.representative(institution)]
    roles = [make.moderator(consultation), make.observer(consultation), make.secretariat(consultation)]
    strangers = [
        None,
        make.person(),
        make.manager(make.verified_institution()),
        make.moderator(make.consultation()),
    ]

    def sees(person):
        return queries.visible_to(person, at=clock.now()).filter(pk=taken.pk).exists()

    assert [sees(each) for each in own + roles] == [True] * 5
    assert [sees(each) for each in strangers] == [False] * 4
    make.verify(institution)
    assert [sees(each) for each in strangers] == [True] * 4


def test_a_list_holds_what_is_asked_for_and_nothing_else(consultation):
    oslo = make.verified_institution("Oslo", country="NO")
    lima = make.verified_institution("Lima", country="PE")
    endorse(oslo, consultation)
    endorse(lima, consultation, "decline", principle=2)
    endorse(make.institution(), consultation)
    reserve(lima, consultation)
    asked = [
        ({}, ["lima", "oslo"]),
        ({"principle": 2}, ["lima"]),
        ({"institution": "oslo"}, ["oslo"]),
        ({"country": "pe"}, ["lima"]),
        ({"region": oslo.current.region}, ["oslo"]),
        ({"position": "decline"}, ["lima"]),
        ({"position": "decline", "country": "NO"}, []),
    ]
    for filters, slugs in asked:
        found = EndorsementFilters(**filters).apply(queries.public())
        assert (filters, sorted(each.institution.slug for each in found)) == (filters, slugs)


def test_the_desk_shows_what_an_institution_holds_and_what_waits(consultation, institution):
    endorse(institution, consultation)
    second = endorse(institution, consultation, "decline")
    waiting = reserve(institution, consultation, principle=2)
    endorse(make.verified_institution(), consultation)
    assert list(queries.of_institutions([institution])) == [second, waiting]
    assert waiting.statement == RESERVE
