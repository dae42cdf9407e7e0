"""The secretariat lets one comment stand for others that say the same, and takes that back."""

from uuid import uuid4

import pytest

from consultation.comments import actions, queries
from consultation.comments.models import Comment, Cosignature
from consultation.comments.queries import CommentFilters
from consultation.digests.folding import Happening, fold
from consultation.kit import clock
from consultation.moderation.models import Party
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import counted, hide, is_public, restore, withdraw, write
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def secretariat(consultation):
    return make.secretariat(consultation)


@pytest.fixture(scope="module")
def comments(consultation):
    return [make.comment(consultation, body=f"Say who audits whom, {number}.") for number in range(3)]


def merge(by, kept, *others):
    actions.merge_comments(by, comment_id=kept.pk, merged_ids=[each.pk for each in others], at=clock.now())


def separate(by, comment):
    actions.separate_comment(by, comment_id=comment.pk, at=clock.now())


def listed(consultation):
    found = queries.of_consultation(consultation, filters=CommentFilters(principle=1))
    return {each.reference for each in found}


def stances(comment):
    [card] = queries.with_cards(Comment.objects.filter(pk=comment.pk))
    return queries.cosigns(card)


def standing(consultation):
    entries = Entry.objects.filter(stream=consultation.pk, public=True).order_by("number")
    return fold(
        Happening(each.number, each.kind, each.subject_key, revision=each.revision) for each in entries
    )


def in_force():
    return {str(key) for key in Cosignature.objects.filter(ended_at=None).values_list("pk", flat=True)}


def last_entries(number):
    return [each.kind for each in Entry.objects.filter(public=True).order_by("-at", "-number")[:number]][::-1]


def test_one_stands_for_the_others_in_lists_and_counts_and_all_stay_public(
    consultation, secretariat, comments
):
    kept, first, second = comments
    merge(secretariat, kept, first, second)
    assert listed(consultation) == {kept.reference}
    assert counted(consultation) == {1: 1}
    assert all(is_public(each) for each in comments)
    assert list(queries.merged_into(kept)) == [first, second]
    [standing] = Comment.objects.select_related("merged_into").filter(pk=first.pk)
    assert queries.leads_to(standing) == kept.reference
    assert last_entries(2) == ["comment.merged", "comment.merged"]
    # What was said in its own name is still found under it.
    assert queries.public().filter(institution=first.institution).get() == first
    truths.assert_all_hold()
    separate(secretariat, first)
    assert listed(consultation) == {kept.reference, first.reference}
    assert counted(consultation) == {1: 2}
    truths.assert_all_hold()


def test_whoever_cosigned_any_of_them_counts_once_and_may_take_it_back_at_once(
    consultation, secretariat, comments
):
    kept, first, second = comments
    both, one, against = (make.verified_institution() for _ in range(3))
    make.cosign(kept, both)
    make.cosign(first, both, "disagree")
    make.cosign(first, one)
    make.cosign(second, one)
    make.cosign(second, against, "disagree")
    make.cosign(second, kept.institution)
    merge(secretariat, kept, first, second)
    assert stances(kept) == {"agree": 2, "disagree": 1}
    # A digest of this moment names all three, and what was said of each.
    assert set(standing(consultation).comments) == {str(each.pk) for each in comments}
    assert standing(consultation).cosignatures == in_force()
    parties = {
        frozenset(Party.objects.filter(item=each.item).values_list("institution", flat=True))
        for each in comments
    }
    assert parties == {
        frozenset(each.pk for each in (both, one, against, *(c.institution for c in comments)))
    }

    make.cosign(kept, one, None)
    assert stances(kept) == {"agree": 1, "disagree": 1}
    assert not Cosignature.objects.filter(institution=one, ended_at=None).exists()
    make.cosign(kept, both, "disagree")
    assert stances(kept) == {"agree": 0, "disagree": 2}

    separate(secretariat, second)
    assert stances(kept) == {"agree": 0, "disagree": 1}
    assert stances(second) == {"agree": 1, "disagree": 1}
    assert standing(consultation).cosignatures == in_force()
    truths.assert_all_hold()


