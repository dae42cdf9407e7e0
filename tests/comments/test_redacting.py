"""Redacting words, and a moderator's small correction that the author agrees to."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from consultation.comments import actions, correcting, queries
from consultation.comments.models import Correction
from consultation.comments.queries import CommentFilters
from consultation.comments.redacting import BLACK, blackened
from consultation.kit import clock
from consultation.moderation import actions as moderation
from consultation.moderation.handlers import Details, Span
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit, is_public, submit, with_a_case
from tests.moderation.acts import claim, open_case, undo
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
BODY = "Call Ana Moreau on 555 01 99. Ana Moreau decides."


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def moderator(consultation):
    return make.moderator(consultation)


def ruled(moderator, comment, action, *, clause="1", **details):
    """The moderator decides the comment's open case with these details."""
    case = claim(moderator, open_case(comment))
    return moderation.decide_case(
        moderator, case_id=case.pk, action=action, clause=clause, details=Details(**details), at=clock.now()
    )


def answer(comment, *, accept, at=None, by=None):
    person = by or make.manager(comment.institution)
    actions.answer_correction(person, comment_id=comment.pk, accept=accept, at=at or clock.now())
    return anew(comment)


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        ([Span(quote="Ana Moreau")], f"Call {BLACK} on 555 01 99. {BLACK} decides."),
        ([Span("body", 5, 15)], f"Call {BLACK} on 555 01 99. Ana Moreau decides."),
        ([Span("body", 5, 15), Span("body", 19, 28)], f"Call {BLACK} on {BLACK}. Ana Moreau decides."),
        ([Span("body", 5, 15), Span(quote="Moreau")], f"Call {BLACK} on 555 01 99. Ana {BLACK} decides."),
    ],
)
def test_which_words_are_blackened(spans, left):
    exact = [each for each in spans if each.start is not None]
    quotes = [each.quote for each in spans if each.start is None]
    assert blackened({"body": BODY}, exact, quotes) == {"body": left}


def test_redacted_words_are_gone_everywhere_and_the_hash_stays(consultation, moderator):
    comment = make.comment(consultation, body=BODY, proposed_text="Write to Ana Moreau.")
    hashes = list(comment.revisions.values_list("words_hash", flat=True))
    edited = edit(comment, "Ask Ana Moreau first.")
    ruled(moderator, edited, "redact", clause="2", spans=(Span(quote="Ana Moreau"),))
    now = anew(comment)
    assert (now.shown.number, now.shown.body, is_public(now)) == (2, f"Ask {BLACK} first.", True)
    first = now.revisions.get(number=1)
    assert (first.body, first.proposed_text) == (
        f"Call {BLACK} on 555 01 99. {BLACK} decides.",
        f"Write to {BLACK}.",
    )
    assert [first.words_hash] == hashes
    assert None not in now.revisions.values_list("redacted_at", flat=True)
    for word, there in (("Moreau", False), ("first", True)):
        found = queries.of_consultation(consultation, filters=CommentFilters(q=word))
        assert found.filter(pk=now.pk).exists() is there
    entries = Entry.objects.filter(subject_key=str(comment.pk), public=True).order_by("number")
    kinds = list(entries.values_list("kind", "revision"))
    assert kinds == [("comment.appeared", 1), ("comment.redacted", 1), ("comment.revised", 2)]
    assert Message.objects.filter(kind="comment-redacted").latest("pk").context["clause"] == "2"
    with refused("not-undoable"):
        undo(moderator, comment.item.cases.latest("opened_at"))
    truths.assert_all_hold()


def test_words_that_are_not_there_are_refused(consultation, moderator):
    comment = make.pending_comment(consultation, body=BODY)
    for spans in (
        (),
        (Span(quote="Nobody"),),
        (Span(quote=" x "),),
        (Span("body", 5, 500),),
        (Span("body", 9, 9),),
        (Span("body", -3, 4),),
        (Span("elsewhere", 0, 4),),
    ):
        with refused("invalid", "spans"):
            ruled(moderator, comment, "redact", spans=spans)
    assert anew(comment).latest.body == BODY
    with pytest.raises(DatabaseError, match="only_by_redaction"), transaction.atomic():
        comment.revisions.update(body="Other.")


