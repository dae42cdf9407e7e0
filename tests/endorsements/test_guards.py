"""The database itself keeps what was signed, and one position at a time."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Institution
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Contest, Endorsement, EndorsementState, Withdrawal
from consultation.kit import clock
from tests import factories as make
from tests.endorsements.acts import by_letter, contest, half_signed, reserve, sign, take, withdraw
from tests.moderation.acts import judge

pytestmark = pytest.mark.usefixtures("on_top")

MOVES = {
    "proposed": {"half_signed", "signed", "withdrawn"},
    "half_signed": {"signed", "withdrawn", "contested"},
    "signed": {"superseded", "withdrawn", "refused", "contested"},
    # Only what an appeal reversed, or was undone, stands again.
    "refused": set(),
    "withdrawn": set(),
    "superseded": set(),
    "contested": set(),
}


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


def rows(endorsement):
    return Endorsement.objects.filter(pk=endorsement.pk)


@pytest.fixture(scope="module")
def signed(kept):
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
    assert "waits_again_only_when_undone" in refused(
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
        "half_signed": half_signed(consultation),
        "contested": contest(make.endorsement(consultation)),
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
            if other == "half_signed":
                change = {"state": other, "first_signed_at": clock.now()}
            if other in MOVES[state]:
                with transaction.atomic():
                    assert rows(endorsement).update(**change) == 1
                    transaction.set_rollback(True)
            else:
                said = refused(
                    lambda endorsement=endorsement, change=change: rows(endorsement).update(**change)
                )
                assert "endorsement_states" in said or "stands_only_when" in said


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


def test_one_person_is_not_both_of_the_two_who_sign():
    half = half_signed(make.consultation())
    change = {"state": "signed", "signed_at": clock.now(), "signed_as": half.institution.current}
    assert "endorsement_signed_by_two_different_people" in refused(
        lambda: rows(half).update(**change, signed_by=half.first_signed_by)
    )
    proposal = rows(make.proposal())
    assert "endorsement_half_signed_has_its_first_signature" in refused(
        lambda: proposal.update(state="half_signed")
    )


def test_what_a_signatory_let_be_shown_and_when_the_first_one_signed_is_kept():
    half = half_signed(make.consultation())
    signed = sign(half, by=make.signatory(half.institution))
    for change in (
        {"name_shown": True},
        {"office": "President"},
        {"first_name_shown": True},
        {"first_office": "President"},
        {"first_signed_at": clock.now()},
        {"signed_name": "Somebody else"},
        {"first_signed_name": "Somebody else"},
    ):
        assert "endorsement_signature_is_kept" in refused(lambda change=change: rows(signed).update(**change))
    other = make.person()
    assert "people_only_cleared" in refused(lambda: rows(signed).update(first_signed_by=other))
    assert "former_takes_the_place" in refused(lambda: rows(signed).update(first_former=1))
    assert rows(signed).update(first_signed_by=None, first_former=1) == 1


def test_the_name_that_was_shown_goes_only_with_the_person():
    [signed] = take(
        make.verified_institution(), make.consultation(), Choice(1, 1, "endorse"), name_shown=True
    )
    for name in ("", "Somebody else"):
        assert "signature_is_kept" in refused(lambda name=name: rows(signed).update(signed_name=name))
    assert "keeps_a_name_only_to_show_it" in refused(lambda: rows(signed).update(signed_by=None))
    assert rows(signed).update(signed_by=None, signed_name="") == 1


def test_what_came_by_letter_names_it_for_ever(signed):
    recorded = by_letter(make.verified_institution(), signed.consultation)
    for change in (
        {"letter_dated": None},
        {"letter_sha256": "0" * 64},
        {"letter_filename": "other.pdf"},
        {"letter_bytes": 1},
        {"recorded": False},
    ):
        assert "endorsement_words_never_change" in refused(
            lambda change=change: rows(recorded).update(**change)
        )
    assert "people_only_cleared" in refused(lambda: rows(recorded).update(recorded_by=make.person()))
    assert "endorsement_confirmed_came_by_letter" in refused(
        lambda: rows(signed).update(confirmed_at=clock.now())
    )
    withdraw(signed)
    assert "endorsement_recorded_names_its_letter" in refused(lambda: copy(signed, recorded=True))


def test_reasons_and_what_was_contested_stay_as_they_were_written(signed):
    reason = withdraw(signed, reason="Our members decided otherwise.").withdrawal
    reasons = type(reason).objects.filter(pk=reason.pk)
    assert "withdrawal_only_released" in refused(lambda: reasons.update(reason="Another."))
    assert "withdrawal_never_deleted" in refused(reasons.delete)
    assert reasons.update(public_since=clock.now()) == 1
    assert "withdrawal_withheld_only" in refused(lambda: reasons.update(public_since=None))
    contested = contest(make.endorsement(signed.consultation)).contest
    contests = type(contested).objects.filter(pk=contested.pk)
    assert "contest_never_changed" in refused(lambda: contests.update(reason="Another."))
    assert "contest_never_changed" in refused(contests.delete)


def test_an_institution_asks_for_one_signature_or_two_and_reasons_say_something(signed):
    institutions = Institution.objects.filter(pk=signed.institution_id)
    assert "one_signature_or_two" in refused(lambda: institutions.update(signatures=3))
    assert "contest_says_why" in refused(
        lambda: Contest.objects.create(endorsement=signed, reason="", made_at=clock.now())
    )
    item = withdraw(signed, reason="Our members decided otherwise.").withdrawal.item
    other = make.endorsement(signed.consultation)
    words = {"reason": "", "language": "en", "item": item, "made_at": clock.now()}
    assert "withdrawal_says_why" in refused(lambda: Withdrawal.objects.create(endorsement=other, **words))