def test_what_counted_by_two_merged_ones_still_counts_when_one_leaves(consultation, secretariat, comments):
    kept, first, second = comments
    one = make.verified_institution()
    make.cosign(first, one)
    make.cosign(second, one)
    merge(secretariat, kept, first, second)
    separate(secretariat, first)
    assert stances(kept) == {"agree": 1, "disagree": 0}
    assert Cosignature.objects.get(comment=kept, ended_at=None).carried_from.comment == second


def test_merging_what_stands_for_others_takes_them_along(consultation, secretariat, comments):
    kept, first, second = comments
    one = make.verified_institution()
    make.cosign(second, one)
    merge(secretariat, first, second)
    merge(secretariat, kept, first)
    assert set(queries.merged_into(kept)) == {first, second}
    assert stances(kept) == {"agree": 1, "disagree": 0}
    assert stances(first) == {"agree": 0, "disagree": 0}
    truths.assert_all_hold()


def test_what_it_stood_for_stands_for_itself_once_it_is_gone(consultation, secretariat, comments):
    kept, first, second = comments
    merge(secretariat, kept, first, second)
    # A merged one may go and come back by itself.
    hide(second)
    assert listed(consultation) == {kept.reference}
    restore(second)
    assert listed(consultation) == {kept.reference}
    truths.assert_all_hold()
    withdraw(kept)
    assert listed(consultation) == {first.reference, second.reference}
    assert counted(consultation) == {1: 2}
    truths.assert_all_hold()


def test_it_is_separate_too_when_its_institution_is_suspended_or_a_moderator_hides_it(
    consultation, secretariat, comments
):
    kept, first, second = comments
    merge(secretariat, kept, first)
    make.suspend(kept.institution)
    assert listed(consultation) == {first.reference, second.reference}
    merge(secretariat, second, first)
    hide(second)
    assert listed(consultation) == {first.reference}
    truths.assert_all_hold()


def test_what_is_said_to_a_merged_one_is_said_to_the_one_that_stands_for_it(
    consultation, secretariat, comments
):
    kept, first, _second = comments
    other = make.verified_institution()
    merge(secretariat, kept, first)
    reply = write(make.manager(other), consultation, other, parent=first.reference)
    assert reply.parent == kept
    with refused("merged"):
        make.cosign(first, other)


def test_only_public_comments_of_one_place_are_merged(consultation, secretariat, comments):
    kept, first, second = comments
    elsewhere = make.comment(consultation, principle=2)
    reply = make.comment(consultation, parent=kept)
    waiting = make.pending_comment(consultation)
    own = make.pending_comment(consultation, visibility="secretariat")
    for other, code in (
        (elsewhere, "another-place"),
        (reply, "another-place"),
        (make.comment(), "another-place"),
        (waiting, "not-public"),
        (own, "not-public"),
        (kept, "invalid"),
    ):
        with refused(code, *(["references"] if code == "invalid" else [])):
            merge(secretariat, kept, other)
    with refused("invalid", "references"):
        merge(secretariat, kept)
    with refused("not-found"):
        actions.merge_comments(secretariat, comment_id=kept.pk, merged_ids=[uuid4()], at=clock.now())
    merge(secretariat, kept, first)
    with refused("merged"):
        merge(secretariat, first, second)
    with refused("merged-already"):
        merge(secretariat, kept, first)
    with refused("not-merged"):
        separate(secretariat, second)


def test_only_the_secretariat_merges(consultation, comments):
    kept, first, _second = comments
    for person in (make.moderator(consultation), make.manager(kept.institution), make.registrar()):
        with refused("no-role"):
            merge(person, kept, first)
        with refused("no-role"):
            separate(person, first)
