"""Taking a case: each moderator another one, for fifteen minutes, never one's own institution's."""

from datetime import timedelta

import pytest
from django.db import transaction

from consultation.kit import clock
from consultation.moderation import queries, steps
from consultation.moderation.models import Case
from consultation.record.models import Entry
from tests import factories as make
from tests.comments.acts import edit, withdraw
from tests.moderation.acts import claim, claim_next, decide, open_case, release
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
def other(consultation):
    return make.moderator(consultation)


def told():
    entries = Entry.objects.filter(subject_kind="case").exclude(kind="case.opened")
    return list(entries.order_by("stream", "number").values_list("kind", "actor"))


def test_each_claim_gives_another_case_and_earlier_leases_stay(consultation, moderator, other):
    for _ in range(3):
        make.pending_comment(consultation)
    at = clock.now()
    mine = [claim_next(moderator, at=at), claim_next(moderator, at=at)]
    others = [claim_next(other, at=at), claim_next(other, at=at)]
    assert len({case.pk for case in mine}) == 2
    assert others[1] is None
    assert others[0].pk not in {case.pk for case in mine}
    for case in mine:
        case.refresh_from_db()
        assert (case.holder, case.lease_until) == (moderator, at + LEASE)


def test_the_escalated_come_first_then_the_flagged_then_what_is_due(consultation, moderator):
    first, second, third, fourth = (open_case(make.pending_comment(consultation)) for _ in range(4))
    steps.rank(third, flagged=True)
    steps.rank(fourth, escalated=True)
    steps.rank(fourth, flagged=True)
    assert [claim_next(moderator) for _ in range(5)] == [fourth, third, first, second, None]


def test_a_case_is_due_after_the_hours_the_consultation_promises(consultation):
    consultation.target_hours = 5
    consultation.save()
    case = open_case(make.pending_comment(consultation))
    assert case.due_at == case.opened_at + timedelta(hours=5)


def test_a_lease_ends_after_fifteen_minutes_and_then_anybody_may_take_the_case(
    consultation, moderator, other
):
    case = open_case(make.pending_comment(consultation))
    at = clock.now()
    claim(moderator, case, at=at)
    assert claim_next(other, at=at + LEASE - MOMENT) is None
    with refused("case-held"):
        claim(other, case, at=at + LEASE - MOMENT)
    assert claim_next(other, at=at + LEASE) == case
    with refused("case-held"):
        claim(moderator, case, at=at + LEASE)


def test_a_lease_is_renewed_by_taking_the_case_again(consultation, moderator, other):
    case = open_case(make.pending_comment(consultation))
    at = clock.now()
    claim(moderator, case, at=at)
    assert claim(moderator, case, at=at + LEASE - MOMENT).lease_until == at + 2 * LEASE - MOMENT
    assert claim_next(other, at=at + LEASE) is None
    assert told() == [("case.claimed", moderator.pk)]


def test_a_case_that_was_given_back_is_there_for_the_next(consultation, moderator, other):
    case = open_case(make.pending_comment(consultation))
    claim(moderator, case)
    release(moderator, case)
    assert claim_next(other) == case
    assert [kind for kind, _actor in told()] == ["case.claimed", "case.released", "case.claimed"]


def test_nobody_gives_back_a_case_of_another_and_giving_back_a_free_one_changes_nothing(
    consultation, moderator, other
):
    case = open_case(make.pending_comment(consultation))
    release(other, case)
    assert told() == []
    claim(moderator, case)
    with refused("case-held"):
        release(other, case)


def test_a_queue_can_be_narrowed_to_a_consultation_and_a_language(consultation, moderator):
    elsewhere = make.consultation()
    make.with_role(elsewhere, "moderator", moderator)
    german = open_case(make.pending_comment(consultation, language="de"))
    make.pending_comment(consultation)
    there = open_case(make.pending_comment(elsewhere, language="de"))
    assert claim_next(moderator, language="fr") is None
    assert claim_next(moderator, consultation=elsewhere, language="de") == there
    assert claim_next(moderator, language="de") == german
    assert claim_next(moderator, language="de") is None


def test_moderators_and_secretariat_take_cases_of_their_consultation_others_do_not(consultation):
    case = open_case(make.pending_comment(consultation))
    elsewhere = make.moderator(make.consultation())
    assert claim_next(elsewhere) is None
    strangers = [make.observer(consultation), make.registrar(), make.person()]
    for stranger in strangers:
        with refused("no-role"):
            claim_next(stranger)
    for stranger in [*strangers, elsewhere]:
        for act in (claim, release):
            with refused("no-role"):
                act(stranger, case)
    assert claim_next(make.secretariat(consultation)) == case


