"""Many at the same moment: one position stands, and the record tells how it came about."""

import pytest
from django.db import connection

from consultation.endorsements import queries
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.moderation.actions import claim_next, decide_case
from consultation.record.models import Entry
from consultation.standing.actions import suspend_institution
from tests import factories as make
from tests import truths
from tests.endorsements.acts import endorse, reserve, states, take
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hundred_attempts_at_once_leave_one_standing_position_and_a_truthful_history():
    consultation, institution = make.consultation(), make.verified_institution()
    signatories = [make.signatory(institution) for _ in range(4)]
    positions = ["endorse", "decline"]

    def attempt(number):
        who, position = signatories[number % 4], positions[number // 2 % 2]
        return lambda: endorse(institution, consultation, position, by=who)

    came_to = at_once([attempt(number) for number in range(100)], people=20)
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


def test_institutions_that_change_their_minds_in_opposite_ways_never_stop_each_other():
    consultation = make.consultation()
    moderator, registrar = make.moderator(consultation), make.registrar()
    institutions = [make.verified_institution() for _ in range(6)]
    for number, institution in enumerate(institutions):
        for principle in (1, 2, 3):
            endorse(institution, consultation, ["endorse", "decline"][number % 2], principle=principle)
    waiting = [reserve(each, consultation, principle=2) for each in institutions[:3]]
    cases = [claim_next(moderator, at=clock.now()) for _ in waiting]

    def changes_all(institution, position, numbers):
        choices = [Choice(number, 1, position) for number in numbers]
        return lambda: take(institution, consultation, *choices)

    def releases(case):
        return lambda: decide_case(moderator, case_id=case.pk, action="approve", at=clock.now())

    def suspends(institution):
        return lambda: suspend_institution(
            registrar, institution_id=institution.pk, reason="A doubt.", at=clock.now()
        )

    before = deadlocks()
    came_to = at_once(
        [
            *[releases(case) for case in cases],
            changes_all(institutions[3], "endorse", (1, 2, 3)),
            changes_all(institutions[4], "decline", (3, 2, 1)),
            suspends(institutions[5]),
            changes_all(institutions[0], "decline", (1, 3)),
            changes_all(institutions[1], "endorse", (3, 1)),
        ]
    )
    assert [each for each in came_to if isinstance(each, Refusal)] == []
    assert deadlocks() == before
    assert queries.tallies(consultation)[2].endorse_with_reservation == 3
    truths.assert_all_hold()


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
