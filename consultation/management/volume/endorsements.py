"""Synthetic positions: proposed, signed, released where they have a statement, in effect if heard."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.models import User
from consultation.endorsements.models import Endorsement, EndorsementState, Position, PositionCount
from consultation.endorsements.steps import KIND
from consultation.kit.verb import verb
from consultation.management.volume import bulk, moderating, words
from consultation.management.volume.comments import Ground
from consultation.management.volume.institutions import Named, Voice
from consultation.management.volume.moderating import Judged
from consultation.moderation.models import Action
from consultation.record.steps import Facts, record
from consultation.texts.models import Principle

BATCH = 5000
POSITIONS = {Position.ENDORSE: 80, Position.RESERVATION: 12, Position.DECLINE: 8}
LONGEST_WAIT = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Signed:
    """One position to come."""

    key: UUID
    voice: Voice
    principle: Principle
    position: Position
    statement: str
    language: str
    at: datetime
    released_at: datetime
    judged: Judged | None


def write(ground: Ground, count: int, voices: Sequence[Voice], *, until: datetime) -> None:
    """So many positions, at most one for each institution and principle."""
    for batch in bulk.batches(_plan(ground, count, voices, until), BATCH):
        sign(None, ground=ground, batch=batch)


def _plan(ground: Ground, count: int, voices: Sequence[Voice], until: datetime) -> Iterator[Signed]:
    dice = random.Random(f"{ground.seed} endorsements")
    pairs = dice.sample(range(len(voices) * len(ground.principles)), count)
    for pair in pairs:
        voice, place = divmod(pair, len(ground.principles))
        at = ground.round.opens_at + (until - ground.round.opens_at) * dice.random()
        yield _one(dice, ground, voices[voice], ground.principles[place], at, until)


def _one(
    dice: random.Random, ground: Ground, voice: Voice, principle: Principle, at: datetime, until: datetime
) -> Signed:
    position = dice.choices(list(POSITIONS), list(POSITIONS.values()))[0]
    language = words.language(dice)
    statement = words.paragraph(dice, language) if position == Position.RESERVATION else ""
    released = min(at + LONGEST_WAIT * dice.random(), until) if statement else at
    judged = moderating.judged(
        dice,
        at,
        kind=KIND,
        principle=principle.pk,
        institution=voice.institution,
        language=language,
        settled_at=released,
        action=Action.APPROVE,
        first=False,
    )
    key = bulk.identifier(dice, at)
    return Signed(
        key, voice, principle, position, statement, language, at, released, judged if statement else None
    )


@verb
def sign(actor: None, *, ground: Ground, batch: Sequence[Signed]) -> None:
    """These positions are signed, released, and in effect where their institution is heard."""
    judged = [each.judged for each in batch if each.judged is not None]
    with bulk.keys_checked_at_once():
        moderating.write(ground.consultation, ground.moderator.pk, ground.clause, judged)
        bulk.insert(Endorsement, [_proposal(ground, each) for each in batch])
        _move_on(batch)
    _count([each for each in batch if each.voice.verified_at])
    for each in batch:
        _note(ground, each)


def _proposal(ground: Ground, each: Signed) -> dict[str, Any]:
    return {
        "id": each.key,
        "consultation_id": ground.consultation.pk,
        "institution_id": each.voice.institution,
        "principle_id": each.principle.pk,
        "version_id": each.principle.current_id,
        "position": each.position.value,
        "statement": each.statement,
        "language": each.language,
        "proposed_by_id": each.voice.person,
        "made_at": each.at,
    }


def _move_on(batch: Sequence[Signed]) -> None:
    signed = [
        {
            "pk": each.key,
            "state": EndorsementState.SIGNED.value,
            "signed_at": each.at,
            "signed_by": each.voice.person,
            "signed_as": each.voice.version,
            "item": each.judged.item if each.judged else None,
        }
        for each in batch
    ]
    bulk.update(
        Endorsement,
        signed,
        pk="uuid",
        state="text",
        signed_at="timestamptz",
        signed_by="bigint",
        signed_as="bigint",
        item="uuid",
    )
    released = [
        {
            "pk": each.key,
            "released": True,
            "effective_at": each.released_at if each.voice.verified_at else None,
        }
        for each in batch
    ]
    bulk.update(Endorsement, released, pk="uuid", released="boolean", effective_at="timestamptz")


def _count(effective: Sequence[Signed]) -> None:
    totals = Counter((each.principle, each.position) for each in effective)
    for principle, position in sorted(totals, key=lambda each: (each[0].number, each[1])):
        place = {"principle": principle, "version": principle.current, "position": position}
        PositionCount.objects.bulk_create([PositionCount(**place)], ignore_conflicts=True)
        PositionCount.objects.filter(**place).update(count=F("count") + totals[principle, position])


def _note(ground: Ground, each: Signed) -> None:
    place = {
        "consultation": ground.consultation.pk,
        "institution": each.voice.institution,
        "principle": each.principle.number,
    }
    position, author = Named(Facts("endorsement", str(each.key), **place)), User(pk=each.voice.person)
    record(author, "endorsement.signed", position)
    if each.judged is None:
        if each.voice.verified_at:
            record(author, "endorsement.took_effect", position, public=True)
        return
    case = Named(Facts("case", str(each.judged.case), revision=1, **place))
    record(author, "case.opened", case)
    record(ground.moderator, "case.claimed", case)
    if each.voice.verified_at:
        record(ground.moderator, "endorsement.took_effect", position, public=True)
    record(ground.moderator, "case.approve", case)
