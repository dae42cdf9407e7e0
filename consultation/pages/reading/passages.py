"""Which passages of a text have comments, and which: the lemmas of the edition."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from consultation.comments import queries as comments
from consultation.kit import passage
from consultation.kit.passage import Span
from consultation.record import queries as record
from consultation.texts.models import Principle, Translation

KEPT = 24 * 3600
_WORDS = re.compile(r"(\d{1,7})-(\d{1,7})")


@dataclass(frozen=True)
class Group:
    """One passage and the comments on it, the weightiest first. `words` names it in addresses."""

    span: Span
    keys: list[UUID]

    @property
    def words(self) -> str:
        return f"{self.span.start}-{self.span.end}"


def groups(principle: Principle, translation: Translation) -> list[Group]:
    """The passages of this text that have public comments, in the order of the text; kept under the stamp.

    A comment on another text or language is found where its words stand here too.
    """
    stamp = record.stamp(principle.consultation_id, principle.number)
    key = f"passages-1:{translation.pk}:{stamp}"
    kept: list[Group] | None = cache.get(key)
    if kept is None:
        kept = _grouped(principle, translation.body)
        cache.set(key, kept, KEPT)
    return kept


def _grouped(principle: Principle, text: str) -> list[Group]:
    public = comments.public().filter(principle=principle)
    weights = comments.agreeing(public)
    by_span: dict[Span, list[UUID]] = defaultdict(list)
    known: dict[tuple[str, ...], Span | None] = {}
    for key, selector in comments.passages(public):
        parts = tuple(selector.get(name) or "" for name in ("exact", "prefix", "suffix"))
        if parts not in known:
            known[parts] = passage.find(text, *parts)
        if (span := known[parts]) is not None:
            by_span[span].append(key)
    # Keys are in the order of their making (UUIDv7): of those that weigh alike the newest comes first.
    return [
        Group(span, sorted(sorted(keys, reverse=True), key=lambda key: -weights.get(key, 0)))
        for span, keys in sorted(by_span.items())
    ]


def asked(words: str, text: str) -> Span | None:
    """The passage that `?words=START-END` names, in code points of this text; None for anything else."""
    found = _WORDS.fullmatch(words)
    if found is None:
        return None
    span = Span(int(found[1]), int(found[2]))
    return span if 0 <= span.start < span.end <= len(text) else None


def on(span: Span, found: list[Group]) -> list[UUID]:
    """The comments on exactly this passage, the weightiest first."""
    return next((group.keys for group in found if group.span == span), [])
