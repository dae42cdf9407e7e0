"""Folding the public record up to a number: what stood then. Pure; knows no table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Happening:
    """One public entry of a consultation's record, as far as folding needs it."""

    number: int
    kind: str
    key: str
    principle: int | None = None
    revision: int | None = None
    institution: int | None = None


@dataclass
class Standing:
    """What stands after the entries folded so far; keys are those of the rows.

    `comments` and `endorsements` map a key to the number of the entry that last changed them,
    `revisions` a comment to the revision the public sees, `speakers` a comment or an endorsement to the
    institution it stood under, `versions` a principle to its current version; `withdrawn` are principles.
    """

    comments: dict[str, int] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    cosignatures: set[str] = field(default_factory=set)
    endorsements: dict[str, int] = field(default_factory=dict)
    speakers: dict[str, int] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)


def fold(entries: Iterable[Happening]) -> Standing:
    """Return what stands after `entries`, which come in the order of their numbers.

    Kinds that change nothing a digest shows are passed over, so that the record may learn new ones.
    """
    standing = Standing()
    for entry in entries:
        _apply(standing, entry)
    return standing


def _apply(standing: Standing, entry: Happening) -> None:
    match entry.kind:
        case "comment.appeared" | "comment.revised" | "comment.set_back" | "comment.moved":
            standing.comments[entry.key] = entry.number
            standing.revisions[entry.key] = entry.revision or 1
            standing.speakers[entry.key] = entry.institution or 0
        case "comment.vanished":
            standing.comments.pop(entry.key, None)
            standing.revisions.pop(entry.key, None)
        case "cosignature.given" | "cosignature.appeared":
            standing.cosignatures.add(entry.key)
        case "cosignature.ended" | "cosignature.vanished":
            standing.cosignatures.discard(entry.key)
        case "endorsement.took_effect":
            standing.endorsements[entry.key] = entry.number
            standing.speakers[entry.key] = entry.institution or 0
        case "endorsement.lost_effect":
            standing.endorsements.pop(entry.key, None)
        case "version.published":
            if entry.principle is not None:
                standing.versions[entry.principle] = entry.revision or 1
        case "principle.withdrawn":
            standing.withdrawn.add(entry.principle or 0)
