"""Changing what was published: readers keep the words they know until a moderator releases the new ones."""

import pytest

from consultation.comments import queries
from consultation.comments.queries import CommentFilters
from consultation.moderation.models import Case, Reason
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, counted, edit, hide, is_public, restore, withdraw
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment():
    return make.comment(body="We praise the walrus.")


def shown(comment):
    return anew(comment).shown.body


def finds(comment, q):
    found = queries.of_consultation(comment.consultation, filters=CommentFilters(q=q))
    return list(found) == [comment]


def test_an_edit_waits_while_readers_keep_the_words_they_know(comment):
    edited = edit(comment, "We praise the ostrich.")
    assert (edited.state, edited.latest.number, edited.shown.number) == ("published", 2, 1)
    assert (edited.public_since, edited.edited_at) == (comment.public_since, None)
    case = Case.objects.get(item=comment.item, closed_at=None)
    assert (case.revision, [each.code for each in case.reasons.all()]) == (2, [Reason.EDITED])
    truths.assert_all_hold()


def test_a_released_edit_is_what_readers_see_and_the_record_says_so(comment):
    released = make.decide(edit(comment, "We praise the ostrich."), "approve")
    assert (released.shown.number, released.public_since) == (2, comment.public_since)
    assert released.edited_at is not None
    newest = Entry.objects.filter(subject_kind="comment", public=True).latest("number")
    assert (newest.kind, newest.revision) == ("comment.revised", 2)
    assert counted(comment.consultation) == {1: 1}
    truths.assert_all_hold()


def test_refusing_a_revision_changes_nothing_for_readers(comment):
    before = Entry.objects.filter(public=True).count()
    returned = make.decide(edit(comment, "We praise the ostrich."), "return")
    assert (returned.state, returned.shown.number, returned.latest.number) == ("published", 1, 2)
    assert (shown(comment), Entry.objects.filter(public=True).count()) == ("We praise the walrus.", before)
    truths.assert_all_hold()


def test_an_edit_may_be_edited_again_before_anybody_read_it(comment):
    edit(comment, "We praise the ostrich.")
    twice = edit(comment, "We praise the panda.")
    assert Case.objects.get(item=comment.item, closed_at=None).revision == 3
    assert make.decide(twice, "approve").shown.body == "We praise the panda."
    truths.assert_all_hold()


def test_a_colleague_may_edit_a_stranger_may_not(comment):
    with refused("no-mandate"):
        edit(comment, "Mine.", by=make.manager(make.verified_institution()))
    colleague = make.representative(comment.institution)
    edited = edit(comment, "Ours.", by=colleague)
    assert (edited.latest.author, edited.author) == (colleague, comment.author)


def test_search_finds_the_words_that_readers_see_and_no_others(comment):
    noise = make.comment(comment.consultation, body="We praise the tapir.")
    edit(comment, "We praise the ostrich.")
    assert (finds(comment, "walrus"), finds(comment, "ostrich")) == (True, False)
    make.decide(anew(comment), "approve")
    assert (finds(comment, "walrus"), finds(comment, "ostrich")) == (False, True)
    assert (finds(noise, "tapir"), finds(noise, "walrus")) == (True, False)


def test_search_finds_the_proposed_wording_the_passage_and_the_reference():
    consultation = make.consultation()
    comment = make.comment(
        consultation,
        proposed_text="Strike the heron.",
        passage={"exact": "open to review", "prefix": "", "suffix": ""},
    )
    make.comment(consultation)
    assert [finds(comment, q) for q in ("heron", '"open to review"', "p1-1", "-register", "heron -open")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("act", [hide, withdraw])
def test_search_finds_nothing_that_readers_can_not_read(comment, act):
    act(comment)
    assert not finds(comment, "walrus")
    assert not finds(comment, comment.reference)


def test_nothing_to_look_for_finds_nothing(comment):
    assert not finds(comment, "…")
    assert not finds(comment, "-")


def test_a_hidden_comment_comes_back_with_the_words_that_readers_knew(comment):
    make.decide(edit(comment, "Refused words."), "return")
    hide(comment)
    restored = restore(comment)
    assert (restored.shown.body, is_public(restored)) == ("We praise the walrus.", True)
    truths.assert_all_hold()


def test_a_hidden_comment_can_not_be_edited(comment):
    hide(comment)
    with refused("not-a-draft"):
        edit(comment, "Other words.")


def test_an_edit_of_a_comment_that_waits_for_its_institution_appears_with_its_newest_released_words():
    institution = make.institution()
    comment = make.comment(institution=institution, body="First words.")
    make.decide(edit(comment, "Second words."), "approve")
    edit(comment, "Third words.")
    make.verify(institution)
    appeared = Entry.objects.get(kind="comment.appeared")
    assert (shown(comment), appeared.revision) == ("Second words.", 2)
    truths.assert_all_hold()


def test_the_words_of_all_revisions_stay(comment):
    make.decide(edit(comment, "We praise the ostrich."), "approve")
    bodies = comment.revisions.order_by("number").values_list("number", "body")
    assert list(bodies) == [(1, "We praise the walrus."), (2, "We praise the ostrich.")]


def test_the_public_reads_the_revisions_it_was_shown_the_institution_all(comment):
    make.decide(edit(comment, "Refused."), "return")
    make.decide(edit(comment, "Released."), "approve")
    waiting = edit(comment, "Waiting.")
    assert [each.number for each in queries.revisions(waiting, unseen=False)] == [1, 3]
    assert [each.number for each in queries.revisions(waiting, unseen=True)] == [1, 2, 3, 4]
