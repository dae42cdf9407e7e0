"""What came by letter: recorded with its scan, told to the institution, confirmed or contested."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Power
from consultation.endorsements import actions, queries
from consultation.endorsements.models import Endorsement
from consultation.kit import clock, uploads
from consultation.post.models import Message
from consultation.texts.models import Round
from tests import factories as make
from tests import truths
from tests.endorsements.acts import (
    SCAN,
    anew,
    ask_for_two,
    by_letter,
    contest,
    endorse,
    reserve,
    states,
    told,
)
from tests.moderation.acts import judge
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation(at=clock.now() - timedelta(days=30))


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution()


def days_ago(number):
    return (clock.now().astimezone(ZoneInfo("Europe/Oslo")) - timedelta(days=number)).date()


def confirm(row, by=None):
    by = by or make.manager(row.institution)
    return anew(actions.confirm_endorsement(by, endorsement_id=row.pk, at=clock.now()))


def test_a_letter_is_recorded_with_its_scan_and_counts_at_once(consultation, institution):
    secretariat = make.secretariat(consultation)
    recorded = by_letter(institution, consultation, dated=days_ago(3), office="Rector", by=secretariat)
    assert (recorded.recorded, recorded.letter_dated, recorded.state) == (True, days_ago(3), "signed")
    assert (recorded.signed_by, recorded.recorded_by, recorded.office) == (None, secretariat, "Rector")
    assert uploads.read_private(recorded.letter_sha256).read() == SCAN
    assert told(recorded) == ["took_effect"]
    [mail] = Message.objects.filter(kind="endorsement-recorded")
    manager = make.manager(institution)
    assert (mail.person_id, mail.context["until"]) == (manager.pk, days_ago(3).isoformat())
    truths.assert_all_hold()


def test_two_signatures_are_not_asked_of_a_letter_and_a_reservation_is_moderated(consultation, institution):
    ask_for_two(institution)
    recorded = by_letter(institution, consultation, "endorse_with_reservation", "Not in wartime.")
    assert (recorded.state, recorded.released) == ("signed", False)
    judge(recorded)
    assert anew(recorded).effective_at is not None


def test_a_letter_for_an_institution_that_waits_counts_once_it_is_verified(consultation):
    recorded = by_letter(make.institution(), consultation)
    assert recorded.effective_at is None
    make.verify(recorded.institution)
    assert anew(recorded).effective_at is not None


def test_only_the_secretariat_records_and_not_for_its_own(consultation, institution):
    for person in (make.person(), make.manager(institution), make.moderator(consultation), make.registrar()):
        with refused("no-role"):
            by_letter(institution, consultation, by=person)
    own = make.secretariat(consultation)
    make.representative(institution, Power.CONTRIBUTE, by=own)
    with refused("own-institution"):
        by_letter(institution, consultation, by=own)
    with refused("institution-barred"):
        by_letter(make.suspend(make.verified_institution()), consultation)
    assert not Endorsement.objects.exists()


def test_the_day_of_a_letter_fits_the_words_it_is_about(consultation, institution):
    with refused("invalid", "dated"):
        by_letter(institution, consultation, dated=days_ago(-1))
    with refused("invalid", "dated"):
        by_letter(institution, consultation, dated=days_ago(31))
    make.new_version(consultation, 1)
    with refused("version-not-current", "version"):
        by_letter(institution, consultation, dated=days_ago(0))
    with refused("invalid", "dated"):
        by_letter(institution, consultation, version=2, dated=days_ago(1))
    assert by_letter(institution, consultation, version=2).version.number == 2


def test_a_letter_takes_the_place_of_what_was_signed_before_and_of_nothing_newer(consultation, institution):
    institution.mandates.update(starts_at=clock.now() - timedelta(days=9))
    before = endorse(institution, consultation, "decline", at=clock.now() - timedelta(days=5))
    with refused("newer-position"):
        by_letter(institution, consultation, dated=days_ago(6))
    recorded = by_letter(institution, consultation, dated=days_ago(2))
    assert anew(before).state == "superseded"
    with refused("stands-already"):
        by_letter(institution, consultation, dated=days_ago(1))
    with refused("newer-position"):
        by_letter(institution, consultation, "decline", dated=days_ago(3))
    endorse(institution, consultation, "decline")
    assert anew(recorded).state == "superseded"
    reserve(institution, consultation, principle=2, at=clock.now() - timedelta(days=5))
    with refused("waiting"):
        by_letter(institution, consultation, "decline", "We do not.", principle=2)
    truths.assert_all_hold()


def test_a_letter_takes_the_place_of_an_open_proposal(consultation, institution):
    endorse(institution, consultation, "decline", by=make.representative(institution))
    by_letter(institution, consultation)
    assert states(institution) == [("decline", "withdrawn", False, False), ("endorse", "signed", True, True)]


def test_a_letter_written_in_time_is_recorded_for_ten_days_after_closing(consultation, institution):
    closes = clock.now() - timedelta(days=4)
    Round.objects.update(closes_at=closes)
    assert by_letter(institution, consultation, dated=days_ago(5)).effective_at is not None
    with refused("round-closed"):
        by_letter(institution, consultation, principle=2, dated=days_ago(3))
    with refused("round-closed"):
        by_letter(institution, consultation, principle=2, dated=days_ago(5), at=closes + timedelta(days=11))


def test_its_institution_confirms_it_once_or_contests_it(consultation, institution):
    recorded = by_letter(institution, consultation)
    for person in (make.representative(institution), make.representative(institution, Power.MANAGE)):
        with refused("no-mandate"):
            confirm(recorded, by=person)
    assert told(confirm(recorded)) == ["took_effect", "confirmed"]
    with refused("not-to-confirm"):
        confirm(recorded)
    with refused("not-to-confirm"):
        confirm(endorse(institution, consultation, principle=2))
    secretariat = make.secretariat(consultation)
    gone = contest(recorded)
    assert (gone.state, gone.effective_at) == ("contested", None)
    assert secretariat.pk in Message.objects.filter(kind="endorsement-contested").values_list(
        "person", flat=True
    )
    truths.assert_all_hold()


def test_who_reads_what_was_recorded(consultation, institution):
    recorded = by_letter(institution, consultation)
    readers = (make.manager(institution), make.representative(institution), make.secretariat(consultation))
    at = clock.now()
    for person in readers:
        assert queries.papers(person, at=at).get() == recorded
    for person in (None, make.person(), make.moderator(consultation), make.registrar()):
        assert not queries.papers(person, at=at).exists()
    contest(recorded)
    assert queries.papers(make.registrar(), at=at).get() == recorded
