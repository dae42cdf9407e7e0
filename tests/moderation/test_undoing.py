"""Undoing a decision within its minute: everything is as it was, and nobody is told."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consultation.comments import queries as comments
from consultation.comments.models import Comment
from consultation.comments.queries import CommentFilters
from consultation.endorsements.queries import tallies
from consultation.kit import clock
from consultation.moderation import queries
from consultation.moderation.models import Case, Decision, Rank
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit, hide, is_public, with_a_case, withdraw
from tests.endorsements.acts import RESERVE, endorse, reserve, states, told
from tests.moderation.acts import claim, decide, open_case, undo
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
MINUTE = timedelta(minutes=1)
RESERVED = "endorse_with_reservation"


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def moderator(consultation):
    return make.moderator(consultation)


def settled(comment: Comment) -> tuple[object, ...]:
    """All that a decision changes of a comment, but for since when the public sees it."""
    now = anew(comment)
    shown = now.shown.number if now.shown else None
    found = comments.of_consultation(now.consultation, filters=CommentFilters(q="register")).filter(pk=now.pk)
    return now.state, shown, is_public(now), now.edited_at, now.settled_at, found.exists()


def waiting_mails() -> list[str]:
    return list(Message.objects.filter(job_state="waiting").order_by("pk").values_list("kind", flat=True))


def flagged(comment: Comment) -> Comment:
    """Readers asked moderation to look at it."""
    asked = with_a_case(comment)
    Case.objects.filter(item=asked.item, closed_at=None).update(flagged=True, rank=Rank.FLAGGED)
    return asked


def published(consultation):
    return make.comment(consultation, body="We ask for a register.")


CASES = {
    "approve": lambda text: make.pending_comment(text, body="We ask for a register."),
    "return": lambda text: make.pending_comment(text),
    "reject": lambda text: make.pending_comment(text),
    "approve an edit": lambda text: edit(published(text), "Another word."),
    "return an edit": lambda text: edit(published(text), "Another word."),
    "hide": lambda text: flagged(published(text)),
    "restore": lambda text: flagged(hide(published(text))),
}


@pytest.mark.parametrize("what", CASES)
def test_what_is_undone_is_as_it_was_and_nobody_hears_of_it(consultation, moderator, what):
    comment = CASES[what](consultation)
    reply = make.comment(consultation, parent=comment) if is_public(comment) else None
    case, before, mails = open_case(comment), settled(comment), waiting_mails()
    claim(moderator, case)
    decide(moderator, case, what.split()[0], clause="1")
    assert len(waiting_mails()) > len(mails)
    assert queries.undoable(moderator, at=clock.now()).case == case
    again = undo(moderator, case)
    assert (settled(comment), waiting_mails()) == (before, mails)
    assert reply is None or is_public(reply)
    assert (again.closed_at, again.holder, again.decision) == (None, moderator, None)
    assert Decision.objects.get(case=case).undone_at is not None
    assert queries.undoable(moderator, at=clock.now()) is None
    assert queries.last_decision(comment.item) != Decision.objects.get(case=case)
    assert Entry.objects.filter(subject_kind="case").latest("number").kind == "case.undone"
    truths.assert_all_hold()
    # And it can be decided anew, by the very same moderator.
    assert decide(moderator, case, what.split()[0], clause="2").decision.clause.number == "2"
    truths.assert_all_hold()


def test_words_whose_approval_was_undone_are_in_no_public_revision(consultation, moderator):
    comment = edit(published(consultation), "Nobody was to read this.")
    case = claim(moderator, open_case(comment))
    decide(moderator, case)
    undo(moderator, case)
    assert [each.number for each in comments.revisions(anew(comment), unseen=False)] == [1]


def test_who_undoes_and_until_when(consultation, moderator):
    comment, at = make.pending_comment(consultation), clock.now()
    case = claim(moderator, open_case(comment), at=at)
    with refused("nothing-to-undo"):
        undo(moderator, case, at=at)
    decide(moderator, case, at=at)
    with refused("not-yours"):
        undo(make.moderator(consultation), case, at=at)
    with refused("no-role"):
        undo(make.manager(comment.institution), case, at=at)
    with refused("too-late"):
        undo(moderator, case, at=at + MINUTE + timedelta(microseconds=1))
    undo(moderator, case, at=at + MINUTE)
    assert anew(comment).state == "pending"


def test_what_was_told_already_is_not_undone(consultation, moderator):
    case = claim(moderator, open_case(make.pending_comment(consultation)))
    decide(moderator, case)
    mail = Message.objects.filter(kind="comment-published").latest("pk")
    Message.objects.filter(pk=mail.pk).update(job_state="done", sent_at=clock.now())
    with refused("too-late"):
        undo(moderator, case)
    assert Decision.objects.get(case=case).undone_at is None


def test_nothing_is_undone_once_something_happened_since(consultation, moderator):
    changed, gone, asked = (make.pending_comment(consultation) for _ in range(3))
    for comment, happens in (
        (changed, lambda comment: edit(comment, "Other words.")),
        (gone, withdraw),
        (asked, flagged),
    ):
        case = claim(moderator, open_case(comment))
        decide(moderator, case)
        after = happens(comment)
        with refused("moved-on"):
            undo(moderator, case)
        assert anew(comment).state == after.state
    truths.assert_all_hold()


def test_a_released_statement_waits_again_and_what_it_replaced_stands(consultation, moderator):
    institution = make.verified_institution()
    first = endorse(institution, consultation, principle=2)
    waiting = endorse(institution, consultation, RESERVED, RESERVE, principle=2)
    case = claim(moderator, open_case(waiting))
    decide(moderator, case)
    assert tallies(consultation)[2].endorse_with_reservation == 1
    undo(moderator, case)
    assert states(institution) == [("endorse", "signed", True, True), (RESERVED, "signed", False, False)]
    assert (tallies(consultation)[2].endorse, told(first)[-1]) == (1, "took_effect")
    truths.assert_all_hold()
    decide(moderator, case, "reject", clause="1")
    undo(moderator, case)
    assert states(institution) == [("endorse", "signed", True, True), (RESERVED, "signed", False, False)]
    decide(moderator, case, "reject", clause="1")
    # Signed anew meanwhile: the old one can't wait in its place any more.
    endorse(institution, consultation, RESERVED, "Not at sea.", principle=2)
    with refused("moved-on"):
        undo(moderator, case)
    truths.assert_all_hold()


def test_the_database_takes_nothing_back_that_was_not_undone(consultation, moderator):
    shown, refused_one = make.comment(consultation), make.decide(make.pending_comment(consultation), "reject")
    institution = make.verified_institution()
    standing = reserve(institution, consultation)
    decide(moderator, claim(moderator, open_case(standing)))
    for rows, change, guard in (
        (
            Comment.objects.filter(pk=shown.pk),
            {"state": "pending", "public_since": None},
            "comment_goes_back",
        ),
        (Comment.objects.filter(pk=refused_one.pk), {"state": "pending"}, "comment_goes_back"),
        (
            type(standing).objects.filter(pk=standing.pk),
            {"released": False, "effective_at": None},
            "waits_again",
        ),
        (
            Decision.objects.filter(item=shown.item),
            {"undone_at": clock.now() + MINUTE * 2},
            "within_its_minute",
        ),
    ):
        with pytest.raises(DatabaseError, match=guard), transaction.atomic():
            rows.update(**change)
