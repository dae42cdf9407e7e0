"""What becomes of each synthetic comment, decided by dice before anything is written."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consultation.comments.models import CommentState, Kind, Visibility
from consultation.management.volume import words
from consultation.management.volume.bulk import identifier
from consultation.management.volume.institutions import Voice
from consultation.moderation.models import Action

FATES = {
    CommentState.PUBLISHED: 90,
    CommentState.PENDING: 5,
    CommentState.RETURNED: 2,
    CommentState.REJECTED: 2,
    CommentState.WITHDRAWN: 1,
}
DECISIONS = {
    CommentState.PUBLISHED: Action.APPROVE,
    CommentState.RETURNED: Action.RETURN,
    CommentState.REJECTED: Action.REJECT,
}
REPLIES = 0.12
FOR_SECRETARIAT = 0.01
WHOLE_TEXT = 0.05
LONGEST_WAIT = timedelta(hours=60)
_KINDS, _KIND_WEIGHTS = [Kind.GENERAL, Kind.TECHNICAL, Kind.EDITORIAL], [50, 35, 15]


@dataclass(slots=True)
class Comment:
    """One comment to come: `settled_at` is when it was decided or withdrawn, `public_at` when it appeared."""

    pk: UUID
    number: int
    at: datetime
    voice: Voice
    place: int | None
    kind: Kind
    language: str
    visibility: Visibility
    fate: CommentState
    settled_at: datetime | None
    public_at: datetime | None
    parent: Comment | None
    first: bool

    @property
    def action(self) -> Action | None:
        """How it was decided, if it was."""
        return DECISIONS.get(self.fate)


def comments(
    count: int, voices: Sequence[Voice], *, places: int, seed: int, opens_at: datetime, until: datetime
) -> list[Comment]:
    """So many comments in the order of sending, spread over the round until now, on so many principles."""
    dice = random.Random(f"{seed} comments")
    span = until - opens_at
    moments = sorted(opens_at + span * dice.random() for _ in range(count))
    planned: list[Comment] = []
    public: list[Comment] = []
    approved: dict[int, datetime] = {}
    for number, at in enumerate(moments):
        one = _one(dice, number, at, dice.choice(voices), places, public, approved, until)
        planned.append(one)
        if one.public_at is not None:
            public.append(one)
        if one.action == Action.APPROVE and one.settled_at is not None:
            earlier = approved.get(one.voice.institution, one.settled_at)
            approved[one.voice.institution] = min(earlier, one.settled_at)
    return planned


def _one(
    dice: random.Random,
    number: int,
    at: datetime,
    voice: Voice,
    places: int,
    public: Sequence[Comment],
    approved: dict[int, datetime],
    until: datetime,
) -> Comment:
    parent = _parent(dice, public, at) if dice.random() < REPLIES else None
    whole = dice.random() < WHOLE_TEXT
    hidden = parent is None and dice.random() < FOR_SECRETARIAT
    fate = dice.choices(list(FATES), list(FATES.values()))[0]
    settled = None if fate == CommentState.PENDING else min(at + LONGEST_WAIT * dice.random(), until)
    known = approved.get(voice.institution)
    shown = fate == CommentState.PUBLISHED and voice.verified_at is not None and not hidden
    return Comment(
        pk=identifier(dice, at),
        number=number,
        at=at,
        voice=voice,
        place=parent.place if parent else None if whole else dice.randrange(places),
        kind=dice.choices(_KINDS, _KIND_WEIGHTS)[0],
        language=words.language(dice),
        visibility=Visibility.SECRETARIAT if hidden else Visibility.NAMED,
        fate=fate,
        settled_at=settled,
        public_at=settled if shown else None,
        parent=parent,
        first=known is None or known > at,
    )


def _parent(dice: random.Random, public: Sequence[Comment], at: datetime) -> Comment | None:
    """A comment that was public by then; none where the one that the dice name was not."""
    chosen = dice.choice(public) if public else None
    return chosen if chosen is not None and chosen.public_at is not None and chosen.public_at <= at else None
