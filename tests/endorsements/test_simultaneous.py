"""Many at the same moment: one position stands, and the record tells how it came about."""

from threading import Barrier

import pgtrigger
import pytest
from django.db import IntegrityError, transaction

from consultation.endorsements import queries
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement, PositionCount
from consultation.endorsements.queries import Tally
from consultation.kit import clock, verb
from consultation.kit.refusal import Refusal
from consultation.moderation.actions import claim_next, decide_case
from consultation.record.models import Entry
from consultation.standing.actions import suspend_institution
from tests import factories as make
from tests import truths
from tests.endorsements.acts import endorse, reserve, states, take, withdraw
from tests.moderation.acts import judge
from tests.together import at_once, one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("attempts", [40, pytest.param(200, marks=pytest.mark.long)])
def test_so_many_attempts_at_once_leave_one_standing_position_and_a_truthful_history(attempts):
    consultation, institution = make.consultation(), make.verified_institution()
    signatories = [make.manager(institution), make.signatory(institution)]

    def attempt(number):
        who, position = signatories[number % 2], ["endorse", "decline"][number // 2 % 2]
        return lambda: endorse(institution, consultation, position, by=who)

    came_to = at_once([attempt(number) for number in range(attempts)], people=16)
    assert {each.code for each in came_to if isinstance(each, Refusal)} <= {"busy"}
    rows = Endorsement.objects.filter(institution=institution)
    [standing] = rows.filter(state="signed")
    assert (standing.released, standing.effective_at is not None) == (True, True)
    assert set(rows.exclude(pk=standing.pk).values_list("state", flat=True)) <= {"superseded"}
    told = list(Entry.objects.filter(subject_kind="endorsement", public=True).order_by("number"))
    # One gains effect, then loses it just before the next one gains it.
    assert [entry.kind for entry in told] == [
        "endorsement.took_effect",
        *["endorsement.lost_effect", "endorsement.took_effect"] * (rows.count() - 1),
    ]
    keys = [entry.subject_key for entry in told]
    assert keys[:-1:2] == keys[1::2]
    assert keys[-1] == str(standing.pk)
    truths.assert_all_hold()


def test_the_database_leaves_one_where_everybody_checked_first_that_there_is_none():
    held = endorse(make.verified_institution(), make.consultation())
    withdraw(held)

    # Born signed, as no verb would write it: the guard of states is not what is tried here.
    born_signed = "consultation.Endorsement:endorsement_born_proposed"
    facts = {"state": "signed", "released": True, "signed_at": clock.now(), "signed_as": held.signed_as}

    together = Barrier(20)

    def attempt():
        with pgtrigger.ignore(born_signed), transaction.atomic():
            there_is_one = queries.standing(held.institution_id, [held.principle_id]).exists()
            together.wait(20)
            if there_is_one:
                return "there is one"
            Endorsement.objects.create(
                consultation=held.consultation,
                institution=held.institution,
                principle=held.principle,
                version=held.version,
                position="endorse",
                language="en",
                **facts,
            )
        return "signed"

    def try_it():
        try:
            return attempt()
        except IntegrityError as error:
            return str(error)

    came_to = at_once([try_it] * 200, people=20)
    assert came_to.count("signed") == 1
    assert queries.standing(held.institution_id, [held.principle_id]).count() == 1
    assert any("endorsement_one_standing_position" in each for each in came_to)


def test_contributors_and_signatories_at_once_leave_at_most_one_proposal_and_one_position():
    consultation, institution = make.consultation(), make.verified_institution()
    people = [make.signatory(institution), *[make.representative(institution) for _ in range(3)]]
    acts = [
        lambda who=who, position=position: endorse(institution, consultation, position, by=who)
        for position in ("endorse", "decline", "endorse")
        for who in people
    ]
    came_to = at_once(acts)
    assert {each.code for each in came_to if isinstance(each, Refusal)} <= {"proposal-open"}
    live = [
        state
        for _position, state, _released, _effect in states(institution)
        if state in ("proposed", "signed")
    ]
    assert sorted(live) in (["signed"], ["proposed", "signed"])
    truths.assert_all_hold()


@pytest.fixture
def _no_second_try(monkeypatch):
    # A verb that met a deadlock tries once more: here that would hide it.
    monkeypatch.setattr(verb, "WORTH_ONE_MORE_TRY", set())


@pytest.mark.usefixtures("_no_second_try")
def test_a_release_and_a_change_of_mind_the_other_way_round_never_stop_each_other():
    consultation = make.consultation()
    moderator = make.moderator(consultation)
    one, other = make.verified_institution(), make.verified_institution()
    endorse(one, consultation)
    judge(reserve(other, consultation))
    reserve(one, consultation)
    case = claim_next(moderator, at=clock.now())
    with one_after_the_other(PositionCount.objects.filter(position="endorse")) as start:
        start(lambda: decide_case(moderator, case_id=case.pk, action="approve", at=clock.now()))
        start(lambda: endorse(other, consultation))
    assert queries.tallies(consultation) == {1: Tally(endorse=1, endorse_with_reservation=1)}
    truths.assert_all_hold()


@pytest.mark.usefixtures("_no_second_try")
def test_a_suspension_and_a_change_of_mind_never_stop_each_other():
    consultation, registrar = make.consultation(), make.registrar()
    one, other = make.verified_institution(), make.verified_institution()
    for institution in (one, other):
        endorse(institution, consultation)
        endorse(institution, consultation, "decline", principle=2)
    with one_after_the_other(PositionCount.objects.filter(position="endorse")) as start:
        start(
            lambda: suspend_institution(registrar, institution_id=one.pk, reason="A doubt.", at=clock.now())
        )
        start(lambda: take(other, consultation, Choice(2, 1, "endorse"), Choice(1, 1, "decline")))
    assert queries.tallies(consultation) == {1: Tally(decline=1), 2: Tally(endorse=1)}
    truths.assert_all_hold()
