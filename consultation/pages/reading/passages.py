"""Which passages of a text have comments, and which: the lemmas of the edition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from uuid import UUID

from django.core.cache import cache

from consultation.comments import queries as comments
from consultation.comments.passages import Rereading
from consultation.comments.queries import Anchor
from consultation.kit.passage import Span
from consultation.kit.refinding import Fate
from consultation.record import queries as record
from consultation.texts import queries as texts
from consultation.texts.models import Principle, Translation

KEPT = 24 * 3600
_WORDS = re.compile(r"(\d{1,7})-(\d{1,7})")


@dataclass(frozen=True)
class Earlier:
    """That a comment was made on an earlier version, and the words it was about where they are others now."""

    version: int
    words: str = ""


@dataclass(frozen=True)
class Group:
    """One passage and the comments on it, the weightiest first. `words` names it in addresses.

    `earlier` tells of those that were made on another version.
    """

    span: Span
    keys: list[UUID]
    earlier: dict[UUID, Earlier] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return f"{self.span.start}-{self.span.end}"


@dataclass(frozen=True)
class Gone:
    """A passage of an earlier version of which nothing is left, and the comments on it."""

    version: int
    words: str
    keys: list[UUID]


@dataclass(frozen=True)
class Marked:
    """The passages of a text that have public comments, in its order; and those that are no longer in it."""

    groups: list[Group]
    gone: list[Gone]


def marked(principle: Principle, translation: Translation) -> Marked:
    """Which passages of this text have public comments; kept under the stamp.

    A comment on another version is found where its passage went; one on another language where its words
    stand here too.
    """
    stamp = record.stamp(principle.consultation_id, principle.number)
    key = f"passages-2:{translation.pk}:{stamp}"
    kept: Marked | None = cache.get(key)
    if kept is None:
        kept = _marked(principle, translation)
        cache.set(key, kept, KEPT)
    return kept


def _marked(principle: Principle, translation: Translation) -> Marked:
    listed = comments.listed().filter(principle=principle)
    weights = comments.agreeing(listed)
    anchors = comments.anchors(listed)
    rereading = _rereading(translation, _other_texts(anchors, translation))
    known = len(rereading.known)
    groups: dict[Span, Group] = {}
    gone: dict[tuple[int, Span, str], Gone] = {}
    for each in anchors:
        found = rereading.find(each.version, each.selector)
        other = each.number if each.version in rereading.earlier else None
        if found is not None and found.now is not None:
            group = groups.setdefault(found.now, Group(found.now, []))
            group.keys.append(each.comment)
            if other is not None:
                words = each.selector["exact"] if found.fate is Fate.CHANGED else ""
                group.earlier[each.comment] = Earlier(other, words)
        elif found is not None and other is not None and other < translation.version.number:
            words = each.selector["exact"]
            gone.setdefault((other, found.was, words), Gone(other, words, [])).keys.append(each.comment)
    if rereading.earlier and len(rereading.known) > known:
        cache.set(_kept_under(rereading, translation), rereading.known, KEPT)
    # Keys are in the order of their making (UUIDv7): of those that weigh alike the newest comes first.
    for keys in [each.keys for each in groups.values()] + [each.keys for each in gone.values()]:
        keys.sort(reverse=True)
        keys.sort(key=lambda key: -weights.get(key, 0))
    return Marked([groups[span] for span in sorted(groups)], [gone[key] for key in sorted(gone)])


def _rereading(translation: Translation, earlier: dict[int, str]) -> Rereading:
    """What was found before is found again: published texts stay as they are, whatever is said of them."""
    rereading = Rereading(translation.body, earlier)
    rereading.known.update(cache.get(_kept_under(rereading, translation)) or {} if earlier else {})
    return rereading


def _kept_under(rereading: Rereading, translation: Translation) -> str:
    return f"refound-1:{translation.pk}:{'-'.join(map(str, sorted(rereading.earlier)))}"


def _other_texts(anchors: list[Anchor], translation: Translation) -> dict[int, str]:
    """The texts in this language of the other versions that passages were taken from, by their keys."""
    versions = {each.version for each in anchors if each.version} - {translation.version_id}
    rows = texts.translations_of(versions).filter(language=translation.language) if versions else ()
    return {row.version_id: row.body for row in rows}


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
