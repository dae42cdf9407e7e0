"""Where the passages that comments are about stand by now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from consultation.comments.models import Comment, Words
from consultation.kit import passage
from consultation.kit.passage import Span
from consultation.kit.refinding import Fate, Refinder, Whereabouts
from consultation.texts import queries as texts
from consultation.texts.models import Translation

Selector = Mapping[str, str]
PARTS = ("exact", "prefix", "suffix")


@dataclass
class Rereading:
    """Finds passages of several earlier texts in a present one; each passage is looked for once.

    `earlier` are the texts by the key of their version; `known` is what was found, to be kept as long as
    these texts stay as they are.
    """

    text: str
    earlier: Mapping[int, str]
    known: dict[str, Whereabouts | None] = field(default_factory=dict)
    _refinders: dict[int, Refinder] = field(default_factory=dict)

    def find(self, version: int | None, selector: Selector) -> Whereabouts | None:
        """What became of a passage of that version; None if it is in no text that is known.

        A passage of the present text, or of one that is not known, is found where its words stand.
        """
        parts = tuple(selector.get(name) or "" for name in PARTS)
        # A hash, as what people wrote is kept in their comments alone.
        key = hashlib.sha256("\x00".join([str(version), *parts]).encode()).hexdigest()[:32]
        if key not in self.known:
            self.known[key] = self._followed(version, parts) or self._standing(parts)
        return self.known[key]

    def _followed(self, version: int | None, parts: tuple[str, ...]) -> Whereabouts | None:
        if version is None or version not in self.earlier:
            return None
        if version not in self._refinders:
            self._refinders[version] = Refinder(self.earlier[version], self.text)
        return self._refinders[version].find(*parts)

    def _standing(self, parts: tuple[str, ...]) -> Whereabouts | None:
        span = passage.find(self.text, *parts)
        return Whereabouts(Fate.FOUND, span, span) if span else None


@dataclass(frozen=True)
class Now:
    """Where a passage of an earlier version stands in the current one (`version` is its number).

    `words` are what stands there, empty when it is gone; `language` is that of both texts.
    """

    fate: Fate
    version: int
    language: str
    words: str = ""
    span: Span | None = None
    selector: Selector | None = None


def now(said: Sequence[tuple[Comment, Words]]) -> dict[UUID, Now]:
    """What became of the passages of those comments whose principle has another text by now: one query.

    Reads each comment's principle; those on the current text, or without a passage, are left out.
    """
    earlier = [(comment, words) for comment, words in said if words.passage and _stands_on_another(comment)]
    if not earlier:
        return {}
    keys = {comment.version_id for comment, _words in earlier}
    keys |= {comment.principle.current_id for comment, _words in earlier if comment.principle}
    by_version: dict[int, list[Translation]] = {}
    for row in texts.translations_of(key for key in keys if key is not None):
        by_version.setdefault(row.version_id, []).append(row)
    refinders: dict[tuple[int, int], Refinder] = {}
    found = {comment.pk: _now(comment, words, by_version, refinders) for comment, words in earlier}
    return {key: each for key, each in found.items() if each is not None}


def _stands_on_another(comment: Comment) -> bool:
    return comment.principle is not None and comment.version_id not in (None, comment.principle.current_id)


def _now(
    comment: Comment,
    words: Words,
    by_version: Mapping[int, list[Translation]],
    refinders: dict[tuple[int, int], Refinder],
) -> Now | None:
    assert comment.principle is not None
    assert comment.version_id is not None
    assert comment.principle.current_id is not None
    present = {each.language: each for each in by_version.get(comment.principle.current_id, ())}
    for old in _own_language_first(by_version.get(comment.version_id, ()), words.language):
        new = present.get(old.language)
        if new is None:
            continue
        if (old.pk, new.pk) not in refinders:
            refinders[old.pk, new.pk] = Refinder(old.body, new.body)
        parts = {name: (words.passage or {}).get(name) or "" for name in PARTS}
        whereabouts = refinders[old.pk, new.pk].find(**parts)
        if whereabouts is not None:
            return _told(whereabouts, new)
    return None


def _own_language_first(texts: Iterable[Translation], language: str) -> list[Translation]:
    own = language.split("-")[0].lower()
    return sorted(
        texts, key=lambda each: (each.language.split("-")[0].lower() != own, not each.authoritative)
    )


def _told(found: Whereabouts, new: Translation) -> Now:
    number, span = new.version.number, found.now
    if span is None:
        return Now(found.fate, number, new.language)
    words = new.body[span.start : span.end]
    return Now(found.fate, number, new.language, words, span, passage.selector(new.body, *span))
