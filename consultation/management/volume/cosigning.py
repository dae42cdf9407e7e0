"""Co-signatures between institutions that are heard."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultation.comments.models import Cosignature, Stance
from consultation.kit.verb import verb
from consultation.management.volume import bulk
from consultation.management.volume.comments import Ground
from consultation.management.volume.institutions import Named, Voice
from consultation.management.volume.plan import Comment as Planned
from consultation.moderation.models import Item, Party
from consultation.record.steps import Facts, record

BATCH = 10_000
# Of the public comments this share is taken up by others, by a few of them each.
TAKEN_UP = 0.15
MOST = 6
AGREE_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Given:
    """One co-signature to come."""

    key: UUID
    comment: Planned
    voice: Voice
    stance: Stance
    at: datetime


def write(ground: Ground, planned: Sequence[Planned], voices: Sequence[Voice], *, until: datetime) -> None:
    """Some public comments are taken up by other institutions."""
    heard = [voice for voice in voices if voice.verified_at is not None]
    for batch in bulk.batches(_plan(ground.seed, planned, heard, until), BATCH):
        give(None, ground=ground, batch=batch)


def _plan(seed: int, planned: Sequence[Planned], heard: Sequence[Voice], until: datetime) -> Iterator[Given]:
    dice = random.Random(f"{seed} cosignatures")
    for comment in planned:
        if comment.public_at is None or dice.random() >= TAKEN_UP:
            continue
        chosen = dice.sample(heard, min(len(heard), dice.randint(1, MOST)))
        for voice in chosen:
            stance = Stance.AGREE if dice.random() < AGREE_SHARE else Stance.DISAGREE
            at = comment.public_at + (until - comment.public_at) * dice.random()
            if voice.institution != comment.voice.institution:
                yield Given(bulk.identifier(dice, at), comment, voice, stance, at)


@verb
def give(actor: None, *, ground: Ground, batch: Sequence[Given]) -> None:
    """These co-signatures are given, and their institutions have a part in what they co-signed."""
    items = dict(
        Item.objects.filter(comment__in=[each.comment.pk for each in batch]).values_list("comment", "pk")
    )
    rows = [
        {
            "id": each.key,
            "comment_id": each.comment.pk,
            "institution_id": each.voice.institution,
            "stance": each.stance.value,
            "person_id": each.voice.person,
            "at": each.at,
        }
        for each in batch
    ]
    bulk.insert(Cosignature, rows)
    bulk.insert(
        Party,
        [{"item_id": items[each.comment.pk], "institution_id": each.voice.institution} for each in batch],
    )
    for each in batch:
        principle = ground.principle(each.comment)
        facts = Facts(
            "cosignature",
            str(each.key),
            consultation=ground.consultation.pk,
            institution=each.voice.institution,
            principle=principle.number if principle else None,
        )
        record(User(pk=each.voice.person), "cosignature.given", Named(facts), public=True)
