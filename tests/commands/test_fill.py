"""Synthetic volume is as the verbs would have left it, and the same for the same seed."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Institution, Mandate
from consultation.comments.models import Comment, CommentRevision, Cosignature
from consultation.comments.wording import of, words_hash
from consultation.endorsements.models import Endorsement
from consultation.moderation.models import Case, Item, Party
from consultation.record.models import Entry
from consultation.texts.models import Consultation, Round
from tests import factories as make
from tests import truths

pytestmark = pytest.mark.django_db


def fill(slug="volume", institutions=20, comments=200, endorsements=100, seed=7):
    call_command(
        "fill",
        consultation=slug,
        institutions=institutions,
        comments=comments,
        endorsements=endorsements,
        seed=seed,
        verbosity=0,
    )
    return Consultation.objects.get(slug=slug)


def test_every_counter_and_stored_truth_holds_after_filling_and_after_verbs_on_top():
    consultation = fill()
    truths.assert_all_hold()
    comment = make.comment(consultation)
    make.cosign(comment)
    make.endorsement(consultation, position="decline", statement="Not like this.")
    make.suspend(Comment.objects.filter(public_since__isnull=False).first().institution)
    make.new_version(consultation, 1)
    truths.assert_all_hold()


def test_it_makes_what_was_asked_for_with_something_of_every_kind():
    fill()
    assert (Institution.objects.count(), Comment.objects.count(), Endorsement.objects.count()) == (
        20,
        200,
        100,
    )
    assert {each.state for each in Comment.objects.all()} == {
        "published", "pending", "returned", "rejected", "withdrawn",
    }  # fmt: skip
    assert {each.state for each in Institution.objects.all()} == {"verified", "pending"}
    assert Comment.objects.filter(parent__isnull=False).exists()
    assert Cosignature.objects.exists()
    assert {each.position for each in Endorsement.objects.all()} == {
        "endorse", "endorse_with_reservation", "decline",
    }  # fmt: skip


def test_moderation_is_as_decisions_leave_it():
    fill()
    judged = Comment.objects.count() + Endorsement.objects.exclude(statement="").count()
    assert Item.objects.count() == Case.objects.count() == judged
    assert Party.objects.count() == judged + Cosignature.objects.count()
    for case in Case.objects.select_related("item__comment").prefetch_related("decisions"):
        decision = getattr(case, "decision", None)
        assert (case.closed_at is None) == (decision is None and case.item.comment.state == "pending"), (
            case.item.comment.state
        )
        if decision is not None:
            assert (decision.at, case.holder) == (case.closed_at, decision.person)


def test_words_carry_the_hash_that_sending_gives_them():
    fill(comments=30, endorsements=0)
    for revision in CommentRevision.objects.select_related("comment"):
        assert revision.words_hash == words_hash(revision.comment.reference, 1, of(revision))


def test_the_record_tells_each_comment_as_the_verbs_do():
    consultation = make.consultation()
    comment = make.comment(consultation)
    by_verbs = _kinds_about(comment)
    filled = fill(comments=40, endorsements=0)
    published = Comment.objects.filter(consultation=filled, public_since__isnull=False).first()
    assert _kinds_about(published) == by_verbs


def _kinds_about(comment):
    case = comment.item.cases.get()
    keys = [str(comment.pk), str(case.pk)]
    entries = Entry.objects.filter(subject_key__in=keys, stream=comment.consultation_id).order_by("number")
    return [(each.kind, each.public, each.revision, each.actor_id is not None) for each in entries]


def test_the_same_seed_says_the_same_and_another_one_something_else():
    def said(consultation):
        rows = CommentRevision.objects.filter(comment__consultation=consultation).order_by("pk")
        return list(rows.values_list("body", "kind", "language", "comment__state", "comment__reference"))

    one, two, other = (fill(slug, seed=seed) for slug, seed in (("one", 5), ("two", 5), ("other", 6)))
    assert said(one) == said(two)
    assert said(one) != said(other)


def test_a_consultation_that_is_there_is_filled_up():
    consultation = make.consultation("charter", principles=2)
    comment = make.comment(consultation)
    fill("charter", institutions=3, comments=50, endorsements=6)
    truths.assert_all_hold()
    assert comment.reference == "P1-1"
    assert Endorsement.objects.filter(consultation=consultation).count() == 6
    assert Mandate.objects.filter(institution__slug__startswith="volume-").count() == 3


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"institutions": 2, "endorsements": 21}, "2 institutions can hold 20 positions at most"),
        ({"institutions": 0}, "at least one institution"),
        ({"comments": -1}, "from 0 on"),
    ],
)
def test_what_cannot_be_is_said(asked, sentence):
    with pytest.raises(CommandError, match=sentence):
        fill(**asked)


def test_a_closed_consultation_is_not_filled():
    consultation = make.consultation("charter")
    Round.objects.filter(consultation=consultation).update(opens_comment=False, opens_discuss=False)
    with pytest.raises(CommandError, match="No round of this consultation is open"):
        fill("charter")
