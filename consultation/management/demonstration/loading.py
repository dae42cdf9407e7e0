"""Loading the demonstration, and knowing whether it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from accounts.queries import DEMONSTRATION
from consultation.kit.verb import verb
from consultation.management.demonstration import institutions, people
from consultation.management.demonstration.discussion import Discussion
from consultation.management.demonstration.positions import Positions
from consultation.management.demonstration.script import Script
from consultation.management.demonstration.timeline import Timeline
from consultation.post.models import Message
from consultation.record.models import SITE, Entry
from consultation.record.steps import Facts, record
from consultation.texts.models import Consultation

KIND = "demonstration"
LOADED, CLEARED = f"{KIND}.loaded", f"{KIND}.cleared"
BEFORE_CLOSING = timedelta(hours=1)


@dataclass(frozen=True)
class Demonstration:
    """The demonstration as a subject of the record: that it is complete, or gone, is on record too."""

    slug: str

    def facts(self) -> Facts:
        return Facts(KIND, self.slug)


def is_loaded() -> bool:
    """Whether a demonstration was loaded to its end, and not cleared since."""
    return _last_told() == LOADED


def was_cleared() -> bool:
    """Whether the last that happened to a demonstration was that it was cleared."""
    return _last_told() == CLEARED


def _last_told() -> str | None:
    entries = Entry.objects.filter(stream=SITE, subject_kind=KIND).order_by("-number")
    return entries.values_list("kind", flat=True).first()


def load(consultation: Consultation, script: Script, *, at: datetime) -> None:
    """Everything in the script is said and done; what an interrupted run did already is left as it is.

    Raises Refusal where a verb refuses.
    """
    timeline = _timeline(consultation, at=at)
    people.admit_staff(None, consultation_id=consultation.pk, at=timeline.start)
    institutions.plan(timeline, script.institutions)
    discussion = Discussion(consultation, script)
    discussion.plan(timeline)
    Positions(consultation, script, discussion).plan(timeline)
    timeline.run()
    finish(None, slug=consultation.slug)
    cache.delete(DEMONSTRATION)


def _timeline(consultation: Consultation, *, at: datetime) -> Timeline:
    rounds = [each for each in consultation.rounds.all() if each.opens_comment and each.opens_at <= at]
    if not rounds:
        return Timeline(at, at)
    newest = max(rounds, key=lambda each: each.opens_at)
    end = at if newest.closes_at is None else min(at, newest.closes_at - BEFORE_CLOSING)
    return Timeline(newest.opens_at, max(end, newest.opens_at))


@verb
def finish(actor: None, *, slug: str) -> None:
    """The demonstration is there. Mails about acts of past weeks to imagined people are not sent."""
    Message.objects.filter(person__demonstration=True, job_state=Message.State.WAITING).delete()
    record(actor, LOADED, Demonstration(slug))
