"""Who reads what: the two gates."""

import pytest

from accounts.models import Power
from consultation.comments import actions, queries
from consultation.comments.models import CommentState
from consultation.comments.queries import CommentFilters
from consultation.kit import clock
from consultation.standing.actions import reject_institution
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, counted, edit, hide, is_public, sees, submit, withdraw
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def in_state(state, **facts):
    """A comment in that state."""
    if state == "draft":
        return make.draft(**facts)
    if state == "pending":
        return make.pending_comment(**facts)
    if state in ("returned", "rejected"):
        return make.decide(make.pending_comment(**facts), {"returned": "return", "rejected": "reject"}[state])
    comment = make.comment(**facts)
    return {"published": anew, "hidden": hide, "withdrawn": withdraw}[state](comment)


@pytest.mark.parametrize("state", CommentState.values)
def test_who_sees_a_comment_in_each_state(state):
    comment = in_state(state)
    consultation, institution = comment.consultation, comment.institution
    elsewhere = make.consultation()
    own = [make.manager(institution), make.representative(institution, Power.SIGN)]
    roles = [make.moderator(consultation), make.observer(consultation), make.secretariat(consultation)]
    strangers = [
        None,
        make.person(),
        make.manager(make.verified_institution()),
        make.registrar(),
        make.moderator(elsewhere),
        make.secretariat(elsewhere),
    ]
    assert [sees(each, comment) for each in own] == [True, True]
    assert [sees(each, comment) for each in roles] == [state != "draft"] * 3
    assert [sees(each, comment) for each in strangers] == [state == "published"] * 6
    assert is_public(comment) == (state == "published")


def test_what_is_meant_for_the_secretariat_is_published_for_nobody_and_counts_nowhere():
    comment = make.comment(visibility="secretariat", body="Between us: walrus.")
    make.comment(comment.consultation)
    assert (comment.reference, comment.state, comment.public_since) == ("S-1", "published", None)
    assert not sees(None, comment)
    assert sees(make.secretariat(comment.consultation), comment)
    assert counted(comment.consultation) == {1: 1}
    for q in ("walrus", "S-1"):
        assert not queries.of_consultation(comment.consultation, filters=CommentFilters(q=q)).exists()
    truths.assert_all_hold()


def test_what_is_meant_for_the_secretariat_never_becomes_public_by_any_later_act():
    institution = make.institution()
    comment = make.comment(institution=institution, visibility="secretariat")
    make.verify(institution)
    make.decide(edit(comment, "More of it."), "approve")
    hide(comment)
    make.suspend(institution)
    make.verify(institution)
    assert (is_public(comment), anew(comment).first_public) == (False, None)
    assert not truths.Entry.objects.filter(subject_kind="comment", public=True).exists()


def test_what_is_meant_for_the_secretariat_is_not_answered():
    comment = make.comment(visibility="secretariat")
    with refused("invalid", "parent"):
        make.sent_comment(comment.consultation, parent=comment)


def test_a_published_comment_of_an_unverified_institution_is_public_once_that_is_verified():
    institution = make.institution()
    comment = make.comment(institution=institution)
    assert (comment.state, is_public(comment), counted(comment.consultation)) == ("published", False, {})
    make.verify(institution)
    assert (is_public(comment), counted(comment.consultation)) == (True, {1: 1})
    truths.assert_all_hold()


def test_a_published_comment_of_a_rejected_institution_never_is():
    institution = make.institution()
    comment = make.comment(institution=institution)
    reject_institution(make.registrar(), institution_id=institution.pk, reason="Unknown.", at=clock.now())
    assert not is_public(comment)
    truths.assert_all_hold()


