"""Writing the planned comments: drafts, then sent, then decided, as the verbs would have left them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from accounts.models import User
from consultation.comments.models import (
    Comment,
    CommentCount,
    CommentRevision,
    CommentState,
    CommentText,
    Series,
    Visibility,
)
from consultation.comments.steps import KIND
from consultation.comments.wording import Wording, words_hash
from consultation.kit import search
from consultation.kit.verb import verb
from consultation.management.volume import bulk, moderating, words
from consultation.management.volume.institutions import Named
from consultation.management.volume.moderating import Judged
from consultation.management.volume.plan import Comment as Planned
from consultation.record.steps import Facts, record
from consultation.texts.models import Consultation, PolicyClause, Principle, Round

BATCH = 5000
WITH_PASSAGE = 0.4
WITH_PROPOSAL = 0.25


@dataclass(frozen=True)
class Ground:
    """What all comments of one filling stand on."""

    consultation: Consultation
    round: Round
    principles: Sequence[Principle]
    clause: PolicyClause
    moderator: User
    seed: int

    def principle(self, planned: Planned) -> Principle | None:
        """The principle on which a comment is made."""
        return None if planned.place is None else self.principles[planned.place]


@dataclass(frozen=True, slots=True)
class Written:
    """A planned comment with its words and with what moderation makes of it."""

    planned: Planned
    principle: Principle | None
    words: Wording
    vector: str
    judged: Judged

    @property
    def series(self) -> str:
        """The series of its reference."""
        if self.planned.visibility == Visibility.SECRETARIAT:
            return "S"
        return f"P{self.principle.number}" if self.principle else "G"


def write(ground: Ground, planned: Sequence[Planned]) -> None:
    """All of them, in the order of sending, a verb for each batch."""
    for batch in _worded(ground, planned):
        send(None, ground=ground, batch=batch)


def _worded(ground: Ground, planned: Sequence[Planned]) -> Iterator[list[Written]]:
    """Batches with their words; the next one is made while the database takes the last."""
    before: Future[list[Written]] | None = None
    with ThreadPoolExecutor(1) as writer:
        for batch in bulk.batches(planned, BATCH):
            coming = writer.submit(lambda plans: [_written(ground, each) for each in plans], batch)
            if before is not None:
                yield before.result()
            before = coming
        if before is not None:
            yield before.result()


def _written(ground: Ground, planned: Planned) -> Written:
    dice = random.Random(f"{ground.seed} comment {planned.number}")
    principle = ground.principle(planned)
    said = _words(dice, planned, principle)
    exact = (said.passage or {}).get("exact", "")
    judged = moderating.judged(
        dice,
        planned.at,
        kind=KIND,
        principle=principle.pk if principle else None,
        institution=planned.voice.institution,
        language=planned.language,
        settled_at=planned.settled_at,
        action=planned.action,
        first=planned.first,
    )
    return Written(planned, principle, said, search.document(said.body, said.proposed_text, exact), judged)


def _words(dice: random.Random, planned: Planned, principle: Principle | None) -> Wording:
    anchored = principle is not None and planned.parent is None and dice.random() < WITH_PASSAGE
    proposes = dice.random() < WITH_PROPOSAL
    return Wording(
        kind=planned.kind,
        body=words.paragraph(dice, planned.language),
        proposed_text=words.sentence(dice, "en") if proposes else "",
        passage=_passage(dice, principle) if anchored and principle else None,
        language=planned.language,
    )


def _passage(dice: random.Random, principle: Principle) -> dict[str, str]:
    """A sentence of the principle's authoritative text."""
    assert principle.current is not None
    body = next(each.body for each in principle.current.translations.all() if each.authoritative)
    sentences = [each for each in body.replace("\n", " ").split(". ") if each in body and each.strip()]
    return {"exact": dice.choice(sentences or [body]), "prefix": "", "suffix": ""}


@verb
def send(actor: None, *, ground: Ground, batch: Sequence[Written]) -> None:
    """These comments are sent, with references for ever, and decided as planned."""
    references = _references(ground.consultation, batch)
    revisions = bulk.numbers(CommentRevision, len(batch))
    with bulk.keys_checked_at_once():
        judged = [each.judged for each in batch]
        moderating.write(ground.consultation, ground.moderator.pk, ground.clause, judged)
        bulk.insert(Comment, [_draft(ground, each) for each in batch])
        rows = zip(batch, revisions, references, strict=True)
        bulk.insert(CommentRevision, [_revision(each, key, reference) for each, key, reference in rows])
        _move_on(batch, revisions, references)
        published = [each for each in batch if each.planned.fate == CommentState.PUBLISHED]
        texts = [{"comment_id": each.planned.pk, "vector": each.vector} for each in published]
        bulk.insert(CommentText, texts)
    _count(ground.consultation, [each for each in batch if each.planned.public_at])
    for each in batch:
        _note(ground, each)


