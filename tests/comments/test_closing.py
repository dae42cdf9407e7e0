"""A hundred submissions racing a closing time, through the site's own handler: none lost, none double."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import count
from threading import Lock
from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.models import Power
from consultation.comments.models import Comment, CommentDraft, CommentRevision
from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts.models import Round
from consultation.web import middleware
from tests import factories as make
from tests import truths
from tests.together import at_once

MOMENT = timedelta(microseconds=1)


class Arrivals:
    """A clock for the door alone: each request that comes gets the next of these moments."""

    def __init__(self, moments):
        self.moments, self.next, self.lock = moments, count(), Lock()

    def now(self):
        with self.lock:
            return self.moments[next(self.next)]


@pytest.fixture
def world():
    consultation = make.consultation(policy="post")
    institution = make.verified_institution()
    people = [make.representative(institution, Power.CONTRIBUTE) for _each in range(4)]
    closing = clock.now() + timedelta(minutes=10)
    Round.objects.filter(consultation=consultation).update(closes_at=closing)
    return SimpleNamespace(consultation=consultation, institution=institution, people=people, closing=closing)


def by_page(world, person, number):
    client = Client()
    client.force_login(person)
    fields = {
        "institution": world.institution.slug,
        "kind": "general",
        "body": f"Words {number}.",
        "language": "en",
        "visibility": "named",
        "claim": f"claim-{number}",
        "do": "send",
    }
    address = f"/consultations/{world.consultation.slug}/write/?principle=1"
    return lambda: client.post(address, fields).status_code


def by_program(world, token, number):
    client = Client()
    fields = {
        "institution": world.institution.slug,
        "principle": 1,
        "kind": "general",
        "body": f"Words {number}.",
        "language": "en",
    }
    headers = {"Authorization": f"Token {token}", "Idempotency-Key": f"key-{number}"}
    address = f"/api/v1/consultations/{world.consultation.slug}/comments/"
    return lambda: client.post(address, fields, content_type="application/json", headers=headers).status_code


@pytest.mark.parametrize("number", [16, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.django_db(transaction=True)
def test_each_submission_around_the_closing_time_is_sent_in_time_or_kept_as_a_draft(
    world, number, monkeypatch
):
    tokens = [make.token(person) for person in world.people]
    doors = [
        by_page(world, world.people[each % 4], each)
        if each % 2
        else by_program(world, tokens[each % 4], each)
        for each in range(number)
    ]
    # Half of them in the last microseconds, half from the closing time on, in no order.
    moments = [world.closing + (each - number // 2) * MOMENT for each in range(number)]
    random.Random(5).shuffle(moments)
    monkeypatch.setattr(middleware, "clock", Arrivals(moments))
    statuses = at_once(doors)

    sent = CommentRevision.objects.filter(comment__consultation=world.consultation)
    kept = CommentDraft.objects.filter(comment__consultation=world.consultation)
    words = {f"Words {each}." for each in range(number)}
    bodies = [*sent.values_list("body", flat=True), *kept.values_list("body", flat=True)]
    assert (set(bodies), len(bodies)) == (words, number)
    assert Comment.objects.count() == number
    in_time = {each for each in moments if each < world.closing}
    assert set(sent.values_list("at", flat=True)) == in_time
    assert set(kept.values_list("saved_at", flat=True)) == set(moments) - in_time
    references = sorted(Comment.objects.exclude(reference=None).values_list("reference", flat=True))
    assert references == sorted(f"P1-{each}" for each in range(1, number // 2 + 1))
    assert Entry.objects.filter(kind="comment.submitted").count() == number // 2
    told = {status: statuses.count(status) for status in set(statuses)}
    assert (told.get(201, 0) + told.get(409, 0), told[303]) == (number // 2, number // 2)
    truths.assert_all_hold()
