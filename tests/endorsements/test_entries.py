"""Each gain and each loss of effect is an entry that names all a leaf of the log needs."""

import pytest

from accounts.models import Institution
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.record.models import Entry
from consultation.standing.actions import merge_institutions
from tests import factories as make
from tests.endorsements.acts import (
    ask_for_two,
    by_letter,
    contest,
    endorse,
    reaffirm,
    reserve,
    sign,
    withdraw,
)
from tests.moderation.acts import judge

pytestmark = pytest.mark.django_db


def told(since=0):
    """Kind of act, gain or loss, institution and principle of the public entries about positions."""
    found = Entry.objects.filter(subject_kind="endorsement", public=True, number__gt=since).order_by("number")
    for entry in found:
        row = Endorsement.objects.get(pk=entry.subject_key)
        assert row.version.text_hash
        assert (entry.principle, row.consultation_id) == (row.principle.number, entry.stream_id)
    return [(each.verb, each.kind.removeprefix("endorsement."), each.institution) for each in found]


GAIN, LOSS = "took_effect", "lost_effect"


def test_signing_releasing_withdrawing_contesting_and_replacing():
    consultation, one = make.consultation(), make.verified_institution()
    key = one.pk
    endorse(one, consultation)
    judge(reserve(one, consultation))
    withdraw(endorse(one, consultation, "decline"))
    contest(by_letter(one, consultation))
    make.new_version(consultation, 2)
    assert told() == [
        ("take_positions", GAIN, key),
        ("decide_case", LOSS, key),
        ("decide_case", GAIN, key),
        ("take_positions", LOSS, key),
        ("take_positions", GAIN, key),
        ("withdraw_endorsement", LOSS, key),
        ("record_letter", GAIN, key),
        ("contest_endorsement", LOSS, key),
    ]


def test_verifying_suspending_and_merging():
    consultation, one, other = make.consultation(), make.institution(), make.verified_institution()
    endorse(one, consultation)
    assert told() == []
    make.verify(one)
    make.suspend(one)
    make.verify(one)
    merge_institutions(make.registrar(), kept_id=other.pk, merged_id=one.pk, reason="Twice.", at=clock.now())
    assert told() == [
        ("verify_institution", GAIN, one.pk),
        ("suspend_institution", LOSS, one.pk),
        ("verify_institution", GAIN, one.pk),
        ("merge_institutions", LOSS, one.pk),
        ("merge_institutions", GAIN, other.pk),
    ]


def test_a_second_signature_and_a_reaffirmation_and_no_change_of_a_text():
    consultation = make.consultation()
    one: Institution = ask_for_two(make.verified_institution())
    second = one.mandates.exclude(person=make.manager(one)).get().person
    held = endorse(one, consultation)
    assert told() == []
    held = sign(held, by=second)
    make.new_version(consultation, 1)
    assert told() == [("sign_endorsement", GAIN, one.pk)]
    sign(reaffirm(held), by=second)
    assert told()[1:] == [("sign_endorsement", LOSS, one.pk), ("sign_endorsement", GAIN, one.pk)]