def _references(consultation: Consultation, batch: Sequence[Written]) -> list[str]:
    """The next references of each series, without gaps; its counter stays locked until all is written."""
    names = sorted({each.series for each in batch})
    Series.objects.bulk_create(
        [Series(consultation=consultation, name=name) for name in names], ignore_conflicts=True
    )
    found = Series.objects.select_for_update(no_key=True, of=("self",)).filter(
        consultation=consultation, name__in=names
    )
    counters = {row.name: row for row in found.order_by("name")}
    given = []
    for each in batch:
        counter = counters[each.series]
        counter.last += 1
        given.append(f"{each.series}-{counter.last}")
    Series.objects.bulk_update(counters.values(), ["last"])
    return given


def _draft(ground: Ground, each: Written) -> dict[str, Any]:
    planned = each.planned
    return {
        "id": planned.pk,
        "consultation_id": ground.consultation.pk,
        "round_id": ground.round.pk,
        "principle_id": each.principle.pk if each.principle else None,
        "version_id": each.principle.current_id if each.principle else None,
        "institution_id": planned.voice.institution,
        "author_id": planned.voice.person,
        "parent_id": planned.parent.pk if planned.parent else None,
        "visibility": planned.visibility.value,
        "made_at": planned.at,
    }


def _revision(each: Written, key: int, reference: str) -> dict[str, Any]:
    return {
        "id": key,
        "comment_id": each.planned.pk,
        "number": 1,
        "words_hash": words_hash(reference, 1, each.words),
        "sent_as_id": each.planned.voice.version,
        "author_id": each.planned.voice.person,
        "at": each.planned.at,
        **each.words.fields(),
    }


def _move_on(batch: Sequence[Written], revisions: Sequence[int], references: Sequence[str]) -> None:
    """Sent and pending; then published, returned, rejected or withdrawn."""
    sent = [_sent(*each) for each in zip(batch, revisions, references, strict=True)]
    bulk.update(
        Comment,
        sent,
        pk="uuid",
        reference="text",
        latest="bigint",
        submitted_at="timestamptz",
        item="uuid",
        state="text",
    )
    moving = [
        pair for pair in zip(batch, revisions, strict=True) if pair[0].planned.fate != CommentState.PENDING
    ]
    bulk.update(
        Comment,
        [_settled(*each) for each in moving],
        pk="uuid",
        state="text",
        shown="bigint",
        settled_at="timestamptz",
        public_since="timestamptz",
        first_public="timestamptz",
    )


def _sent(each: Written, revision: int, reference: str) -> dict[str, Any]:
    return {
        "pk": each.planned.pk,
        "reference": reference,
        "latest": revision,
        "submitted_at": each.planned.at,
        "item": each.judged.item,
        "state": CommentState.PENDING.value,
    }


def _settled(each: Written, revision: int) -> dict[str, Any]:
    return {
        "pk": each.planned.pk,
        "state": each.planned.fate.value,
        "shown": revision if each.planned.fate == CommentState.PUBLISHED else None,
        "settled_at": each.planned.settled_at,
        "public_since": each.planned.public_at,
        "first_public": each.planned.public_at,
    }


def _count(consultation: Consultation, public: Sequence[Written]) -> None:
    totals = Counter(each.principle for each in public)
    for principle in sorted(totals, key=lambda each: each.number if each else 0):
        place = {"principle": principle, "version": principle.current if principle else None}
        CommentCount.objects.bulk_create(
            [CommentCount(consultation=consultation, **place)], ignore_conflicts=True
        )
        CommentCount.objects.filter(consultation=consultation, **place).update(
            count=F("count") + totals[principle]
        )


def _note(ground: Ground, each: Written) -> None:
    planned = each.planned
    place: dict[str, Any] = {
        "consultation": ground.consultation.pk,
        "institution": planned.voice.institution,
        "principle": each.principle.number if each.principle else None,
        "revision": 1,
    }
    comment, case = (
        Named(Facts(KIND, str(planned.pk), **place)),
        Named(Facts("case", str(each.judged.case), **place)),
    )
    author = User(pk=planned.voice.person)
    record(author, "comment.submitted", comment)
    record(author, "case.opened", case)
    if planned.fate == CommentState.WITHDRAWN:
        record(author, "comment.withdrawn", comment)
    if planned.action is None:
        return
    record(ground.moderator, "case.claimed", case)
    if planned.public_at is not None:
        record(ground.moderator, "comment.appeared", comment, public=True)
    record(ground.moderator, f"case.{planned.action}", case)