def test_a_correction_is_public_at_once_when_the_author_agrees(consultation, moderator):
    comment = make.pending_comment(consultation, body=BODY, proposed_text="Say so.")
    ruled(moderator, comment, "return", correction={"body": "Call us."})
    assert (anew(comment).state, is_public(comment)) == ("returned", False)
    assert Message.objects.filter(kind="comment-corrected").exists()
    with refused("no-mandate"):
        answer(comment, accept=True, by=moderator)
    now = answer(comment, accept=True)
    assert (now.state, now.shown.number, now.shown.body, is_public(now)) == ("published", 2, "Call us.", True)
    assert (now.shown.proposed_text, now.shown.author) == ("Say so.", make.manager(now.institution))
    assert Correction.objects.get(revision__comment=comment).accepted is True
    with refused("not-found"):
        answer(comment, accept=False)
    with refused("moved-on"):
        undo(moderator, comment.item.cases.order_by("opened_at").first())
    truths.assert_all_hold()


def test_a_declined_correction_leaves_the_author_to_revise(consultation, moderator):
    comment = make.pending_comment(consultation, body=BODY)
    ruled(moderator, comment, "return", correction={"body": "Call us."})
    assert answer(comment, accept=False).state == "returned"
    assert edit(comment, "Write to us.").state == "pending"
    assert Correction.objects.get(revision__comment=comment).accepted is False
    truths.assert_all_hold()


def test_an_edit_of_what_is_public_can_be_corrected_too(consultation, moderator):
    comment = edit(make.comment(consultation, body="Before."), BODY)
    ruled(moderator, comment, "return", correction={"body": "After."})
    assert anew(comment).shown.body == "Before."
    assert answer(comment, accept=True).shown.body == "After."
    truths.assert_all_hold()


def test_until_when_a_correction_can_be_answered_and_what_ends_it(consultation, moderator):
    comment = make.pending_comment(consultation, body=BODY)
    case = ruled(moderator, comment, "return", correction={"body": "Call us."})
    late = case.closed_at + timedelta(days=10, microseconds=1)
    with refused("too-late"):
        answer(comment, accept=True, at=late)
    undo(moderator, case)
    assert correcting.waiting(anew(comment)) is None
    with refused("not-found"):
        answer(comment, accept=True)
    ruled(moderator, comment, "return", correction={"body": "Call us."})
    edit(comment, "I wrote it anew myself.")
    with refused("not-found"):
        answer(comment, accept=True)


def test_a_correction_that_changes_nothing_or_can_not_stand_is_refused(consultation, moderator):
    comment = make.pending_comment(consultation, body=BODY)
    for given, field in (
        ({"body": BODY}, "correction"),
        ({}, "correction"),
        ({"body": " "}, "correction.body"),
        ({"body": "nul\x00"}, "correction.body"),
        ({"body": "x", "proposed_text": "y" * 20_001}, "correction.proposed_text"),
    ):
        with refused("invalid", field):
            ruled(moderator, comment, "return", correction=given)
    assert anew(comment).state == "pending"
    assert not Correction.objects.filter(revision__comment=comment).exists()


def test_what_was_returned_is_sent_again_within_ten_days_after_closing(kept):
    text = make.consultation(days=3, at=clock.now() - timedelta(days=2))
    comment = make.decide(make.pending_comment(text), "return")
    closed = clock.now() + timedelta(days=2)
    actions.save_draft(
        make.manager(comment.institution), comment_id=comment.pk, words=make.words("Mended."), at=closed
    )
    assert submit(comment, at=closed).state == "pending"
    assert with_a_case(comment).reference == comment.reference