def test_counters_tell_principles_versions_and_the_whole_text_apart():
    consultation, institution = make.consultation(), make.verified_institution()
    for principle in (1, 1, 2, None):
        make.comment(consultation, institution, principle=principle)
    make.pending_comment(consultation, institution)
    make.new_version(consultation, 1)
    make.comment(consultation, institution)
    make.comment(make.consultation(), institution)
    assert counted(consultation) == {1: 3, 2: 1, None: 1}
    assert queries.totals([consultation]) == {consultation.pk: 5}
    truths.assert_all_hold()


def test_lists_are_newest_first_by_when_they_became_public():
    consultation = make.consultation()
    late = make.institution()
    first = make.comment(consultation, late)
    second = make.comment(consultation)
    make.verify(late)
    listed = queries.of_consultation(consultation, filters=CommentFilters())
    assert [each.reference for each in listed] == [first.reference, second.reference]


ASKED = [
    ({}, ["G-1", "P1-1", "P1-2", "P2-1"]),
    ({"principle": 1}, ["P1-1", "P1-2"]),
    ({"whole_text": True}, ["G-1"]),
    ({"kind": "technical"}, ["P1-1"]),
    ({"country": "pe"}, ["G-1", "P1-2", "P2-1"]),
    ({"region": "150"}, ["P1-1"]),
    ({"institution": "oslo"}, ["P1-1"]),
    ({"language": "fr"}, ["P1-1"]),
    ({"parent": "p1-1"}, ["P1-2"]),
    ({"country": "PE", "principle": 1}, ["P1-2"]),
    ({"kind": "technical", "country": "PE"}, []),
    ({"q": "P2-1"}, ["P2-1"]),
    ({"q": "p2-9"}, []),
]


def test_a_list_holds_what_is_asked_for_and_nothing_else():
    consultation = make.consultation()
    oslo = make.verified_institution("Oslo", country="NO", type="university")
    lima = make.verified_institution("Lima", country="PE", type="academy")
    one = make.comment(consultation, oslo, kind="technical", language="fr")
    make.comment(consultation, lima, principle=2, kind="editorial", language="es")
    make.comment(consultation, lima, principle=None, parent=None)
    make.comment(consultation, lima, parent=one)
    make.pending_comment(consultation, oslo)
    make.draft(consultation, oslo)
    make.comment(consultation, make.institution())
    make.comment(make.consultation(), oslo)
    for asked, found in ASKED:
        listed = queries.of_consultation(consultation, filters=CommentFilters(**asked))
        assert (asked, sorted(each.reference for each in listed)) == (asked, found)


def test_a_list_since_a_number_holds_what_appeared_or_changed_after_it():
    consultation = make.consultation()
    changed, same = make.comment(consultation), make.comment(consultation)
    since = truths.Stream.objects.get(pk=consultation.pk).public_number
    edit(same, "Not released.")
    make.decide(edit(changed, "Other words."), "approve")
    make.comment(consultation)
    listed = queries.of_consultation(consultation, filters=CommentFilters(since=since))
    assert sorted(each.reference for each in listed) == ["P1-1", "P1-3"]


@pytest.mark.parametrize("number", [1, 3])
def test_cards_cost_two_queries_whatever_the_number(number, django_assert_num_queries):
    consultation = make.consultation()
    for _ in range(number):
        make.cosign(make.comment(consultation))
    make.draft(consultation)
    with django_assert_num_queries(2):
        for card in queries.with_cards(queries.public()):
            assert card.institution.current.name
            assert (card.consultation.slug, card.principle.number, card.version.number) == (
                consultation.slug,
                1,
                1,
            )
            assert (card.shown.body, card.parent, queries.cosigns(card)["agree"]) == (
                card.latest.body,
                None,
                1,
            )


def test_a_draft_of_a_published_edit_is_with_the_institution_only():
    comment = make.comment()
    actions.save_draft(
        make.manager(comment.institution), comment_id=comment.pk, words=make.words("Not yet."), at=clock.now()
    )
    assert (anew(comment).latest.number, anew(comment).shown.number) == (1, 1)
    assert submit(comment).latest.body == "Not yet."
