"""Switching the moderation policy: what it will do is told before, and done."""

from datetime import timedelta

import pytest
from django.test import Client

from consultation.kit import clock
from consultation.moderation.models import Case, Reason
from consultation.post.models import Message
from consultation.standing import policies
from consultation.texts.models import Consultation
from tests import factories as make
from tests import truths
from tests.comments.acts import anew, edit, is_public
from tests.endorsements.acts import anew as position_anew
from tests.moderation.acts import claim, open_case
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def world(kept):
    """Under `pre`: plain ones that wait, one with a link, an edit, one sent again, one being read."""
    consultation = make.consultation()
    trusted = make.verified_institution()
    public = make.comment(consultation, trusted)
    plain = make.pending_comment(consultation, trusted)
    edited = edit(public, "Said better.")
    return {
        "consultation": consultation,
        "plain": plain,
        "edited": edited,
        "linked": make.pending_comment(consultation, trusted, body="See https://x.example"),
        "first": make.pending_comment(consultation),
        "again": edit(make.decide(make.pending_comment(consultation, trusted), "return"), "Mended."),
        "read": _being_read(make.pending_comment(consultation, trusted)),
        "unverified": make.pending_comment(consultation, make.institution()),
        "statement": make.endorsement(consultation, trusted, statement="We agree."),
        "desk": Client(),
    }


def _being_read(comment):
    claim(make.moderator(comment.consultation), open_case(comment))
    return comment


def switch(world, policy, **more):
    """The secretariat chooses another policy on its page and looks at what that does; then confirms."""
    consultation, desk = world["consultation"], world["desk"]
    desk.force_login(make.secretariat(consultation))
    address = f"/secretariat/{consultation.slug}/facts/"
    [form] = [each for each in read(desk.get(address)).forms if "policy" in each.fields]
    asked = read(desk.post(address, form.filled(policy=policy, **more)))
    assert Consultation.objects.get(pk=consultation.pk).policy == "pre"
    [form] = [each for each in asked.forms if "policy" in each.fields]
    done = desk.post(address, form.filled())
    assert done.status_code == 303, done.content.decode()
    return asked.text


def test_what_publishes_at_once_releases_what_waits_but_for_what_a_moderator_asked_about(world):
    told = switch(world, "post")
    for sentence in (
        "6 contributions that wait are published at once.",
        "3 of them stay in the queue all the same: a signal spoke up.",
        "2 contributions go on waiting for a moderator.",
    ):
        assert sentence in told
    for name in ("plain", "edited", "linked", "first"):
        comment = anew(world[name])
        assert (is_public(comment), comment.shown_id) == (True, comment.latest_id), name
    assert (anew(world["again"]).state, anew(world["read"]).state) == ("pending", "pending")
    assert (anew(world["unverified"]).state, is_public(world["unverified"])) == ("published", False)
    assert position_anew(world["statement"]).effective_at
    left = Case.objects.filter(consultation=world["consultation"], closed_at=None)
    names = ("linked", "first", "again", "read", "unverified")
    assert set(left.values_list("item", flat=True)) == {world[name].item_id for name in names}
    linked = open_case(world["linked"]).reasons.values_list("code", flat=True)
    assert list(linked) == [Reason.LINKS]
    assert Message.objects.filter(kind="comment-published", person=world["plain"].author).exists()
    truths.assert_all_hold()


def test_trusting_releases_what_trusted_institutions_sent(world):
    told = switch(world, "trusted", trusted_after=1)
    assert "4 contributions that wait are published at once." in told
    assert "1 of them stays in the queue all the same: a signal spoke up." in told
    assert (is_public(world["plain"]), is_public(world["first"])) == (True, False)
    truths.assert_all_hold()


def test_what_was_decided_or_taken_meanwhile_is_left_alone_and_nothing_public_is_taken_back(world):
    consultation = world["consultation"]
    at = clock.now() + timedelta(hours=1)
    assert policies.effects(consultation, "post", trusted_after=3, at=at).waiting == 1
    make.decide(world["plain"], "reject")
    switch(world, "post")
    assert anew(world["plain"]).state == "rejected"
    Consultation.objects.filter(pk=consultation.pk).update(policy="post")
    consultation.refresh_from_db()
    back = policies.effects(consultation, "pre", trusted_after=3, at=clock.now())
    assert (back.published, back.reviewed, back.waiting) == (0, 0, 2)
    truths.assert_all_hold()
