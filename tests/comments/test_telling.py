"""Those who answered or co-signed a comment hear when it changes in substance, or is withdrawn."""

from datetime import timedelta

import pytest

from consultation.comments import actions
from consultation.kit import clock
from consultation.post.models import Message
from tests import factories as make
from tests.comments.acts import edit, withdraw

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def comment(consultation):
    return make.comment(consultation, body="We ask for a register.")


@pytest.fixture(scope="module")
def others(comment):
    """Somebody who replied twice and co-signed, somebody who disagrees, and one who took it back."""
    replied, disagrees, left = (make.verified_institution() for _ in range(3))
    for _ in range(2):
        make.comment(comment.consultation, replied, parent=comment)
    make.cosign(comment, replied)
    make.cosign(comment, disagrees, "disagree")
    make.cosign(comment, left)
    make.cosign(comment, left, None)
    make.pending_comment(comment.consultation, parent=comment)
    make.comment(comment.consultation, comment.institution, parent=comment)
    return [replied, disagrees]


def told(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("person", flat=True))


def people(institutions):
    return sorted(make.manager(each).pk for each in institutions)


def test_they_hear_once_readers_see_that_it_says_something_else(comment, others):
    edited = edit(comment, "We ask for a register,\n  and for its audit.")
    assert told("comment-changed") == []
    make.decide(edited, "approve")
    assert told("comment-changed") == people(others)
    context = Message.objects.filter(kind="comment-changed").first().context
    assert (context["reference"], "audit" in str(context)) == ("P1-1", False)


def test_white_space_is_no_change_in_substance_and_an_edit_that_came_back_is_none_either(comment, others):
    make.decide(edit(comment, "We ask  for a\nregister."), "approve")
    make.decide(edit(comment, "Something else altogether."), "return")
    assert told("comment-changed") == []


def test_they_hear_that_it_was_withdrawn(comment, others):
    withdraw(comment)
    assert told("comment-withdrawn") == people(others)


def test_what_nobody_ever_read_is_withdrawn_in_silence(consultation):
    withdraw(make.pending_comment(consultation))
    assert told("comment-withdrawn") == []


def test_what_was_said_may_be_taken_back_whenever_the_round_closed(comment, others):
    later = clock.now() + timedelta(days=200)
    [replied, _disagrees] = others
    actions.cosign_comment(
        make.manager(replied), comment_id=comment.pk, institution_id=replied.pk, stance=None, at=later
    )
    assert not comment.cosignatures.filter(institution=replied, ended_at=None).exists()
