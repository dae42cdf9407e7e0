"""The database itself refuses what no verb does."""

import pytest
from django.db import DatabaseError, connection, transaction

from consultation.comments.models import Comment, CommentRevision, CommentState, Cosignature
from consultation.kit import clock
from tests import factories as make
from tests.comments.acts import hide, withdraw

pytestmark = pytest.mark.django_db


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


@pytest.fixture
def published():
    return Comment.objects.get(pk=make.comment().pk)


def test_a_published_comment_can_not_go_back_to_pending(published):
    assert "comment_goes_back_only_when_undone" in refused(
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
    secret = Comment.objects.filter(pk=make.comment(visibility="secretariat").pk)
    assert "comment_public" in refused(
        lambda: secret.update(public_since=clock.now(), first_public=clock.now())
    )


def test_a_comment_that_was_sent_stays_in_its_place(published):
    comments = Comment.objects.filter(pk=published.pk)
    elsewhere = make.consultation()
    changes = [
        {"visibility": "secretariat", "public_since": None},
        {"principle": None, "version": None},
        {"consultation": elsewhere},
        {"round": elsewhere.rounds.get()},
        {"parent": make.comment()},
        {"submitted_at": clock.now()},
        {"made_at": clock.now()},
    ]
    for change in changes:
        assert "stays_in_its_place" in refused(lambda change=change: comments.update(**change))


def test_the_author_can_be_cleared_and_never_replaced(published):
    comments = Comment.objects.filter(pk=published.pk)
    revisions = CommentRevision.objects.filter(pk=published.shown_id)
    other = make.person()
    assert "comment_author_only_cleared" in refused(lambda: comments.update(author=other))
    assert "revision_author_only_cleared" in refused(lambda: revisions.update(author=other))
    assert (comments.update(author=None), revisions.update(author=None)) == (1, 1)


def test_a_redaction_is_never_taken_back(published):
    revisions = CommentRevision.objects.filter(pk=published.shown_id)
    revisions.update(body="", redacted_at=clock.now())
    assert "revision_words" in refused(lambda: revisions.update(body="As before.", redacted_at=None))


def test_the_facts_of_a_revision_never_change(published):
    revisions = CommentRevision.objects.filter(pk=published.shown_id)
    for change in ({"number": 2}, {"kind": "editorial"}, {"language": "fr"}, {"at": clock.now()}):
        assert "revision_facts" in refused(lambda change=change: revisions.update(**change))


def test_a_revision_is_never_deleted(published):
    rows = CommentRevision.objects.filter(pk=published.shown_id)
    assert "revision_never_deleted" in refused(lambda: rows._raw_delete(rows.db))


MOVES = {
    "draft": {"pending"},
    "pending": {"published", "returned", "rejected", "withdrawn"},
    "returned": {"pending", "withdrawn"},
    "published": {"hidden", "withdrawn"},
    "hidden": {"published", "withdrawn"},
    "rejected": {"published", "withdrawn"},
    "withdrawn": set(),
}


def test_a_comment_moves_along_the_states_of_the_handbook_and_no_others():
    place = make.consultation(), make.verified_institution()
    arrived = {
        "pending": make.pending_comment(*place),
        "published": make.comment(*place),
        "returned": make.decide(make.pending_comment(*place), "return"),
        "rejected": make.decide(make.pending_comment(*place), "reject"),
        "hidden": hide(make.comment(*place)),
        "withdrawn": withdraw(make.comment(*place)),
    }
    for state, comment in arrived.items():
        comments = Comment.objects.filter(pk=comment.pk)
        comments.update(public_since=None)
        for other in set(CommentState.values) - {state, "draft"}:
            act = lambda comments=comments, other=other: comments.update(state=other)  # noqa: E731
            if other in MOVES[state]:
                with transaction.atomic():
                    assert act() == 1
                    transaction.set_rollback(True)
            else:
                said = refused(act)
                assert "comment_states" in said or "comment_goes_back_only_when_undone" in said


@pytest.fixture
def cosignature(published):
    make.cosign(published)
    return Cosignature.objects.filter(comment=published)


def test_a_cosignature_never_says_something_else(cosignature):
    for change in ({"stance": "disagree"}, {"at": clock.now()}):
        assert "cosignature_only_ends" in refused(lambda change=change: cosignature.update(**change))


def test_a_cosignature_ends_once_and_is_never_deleted(cosignature):
    cosignature.update(ended_at=clock.now())
    assert "cosignature_ends_once" in refused(lambda: cosignature.update(ended_at=None))
    assert "cosignature_ends_once" in refused(lambda: cosignature.update(ended_at=clock.now()))
    assert "cosignature_never_deleted" in refused(lambda: cosignature.delete())


def test_who_cosigned_can_be_cleared_and_never_replaced(cosignature):
    assert "cosignature_person" in refused(lambda: cosignature.update(person=make.person()))
    assert cosignature.update(person=None) == 1


def test_an_institution_says_one_thing_of_a_comment_at_a_time(cosignature):
    given = cosignature.get()
    again = Cosignature(
        comment=given.comment, institution=given.institution, stance="disagree", at=clock.now()
    )
    assert "cosignature_one_in_force" in refused(again.save)
