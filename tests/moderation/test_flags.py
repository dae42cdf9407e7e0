"""Readers' flags: a case under every policy, and hidden for review when enough of them agree."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consultation.comments import queries as comments
from consultation.comments import rules
from consultation.comments.actions import flag_comment
from consultation.kit import clock
from consultation.moderation.actions import switch_signals
from consultation.moderation.models import Case, Flag, Rank, Reason, SignalSwitch
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.texts.models import Consultation
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit, is_public, withdraw
from tests.moderation.acts import open_case
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def flag(comment, by=None, reason="2", note="Not about the text."):
    flag_comment(by or make.person(), comment_id=comment.pk, reason=reason, note=note, at=clock.now())
    return anew(comment)


@pytest.mark.parametrize("policy", ["pre", "trusted", "post"])
def test_one_flag_opens_a_case_before_the_others_and_the_text_stays_public(policy):
    consultation = make.consultation(policy=policy)
    comment = make.sent_comment(consultation)
    if policy != "post":
        comment = make.decide(comment, "approve")
    reader = make.person()
    assert is_public(flag(comment, reader))
    case = open_case(comment)
    assert (case.flagged, case.rank) == (True, Rank.FLAGGED)
    assert Reason.FLAGGED in case.reasons.values_list("code", flat=True)
    with refused("already-flagged"):
        flag(comment, reader)
    [given] = Flag.objects.filter(item=comment.item)
    assert (given.person, given.institution, given.clause.number, given.note, given.case, given.revision) == (
        reader, None, "2", "Not about the text.", case, 1,
    )  # fmt: skip
    assert not Entry.objects.get(kind="flag.given").public
    truths.assert_all_hold()


def test_a_few_people_cannot_flag_a_whole_discussion_at_once(monkeypatch):
    monkeypatch.setattr(rules, "FLAGS_AN_HOUR", 1)
    consultation, reader = make.consultation(), make.person()
    first, second = make.comment(consultation), make.comment(consultation)
    flag(first, reader)
    with refused("too-many"):
        flag(second, reader)
    flag_comment(reader, comment_id=second.pk, reason="1", at=clock.now() + timedelta(hours=2))
    assert flag(second).item.flags.count() == 2


def test_what_cannot_be_flagged():
    consultation = make.consultation()
    institution = make.verified_institution()
    comment = make.comment(consultation, institution)
    for refusal, named, fields in (
        ("own-comment", [], {"by": make.manager(institution)}),
        ("address-unconfirmed", [], {"by": make.person(confirmed=False)}),
        ("invalid", ["reason"], {"reason": "99"}),
        ("invalid", ["note"], {"note": "x" * 1001}),
        ("invalid", ["note"], {"note": "\x00"}),
    ):
        with refused(refusal, *named):
            flag(comment, **fields)
    for unseen in (
        make.pending_comment(consultation),
        make.decide(make.pending_comment(consultation), "reject"),
    ):
        with refused("not-found"):
            flag(unseen)
    with refused("not-signed-in"):
        flag_comment(None, comment_id=comment.pk, reason="1", at=clock.now())
    assert not Flag.objects.exists()


def test_enough_independent_readers_hide_it_for_review_and_a_moderator_shows_it_again():
    consultation = make.consultation()
    comment, bystander = make.comment(consultation), make.comment(consultation)
    same = make.verified_institution()
    for reader in (make.manager(same), make.representative(same), make.person()):
        assert is_public(flag(comment, reader))
    held = flag(comment, make.manager(make.verified_institution()))
    assert (held.state, is_public(held), is_public(bystander)) == ("hidden", False, True)
    assert comments.gone(held).clause is None
    assert Message.objects.get(kind="comment-held").person == held.author
    with refused("not-found"):
        flag(comment)
    shown = make.decide(held, "restore", clause="1")
    assert is_public(shown)
    answers = Message.objects.filter(kind="flag-answered")
    assert answers.count() == 4
    assert {(each.context["outcome"], each.context["reference"]) for each in answers} == {
        ("stays", shown.reference)
    }
    assert is_public(flag(comment)), "What was decided on starts anew."
    truths.assert_all_hold()


def test_what_was_hidden_for_review_may_stay_hidden_by_a_decision():
    comment = make.comment()
    Consultation.objects.filter(pk=comment.consultation_id).update(flags_to_hide=1)
    comment = flag(comment)
    hidden = make.decide(comment, "hide", clause="2")
    assert (hidden.state, comments.gone(hidden).clause) == ("hidden", "2")
    [answer] = Message.objects.filter(kind="flag-answered")
    assert (answer.context["outcome"], answer.context["clause"]) == ("hidden", "2")
    truths.assert_all_hold()


def test_a_new_revision_may_be_flagged_anew_and_earlier_flags_do_not_weigh_on_it():
    consultation = make.consultation(policy="post")
    comment = make.sent_comment(consultation)
    readers = [make.person() for _ in range(3)]
    for reader in readers[:2]:
        flag(comment, reader)
    edit(comment, "Said better.")
    assert is_public(flag(comment, readers[0]))
    assert is_public(flag(comment, readers[1]))
    assert not is_public(flag(comment, readers[2]))
    withdraw(comment)
    answers = Message.objects.filter(kind="flag-answered").order_by("person")
    assert [(each.person, each.context["outcome"]) for each in answers] == [
        (reader, "withdrawn") for reader in readers
    ]
    assert not Case.objects.filter(item=comment.item, closed_at=None).exists()
    truths.assert_all_hold()


def test_no_flag_and_no_switch_can_be_changed_or_deleted_but_a_person_is_forgotten():
    comment = make.comment()
    flag(comment)
    secretariat = make.secretariat(comment.consultation)
    switch_signals(secretariat, consultation_id=comment.consultation_id, on={"links": False}, at=clock.now())
    given, switched = Flag.objects.all(), SignalSwitch.objects.all()
    for name, spoil in (
        ("flag_never_deleted", lambda: given.delete()),
        ("flag_never_changed", lambda: given.update(revision=2)),
        ("flag_person_and_note_only_cleared", lambda: given.update(note="Something else.")),
        ("flag_person_and_note_only_cleared", lambda: given.update(person=make.person())),
        ("signal_switch_never_deleted", lambda: switched.delete()),
        ("signal_switch_never_changed", lambda: switched.update(on=True)),
    ):
        with pytest.raises(DatabaseError, match=name.split("_")[0]), transaction.atomic():
            spoil()
    assert given.update(person=None, note="") == switched.update(person=None) == 1
