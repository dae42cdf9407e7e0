"""The secretariat admits one institution after a round closed: on record, and shown on what it sends."""

from datetime import timedelta

import pytest

from consultation.comments import actions, queries
from consultation.comments.models import LateAdmission
from consultation.kit import clock
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import edit, submit, write
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")

WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def consultation(kept):
    """Its round, of ten days, closed yesterday."""
    return make.consultation(days=10, at=clock.now() - timedelta(days=11))


@pytest.fixture(scope="module")
def secretariat(consultation):
    return make.secretariat(consultation)


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution("Institute of Late Mail")


@pytest.fixture(scope="module")
def owner(institution):
    return make.manager(institution)


def admit(by, consultation, institution, *, until=None, reason="Its mail was down.", at=None):
    at = at or clock.now()
    return actions.admit_late(
        by,
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        until=until or at + WEEK,
        reason=reason,
        at=at,
    )


def public_entries(kind):
    return list(Entry.objects.filter(kind=kind, public=True).values_list("institution", flat=True))


def test_an_institution_that_is_admitted_late_may_comment_until_then_and_nobody_else_may(
    consultation, secretariat, institution, owner
):
    other = make.verified_institution()
    draft = make.draft(consultation, institution)
    with refused("round-closed"):
        write(owner, consultation, institution)
    with refused("round-closed"):
        submit(draft)
    admission = admit(secretariat, consultation, institution)
    assert public_entries("late_admission.given") == [institution.pk]
    sent = write(owner, consultation, institution)
    assert (sent.reference, sent.state, sent.late) == ("P1-1", "pending", admission)
    assert sent.round.closes_at < clock.now()
    assert submit(draft).late == admission
    assert edit(make.decide(sent, "approve"), "Other words.").late == admission
    with refused("round-closed"):
        write(make.manager(other), consultation, other)
    with refused("round-closed"):
        write(owner, consultation, institution, at=clock.now() + WEEK + timedelta(seconds=1))
    [told] = Message.objects.filter(kind="late-admission")
    assert (told.person, told.context["message"]) == (owner, "Its mail was down.")
    truths.assert_all_hold()


def test_what_was_sent_in_time_is_neither_late_nor_changed_by_it(secretariat, institution, owner):
    open_now = make.consultation(days=10, at=clock.now() - timedelta(days=9))
    by = make.secretariat(open_now)
    with refused("round-open"):
        admit(by, open_now, institution)
    in_time = make.comment(open_now, institution)
    later = clock.now() + timedelta(days=2)
    admit(by, open_now, institution, at=later)
    assert in_time.late is None
    with refused("round-closed"):
        edit(in_time, "Second thoughts.", at=later + timedelta(hours=1))
    reply_to = make.comment(open_now)
    with refused("round-closed"):
        write(owner, open_now, institution, parent=reply_to.reference, at=later + timedelta(hours=1))
    assert write(owner, open_now, institution, at=later + timedelta(hours=1)).late is not None


def test_a_second_admission_takes_the_place_of_the_first_and_an_ended_one_admits_nobody(
    consultation, secretariat, institution, owner
):
    first = admit(secretariat, consultation, institution)
    second = admit(secretariat, consultation, institution, reason="A strike of the post.")
    assert LateAdmission.objects.get(pk=first.pk).ended_at is not None
    kept = write(owner, consultation, institution)
    actions.end_late_admission(secretariat, admission_id=second.pk, at=clock.now())
    assert public_entries("late_admission.ended") == [institution.pk, institution.pk]
    with refused("ended"):
        actions.end_late_admission(secretariat, admission_id=second.pk, at=clock.now())
    with refused("round-closed"):
        write(owner, consultation, institution)
    rows = list(queries.late_admissions(consultation))
    assert [(each, each.used) for each in rows] == [(second, True), (first, False)]
    assert kept.late == second


def test_only_the_secretariat_admits_and_says_why_and_until_when(
    consultation, secretariat, institution, owner
):
    for person in (owner, make.moderator(consultation), make.registrar()):
        with refused("no-role"):
            admit(person, consultation, institution)
    at = clock.now()
    with refused("invalid", "until"):
        admit(secretariat, consultation, institution, until=at - WEEK, at=at)
    for reason in ("", "  ", "x" * 301, "nul \x00"):
        with refused("invalid", "reason"):
            admit(secretariat, consultation, institution, reason=reason)
    barred = make.suspend(make.verified_institution())
    with refused("institution-barred"):
        admit(secretariat, consultation, barred)
    assert not LateAdmission.objects.exists()
    admission = admit(secretariat, consultation, institution)
    with refused("no-role"):
        actions.end_late_admission(owner, admission_id=admission.pk, at=clock.now())
