"""What the imagined institutions say: comments and replies, decided by moderators, co-signed by others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import cycle
from typing import NamedTuple
from uuid import UUID

from accounts.models import User
from consultation.comments.actions import cosign_comment, write_comment
from consultation.comments.models import Comment, CommentState, Cosignature, Stance
from consultation.comments.wording import Wording
from consultation.management.demonstration import institutions, people
from consultation.management.demonstration.script import CommentPart, Script
from consultation.management.demonstration.timeline import Timeline, spread
from consultation.moderation.actions import claim_case, decide_case
from consultation.moderation.models import Action, Case, Item
from consultation.texts.models import Consultation

# Shares of the demonstration's time.
DISCUSSED = (0.13, 0.93)
ON_FIRST_TEXT = (0.13, 0.62)
ON_SECOND_TEXT = (0.70, 0.93)
STILL_WAITING = (0.955, 0.995)
DECIDED_AFTER = 0.012
COSIGNED_EVERY = 0.003

ACTIONS = {"published": Action.APPROVE, "returned": Action.RETURN, "rejected": Action.REJECT}


class Voice(NamedTuple):
    """A person, and the key of the institution in whose name they act."""

    person: User
    institution: int


@dataclass
class Discussion:
    """The comments of the script, in one consultation."""

    consultation: Consultation
    script: Script
    _moderators: Callable[[], User] = field(init=False)

    def __post_init__(self) -> None:
        turn = cycle([people.person(address) for address in people.MODERATORS])
        self._moderators = lambda: next(turn)
        self._institutions = {part.key: part for part in self.script.institutions}
        self._parts = {part.key: part for part in self.script.comments}
        self._voices: dict[str, Voice] = {}
        self._written: dict[str, UUID] = {}

    def voice(self, key: str) -> Voice:
        """Who speaks for an institution of the script, which is registered by now."""
        if key not in self._voices:
            part = self._institutions[key]
            self._voices[key] = Voice(people.person(part.address), institutions.get(part).pk)
        return self._voices[key]

    def plan(self, timeline: Timeline) -> None:
        """Under each principle in the order of the script; what waits for a moderator comes last."""
        groups: dict[tuple[int | None, int], list[CommentPart]] = defaultdict(list)
        for part in self.script.comments:
            if part.state != "pending":
                groups[part.principle, part.version].append(part)
        for (principle, version), parts in groups.items():
            between = self._span(principle, version)
            for place, part in enumerate(parts):
                self._plan_one(timeline, part, spread(place, len(parts), between=between, sway=part.key))
        waiting = [part for part in self.script.comments if part.state == "pending"]
        for place, part in enumerate(waiting):
            share = spread(place, len(waiting), between=STILL_WAITING)
            timeline.plan(share, partial(self.write, part))

    def _span(self, principle: int | None, version: int) -> tuple[float, float]:
        if principle != self.script.second_text.principle:
            return DISCUSSED
        return ON_FIRST_TEXT if version == 1 else ON_SECOND_TEXT

    def _plan_one(self, timeline: Timeline, part: CommentPart, share: float) -> None:
        timeline.plan(share, partial(self.write, part))
        share += DECIDED_AFTER
        timeline.plan(share, partial(self.decide, part))
        stances = [(key, Stance.AGREE) for key in part.agree] + [
            (key, Stance.DISAGREE) for key in part.disagree
        ]
        for place, (key, stance) in enumerate(stances, start=1):
            timeline.plan(share + place * COSIGNED_EVERY, partial(self.cosign, part, key, stance))

    def find(self, part: CommentPart) -> Comment | None:
        """The comment, if the demonstration's people wrote it already."""
        return Comment.objects.filter(
            consultation=self.consultation,
            author__email=self._institutions[part.institution].address,
            author__demonstration=True,
            revisions__body=part.body,
        ).first()

    def get(self, part: CommentPart) -> Comment:
        """The comment, which is written by now."""
        found = self.find(part)
        assert found is not None, part.key
        return found

    def write(self, part: CommentPart, *, at: datetime) -> None:
        """Its institution's signatory sends it."""
        if self.find(part) is not None:
            return
        voice = self.voice(part.institution)
        written = write_comment(
            voice.person,
            consultation_id=self.consultation.pk,
            institution_id=voice.institution,
            principle_number=part.principle,
            parent_reference=self.get(self._parts[part.parent]).reference if part.parent else None,
            words=Wording(
                kind=part.kind,
                body=part.body,
                proposed_text=part.proposed,
                passage={"exact": part.passage} if part.passage else None,
                language=part.language,
            ),
            at=at,
        )
        self._written[part.key] = written.pk

    def decide(self, part: CommentPart, *, at: datetime) -> None:
        """A moderator takes the case and decides it as the script says."""
        comment = self.get(part)
        if comment.state == CommentState.PENDING and comment.item is not None:
            self.close(
                comment.item,
                ACTIONS[part.state],
                clause=part.decision.get("clause"),
                message=part.decision.get("message", ""),
                at=at,
            )

    def close(
        self, item: Item, action: Action, *, clause: str | None = None, message: str = "", at: datetime
    ) -> None:
        """The next moderator in turn claims the item's open case and decides it."""
        case = Case.objects.get(item=item, closed_at=None)
        moderator = self._moderators()
        claim_case(moderator, case_id=case.pk, at=at)
        decide_case(
            moderator,
            case_id=case.pk,
            action=action,
            clause=clause,
            message=message,
            revision=case.revision,
            at=at,
        )

    def cosign(self, part: CommentPart, key: str, stance: Stance, *, at: datetime) -> None:
        """Another institution agrees or disagrees, once."""
        voice = self.voice(key)
        comment = self._written.get(part.key) or self.get(part).pk
        if Cosignature.objects.filter(comment=comment, institution=voice.institution).exists():
            return
        cosign_comment(
            voice.person,
            comment_id=comment,
            institution_id=voice.institution,
            stance=stance,
            at=at,
        )
