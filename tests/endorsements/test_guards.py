"""The database itself keeps what was signed, and one position at a time."""

import pytest
from django.db import DatabaseError, transaction

from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit import clock
from tests import factories as make
from tests.endorsements.acts import reserve, withdraw
from tests.moderation.acts import judge

pytestmark = pytest.mark.django_db

MOVES = {
    "proposed": {"half_signed", "signed", "withdrawn"},
    "signed": {"superseded", "withdrawn", "refused"},
    "refused": {"signed"},
    "withdrawn": set(),
    "superseded": set(),
}


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


def rows(endorsement):
    return Endorsement.objects.filter(pk=endorsement.pk)


@pytest.fixture
def signed():
    return make.endorsement()


def copy(endorsement, **facts):
    same = {
        name: getattr(endorsement, name)
        for name in (
            "consultation",
            "institution",
            "principle",
            "version",
            "position",
            "statement",
            "language",
        )
    }
    return Endorsement.objects.create(**{**same, **facts})


def test_the_words_of_a_position_never_change_and_it_is_never_moved_to_another_text(signed):
    changes = [
        {"position": "decline"},
        {"statement": "But."},
        {"language": "fr"},
        {"recorded": True},
        {"made_at": clock.now()},
        {"version": make.new_version(signed.consultation, 1)},
        {"principle": signed.consultation.principles.get(number=2)},
    ]
    for change in changes:
        assert "endorsement_words_never_change" in refused(
            lambda change=change: rows(signed).update(**change)
        )


def test_a_position_is_never_deleted(signed):
    assert "endorsement_never_deleted" in refused(lambda: rows(signed).delete())


def test_a_position_is_born_a_proposal(signed):
    withdraw(signed)
    assert "endorsement_born_proposed" in refused(lambda: copy(signed, state="signed", signed_at=clock.now()))


def test_a_signature_keeps_its_time_its_person_and_its_release(signed):
    other = make.person()
    assert "signed_and_released_once" in refused(lambda: rows(signed).update(signed_at=clock.now()))
    assert "signed_and_released_once" in refused(
        lambda: rows(signed).update(released=False, effective_at=None)
    )
    for person in ("signed_by", "proposed_by"):
        assert "people_only_cleared" in refused(lambda person=person: rows(signed).update(**{person: other}))
    assert rows(signed).update(signed_by=None, proposed_by=None) == 1


def test_a_position_moves_along_the_states_of_the_handbook_and_no_others():
    consultation = make.consultation()
    arrived = {
        "proposed": make.proposal(consultation),
        "signed": reserve(make.verified_institution(), consultation),
        "refused": reserve(make.verified_institution(), consultation),
        "withdrawn": withdraw(make.endorsement(consultation)),
        "superseded": make.endorsement(consultation),
    }
    judge(arrived["refused"], "reject")
    make.endorsement(consultation, arrived["superseded"].institution, position="decline")
    for state, endorsement in arrived.items():
        assert rows(endorsement).get().state == state
        for other in set(EndorsementState.values) - {state}:
            named = endorsement.signed_as or endorsement.institution.current
            change = {
                "state": other,
                "signed_at": endorsement.signed_at or clock.now(),
                "signed_as": named,
            }
            if other in MOVES[state]:
                with transaction.atomic():
                    assert rows(endorsement).update(**change) == 1
                    transaction.set_rollback(True)
            else:
                assert "endorsement_states" in refused(
                    lambda endorsement=endorsement, change=change: rows(endorsement).update(**change)
                )


def test_one_position_stands_one_waits_and_one_is_proposed(signed):
    def arrives(**facts):
        row = copy(signed)
        rows(row).update(state="signed", signed_at=clock.now(), signed_as=signed.signed_as, **facts)

    assert "endorsement_one_standing_position" in refused(lambda: arrives(released=True))
    arrives(released=False)
    assert "endorsement_one_waiting_for_release" in refused(lambda: arrives(released=False))
    copy(signed)
    assert "endorsement_one_open_proposal" in refused(lambda: copy(signed))


def test_a_reservation_says_what_it_is(signed):
    withdraw(signed)
    assert "endorsement_reservation_needs_statement" in refused(
        lambda: copy(signed, position="endorse_with_reservation")
    )


def test_nothing_is_in_effect_that_is_not_signed_and_released():
    waiting = reserve(make.verified_institution(), make.consultation())
    proposal = make.proposal()
    for row in (waiting, proposal):
        assert "endorsement_effective_is_signed_and_released" in refused(
            lambda row=row: rows(row).update(effective_at=clock.now())
        )


def test_what_is_signed_says_when():
    proposal = rows(make.proposal())
    assert "endorsement_signed_has_its_time" in refused(lambda: proposal.update(state="signed"))
