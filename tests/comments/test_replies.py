"""Threads: a reply is public only while what it answers is."""

import pytest

from consultation.comments import queries
from consultation.kit import clock
from consultation.moderation.actions import claim_next, decide_case
from consultation.record.models import Entry
from consultation.texts.models import Consultation
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, counted, edit, hide, is_public, restore, withdraw, write
from tests.refusals import refused
from tests.together import one_after_the_other

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread():
    """A comment, a reply to it and a reply to that reply, of three institutions, on principle 1."""
    consultation = make.consultation()
    comment = make.comment(consultation)
    reply = make.comment(consultation, parent=comment)
    return [comment, reply, make.comment(consultation, parent=reply)]


def public(thread):
    return [is_public(each) for each in thread]


def told(kind):
    return list(
        Entry.objects.filter(kind=kind, public=True).order_by("number").values_list("subject_key", flat=True)
    )


def test_a_reply_has_a_reference_of_its_own_and_counts(thread):
    assert [each.reference for each in thread] == ["P1-1", "P1-2", "P1-3"]
    assert counted(thread[0].consultation) == {1: 3}
    [card] = queries.with_cards(queries.public().filter(pk=thread[0].pk))
    assert card.replies_count == 1


@pytest.mark.parametrize("act", [hide, withdraw])
def test_when_a_comment_goes_the_replies_below_it_go_too_each_on_record(thread, act):
    noise = make.comment(thread[0].consultation)
    act(thread[0])
    assert public(thread) == [False, False, False]
    assert told("comment.vanished") == [str(each.pk) for each in thread]
    assert counted(noise.consultation) == {1: 1}
    assert [anew(each).state for each in thread[1:]] == ["published", "published"]
    truths.assert_all_hold()


def test_when_a_hidden_comment_is_restored_its_replies_come_back_each_on_record(thread):
    hide(thread[0])
    restore(thread[0])
    assert public(thread) == [True, True, True]
    assert told("comment.appeared") == [str(each.pk) for each in thread] * 2
    assert counted(thread[0].consultation) == {1: 3}
    truths.assert_all_hold()


def test_what_comes_back_keeps_the_first_moment_at_which_it_was_public(thread):
    before = [each.first_public for each in thread]
    hide(thread[0])
    restore(thread[0])
    assert [anew(each).first_public for each in thread] == before
    assert all(anew(each).public_since > each.public_since for each in thread)


def test_a_reply_that_was_hidden_itself_does_not_come_back_with_its_thread(thread):
    hide(thread[1])
    assert public(thread) == [True, False, False]
    hide(thread[0])
    restore(thread[0])
    assert public(thread) == [True, False, False]
    truths.assert_all_hold()


def test_a_reply_that_was_approved_while_its_thread_is_hidden_appears_with_it(thread):
    reply = make.pending_comment(thread[0].consultation, parent=thread[0])
    hide(thread[0])
    assert not is_public(make.decide(reply, "approve"))
    restore(thread[0])
    assert is_public(reply)
    truths.assert_all_hold()


def test_when_an_institution_is_suspended_what_others_answered_to_it_goes_too(thread):
    make.suspend(thread[0].institution)
    assert public(thread) == [False, False, False]
    make.verify(thread[0].institution)
    assert public(thread) == [True, True, True]
    truths.assert_all_hold()


def test_only_a_public_comment_is_answered(thread):
    consultation, institution = thread[0].consultation, make.verified_institution()
    owner = make.manager(institution)
    pending = make.pending_comment(consultation)
    hide(thread[1])
    for reference in (pending.reference, thread[1].reference, thread[2].reference, "P1-99", "X"):
        with refused("invalid", "parent"):
            write(owner, consultation, institution, parent=reference)


def test_a_reference_is_answered_however_it_is_spelt(thread):
    institution = make.verified_institution()
    reply = write(make.manager(institution), thread[0].consultation, institution, parent="p1-1")
    assert reply.parent == thread[0]


def test_a_reference_of_another_consultation_is_no_parent(thread):
    other, institution = make.consultation(), make.verified_institution()
    with refused("invalid", "parent"):
        write(make.manager(institution), other, institution, parent="P1-1")


def test_a_reply_stands_under_the_principle_of_what_it_answers(thread):
    institution = make.verified_institution()
    for principle in (2, None):
        with refused("invalid", "parent"):
            write(
                make.manager(institution),
                thread[0].consultation,
                institution,
                parent="P1-1",
                principle=principle,
            )


def test_a_reply_is_read_by_whoever_reads_what_it_answers(thread):
    institution = make.verified_institution()
    with refused("invalid", "visibility"):
        write(
            make.manager(institution),
            thread[0].consultation,
            institution,
            parent="P1-1",
            visibility="secretariat",
        )


def test_an_institution_may_answer_itself(thread):
    reply = make.comment(thread[0].consultation, thread[0].institution, parent=thread[0])
    assert is_public(reply)


def test_editing_a_comment_leaves_its_replies_where_they_are(thread):
    make.decide(edit(thread[0], "Better words."), "approve")
    assert public(thread) == [True, True, True]
    assert told("comment.vanished") == []


@pytest.mark.django_db(transaction=True)
def test_a_reply_that_is_written_while_its_parent_is_being_withdrawn_is_refused():
    consultation = make.consultation()
    parent, institution = make.comment(consultation), make.verified_institution()
    owner = make.manager(institution)
    with one_after_the_other(streams(consultation)) as start:
        start(lambda: withdraw(parent))
        late = start(lambda: write(owner, consultation, institution, parent=parent.reference))
    assert (late.result().code, list(late.result().errors)) == ("invalid", ["parent"])
    truths.assert_all_hold()


@pytest.mark.django_db(transaction=True)
def test_a_reply_that_is_approved_while_its_parent_is_being_withdrawn_does_not_stay_public():
    consultation = make.consultation()
    parent = make.comment(consultation)
    reply = make.pending_comment(consultation, parent=parent)
    moderator = make.moderator(consultation)
    case = claim_next(moderator, at=clock.now())
    with one_after_the_other(streams(consultation)) as start:
        start(lambda: decide_case(moderator, case_id=case.pk, action="approve", at=clock.now()))
        start(lambda: withdraw(parent))
    assert [is_public(parent), is_public(reply), anew(reply).state] == [False, False, "published"]
    truths.assert_all_hold()


def streams(consultation: Consultation):
    """Where every verb of a consultation comes to its end."""
    return truths.Stream.objects.filter(consultation=consultation.pk)
