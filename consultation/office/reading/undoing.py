"""What a moderator decided a moment ago, and can still undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from consultation.moderation import queries as moderation
from consultation.moderation.handlers import describe
from consultation.moderation.models import UNDO_WITHIN
from consultation.office import wording
from consultation.office.reading.case import decided
from consultation.web.answers import new_claim


@dataclass(frozen=True)
class Undoable:
    """The decision in words, the address that undoes it, and until when."""

    title: str
    words: str
    url: str
    until: datetime
    claim: str


def last(person: User, *, at: datetime) -> Undoable | None:
    """The person's last decision while its minute runs."""
    decision = moderation.undoable(person, at=at)
    if decision is None:
        return None
    item = decision.case.item
    return Undoable(
        wording.what(item.kind, describe([item])[item.pk].reference),
        decided(decision),
        reverse("office:case", args=[decision.case_id]),
        decision.at + UNDO_WITHIN,
        new_claim(),
    )
