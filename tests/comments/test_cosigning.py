"""Co-signing another institution's comment, disagreeing with it, and taking that back."""

import pytest

from accounts.models import Power
from consultation.comments import actions, queries
from consultation.comments.models import Cosignature
from consultation.digests.folding import Happening, fold
from consultation.kit import clock
from consultation.moderation.models import Party
from consultation.record.models import Entry
from tests import factories as make
from tests import truths
from tests.comments.acts import hide, withdraw
from tests.refusals import refused
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment():
    return make.comment()


@pytest.fixture
def institution():
    return make.verified_institution()


def cosign(comment, institution, stance, *, by=None):
    actions.cosign_comment(
        by or make.manager(institution),
        comment_id=comment.pk,
        institution_id=institution.pk,
        stance=stance,
        at=clock.now(),
    )


def counted(comment):
    [card] = queries.with_cards(queries.public().filter(pk=comment.pk))
    [row] = queries.with_counts(queries.public().filter(pk=comment.pk))
    assert queries.cosigns(card) == {"agree": row.agreed, "disagree": row.disagreed}
    assert queries.agreeing(queries.public()).get(comment.pk, 0) == row.agreed
    return row.agreed, row.disagreed


def told():
    kinds = Entry.objects.filter(subject_kind="cosignature", public=True).order_by("stream", "number")
    return list(kinds.values_list("kind", flat=True))


def test_an_institution_agrees_changes_its_mind_and_takes_it_back_each_act_a_row(comment, institution):
    noise = make.comment(comment.consultation)
    make.cosign(noise)
    cosign(comment, institution, "agree")
    assert counted(comment) == (1, 0)
    cosign(comment, institution, "disagree")
    assert counted(comment) == (0, 1)
    cosign(comment, institution, None)
    assert counted(comment) == (0, 0)
    rows = Cosignature.objects.filter(comment=comment).order_by("at")
    assert [(row.stance, row.ended_at is None) for row in rows] == [("agree", False), ("disagree", False)]
    assert told()[1:] == ["cosignature.given", "cosignature.ended", "cosignature.given", "cosignature.ended"]


def test_saying_the_same_again_changes_nothing(comment, institution):
    for _ in range(2):
        cosign(comment, institution, "agree")
    assert (counted(comment), len(told())) == ((1, 0), 1)
    for _ in range(2):
        cosign(comment, institution, None)
    assert (counted(comment), len(told())) == ((0, 0), 2)


def test_a_colleague_who_contributes_may_cosign_others_may_not(comment, institution):
    for person in (
        make.person(),
        make.manager(comment.institution),
        make.representative(institution, Power.SIGN),
    ):
        with refused("no-mandate"):
            cosign(comment, institution, "agree", by=person)
    cosign(comment, institution, "agree", by=make.representative(institution))
    assert counted(comment) == (1, 0)


def test_nobody_cosigns_for_the_institution_that_wrote_it(comment):
    with refused("own-comment"):
        cosign(comment, comment.institution, "agree")


def test_an_institution_cosigns_once_it_is_verified(comment):
    waiting = make.institution()
    with refused("not-verified"):
        cosign(comment, waiting, "agree")
    make.verify(waiting)
    cosign(comment, waiting, "agree")
    make.suspend(waiting)
    with refused("institution-barred"):
        cosign(comment, waiting, None)


def test_only_what_is_public_is_cosigned(comment, institution):
    for hidden in (hide(comment), make.pending_comment(), make.draft(), withdraw(make.comment())):
        with refused("not-found"):
            cosign(hidden, institution, "agree")
    secret = make.comment(visibility="secretariat")
    with refused("not-found"):
        cosign(secret, institution, "agree")


def test_there_are_two_things_to_say(comment, institution):
    with refused("invalid", "position"):
        cosign(comment, institution, "love")


def test_who_cosigned_has_a_part_in_the_comment_for_ever(comment, institution):
    cosign(comment, institution, "disagree")
    cosign(comment, institution, None)
    parties = Party.objects.filter(item=comment.item).order_by("pk")
    assert [row.institution for row in parties] == [comment.institution, institution]


def test_what_a_suspended_institution_cosigned_is_neither_shown_nor_counted_until_it_is_verified_again(
    comment, institution
):
    cosign(comment, institution, "agree")
    make.cosign(comment)
    make.suspend(institution)
    assert counted(comment) == (1, 0)
    assert told() == ["cosignature.given", "cosignature.given", "cosignature.vanished"]
    make.verify(institution)
    assert counted(comment) == (2, 0)
    assert told()[3:] == ["cosignature.appeared"]


def test_the_record_alone_tells_which_cosignatures_stand(comment, institution):
    cosign(comment, institution, "agree")
    make.cosign(comment)
    make.suspend(institution)
    entries = Entry.objects.filter(stream=comment.consultation_id, public=True).order_by("number")
    standing = fold(Happening(each.number, each.kind, each.subject_key) for each in entries)
    kept = Cosignature.objects.exclude(institution=institution)
    assert standing.cosignatures == {str(row.pk) for row in kept}


@pytest.mark.django_db(transaction=True)
def test_colleagues_who_cosign_at_the_same_moment_leave_one_row_in_force():
    comment, institution = make.comment(), make.verified_institution()
    people = [make.representative(institution) for _ in range(4)]
    stances = ["agree", "disagree", "agree", None]
    at_once(
        [
            lambda person=person, stance=stance: cosign(comment, institution, stance, by=person)
            for person, stance in zip(people, stances, strict=True)
        ]
    )
    in_force = Cosignature.objects.filter(ended_at=None)
    assert in_force.count() <= 1
    assert counted(comment) == (
        in_force.filter(stance="agree").count(),
        in_force.filter(stance="disagree").count(),
    )
    given, ended = told().count("cosignature.given"), told().count("cosignature.ended")
    assert (given, given - ended) == (Cosignature.objects.count(), in_force.count())
    truths.assert_all_hold()