def test_a_role_that_ended_is_no_role(consultation, moderator):
    case = open_case(make.pending_comment(consultation))
    moderator.consultation_roles.update(ended_at=clock.now())
    with refused("no-role"):
        claim_next(moderator)
    with refused("no-role"):
        claim(moderator, case)


def test_the_institutions_own_people_are_not_offered_its_cases_and_may_not_take_them(consultation, moderator):
    institution = make.verified_institution()
    make.representative(institution, by=moderator)
    own = open_case(make.pending_comment(consultation, institution))
    foreign = open_case(make.pending_comment(consultation))
    assert [claim_next(moderator), claim_next(moderator)] == [foreign, None]
    for act in (claim, decide, release):
        with refused("own-institution"):
            act(moderator, own)


@pytest.mark.parametrize("stance", ["agree", "disagree"])
def test_the_people_of_an_institution_that_cosigned_may_not_decide_either(consultation, moderator, stance):
    institution = make.verified_institution()
    make.representative(institution, by=moderator)
    comment = make.comment(consultation)
    make.cosign(comment, institution, stance)
    edited = edit(comment, "Other words.")
    assert claim_next(moderator) is None
    with refused("own-institution"):
        claim(moderator, open_case(edited))
    make.cosign(comment, institution, None)
    assert claim_next(moderator) is None


def test_who_gets_a_part_in_a_case_after_taking_it_may_not_decide_it_any_more(consultation, moderator):
    institution = make.verified_institution()
    case = open_case(make.pending_comment(consultation, institution))
    claim(moderator, case)
    make.representative(institution, by=moderator)
    with refused("own-institution"):
        decide(moderator, case)


def test_a_case_that_is_closed_can_not_be_taken(consultation, moderator):
    comment = make.pending_comment(consultation)
    case = open_case(comment)
    withdraw(comment)
    for act in (claim, decide, release):
        with refused("case-closed"):
            act(moderator, case)
    assert claim_next(moderator) is None


def test_a_case_that_is_not_there_is_not_found(consultation, moderator):
    missing = Case(pk="0190c2a0-0000-7000-8000-000000000000")
    for act in (claim, decide, release):
        with refused("not-found"):
            act(moderator, missing)


def test_a_moderator_reads_all_cases_of_the_consultation_a_stranger_none(consultation, moderator):
    institution = make.verified_institution()
    make.representative(institution, by=moderator)
    own = open_case(make.pending_comment(consultation, institution))
    make.pending_comment()
    readers = [moderator, make.observer(consultation), make.secretariat(consultation)]
    assert [list(queries.open_cases(each)) for each in readers] == [[own]] * 3
    for stranger in (None, make.person(), make.manager(institution)):
        assert not queries.visible_to(stranger).exists()


@pytest.mark.django_db(transaction=True)
def test_eight_moderators_at_once_each_get_another_case():
    consultation = make.consultation()
    institution = make.verified_institution()
    for _ in range(10):
        make.pending_comment(consultation, institution)
    moderators = [make.moderator(consultation) for _ in range(8)]
    first = at_once([lambda each=each: claim_next(each) for each in moderators])
    assert len({case.pk for case in first}) == 8
    second = at_once([lambda each=each: claim_next(each) for each in moderators])
    taken = [case for case in second if case is not None]
    assert len({case.pk for case in first + taken}) == len(first + taken) == 10
    held = dict(Case.objects.values_list("pk", "holder"))
    assert [held[case.pk] for case in first] == [each.pk for each in moderators]


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_for_the_same_case_leave_one_holder():
    consultation = make.consultation()
    case = open_case(make.pending_comment(consultation))
    moderators = [make.moderator(consultation) for _ in range(4)]
    came_to = at_once([lambda each=each: claim(each, case) for each in moderators])
    winners = [each for each in came_to if isinstance(each, Case)]
    assert [each.code for each in came_to if not isinstance(each, Case)] == ["case-held"] * 3
    case.refresh_from_db()
    assert [each.holder_id for each in winners] == [case.holder_id]


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_is_just_busy_with_is_passed_over_without_waiting():
    consultation = make.consultation()
    first, second = (open_case(make.pending_comment(consultation)) for _ in range(2))
    moderator = make.moderator(consultation)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=first.pk)
        [taken] = at_once([lambda: claim_next(moderator)])
    assert taken == second
