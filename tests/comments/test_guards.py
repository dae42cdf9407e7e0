"""The database itself refuses what no verb does."""

import pytest
from django.db import DatabaseError, connection, transaction

from consultation.comments.models import Comment, CommentRevision, CommentState
from consultation.kit import clock
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


@pytest.fixture
def published():
    return Comment.objects.get(pk=make.comment().pk)


def test_a_published_comment_can_not_go_back_to_pending(published):
    assert "comment_states" in refused(
        lambda: Comment.objects.filter(pk=published.pk).update(state="pending")
    )


def test_a_comment_is_born_a_draft(published):
    published.pk = None
    published.reference = "P1-99"
    published.item = None
    published._state.adding = True
    assert "comment_born_a_draft" in refused(lambda: Comment.objects.bulk_create([published]))


def test_a_reference_is_never_taken_away_or_changed(published):
    comments = Comment.objects.filter(pk=published.pk)
    assert "comment_reference_for_ever" in refused(lambda: comments.update(reference="P1-77"))
    assert "comment_reference_for_ever" in refused(lambda: comments.update(reference=None))


def test_what_was_sent_is_never_deleted(published):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM consultation_comment WHERE id = %s", [published.pk])


def test_the_words_of_a_revision_change_only_together_with_a_redaction(published):
    revisions = CommentRevision.objects.filter(pk=published.shown_id)
    assert "revision_words" in refused(lambda: revisions.update(body="Other words."))
    assert revisions.update(body="", redacted_at=clock.now()) == 1


def test_the_hash_of_a_revision_never_changes(published):
    revisions = CommentRevision.objects.filter(pk=published.shown_id)
    assert "revision_facts" in refused(lambda: revisions.update(words_hash="0" * 64, redacted_at=clock.now()))


def test_the_first_moment_in_public_is_kept_for_ever(published):
    comments = Comment.objects.filter(pk=published.pk)
    assert "comment_first_public" in refused(lambda: comments.update(first_public=clock.now()))


def test_nothing_is_public_that_is_not_published_and_named(published):
    comments = Comment.objects.filter(pk=published.pk)
    assert "comment_public" in refused(lambda: comments.update(state=CommentState.HIDDEN))
    assert "comment_public" in refused(lambda: comments.update(visibility="secretariat"))
