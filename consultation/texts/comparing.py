"""What changed between two versions of a principle, or between the whole text at two moments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from consultation.kit import alignment
from consultation.kit.redline import Op, Paragraph, in_paragraphs, redline
from consultation.texts.models import PrincipleVersion, Translation
from consultation.texts.states import Part, State

Pieces = list[tuple[Op, str]]


class Fate(StrEnum):
    """What became of a principle from one text to the other."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Compared:
    """One principle in both texts, in one language. `earlier` and `later` are its versions, if any."""

    number: int
    fate: Fate
    language: str
    heading: Pieces
    title: Pieces
    body: list[Paragraph]
    earlier: PrincipleVersion | None
    later: PrincipleVersion | None


@dataclass(frozen=True)
class Moved:
    """A principle that stands elsewhere in the order now: after which other; None: first."""

    number: int
    after: int | None


@dataclass(frozen=True)
class Comparison:
    """The whole text at two moments."""

    preamble_language: str
    preamble: list[Paragraph]
    parts: list[Compared]
    moved: list[Moved]

    @property
    def changed(self) -> list[Compared]:
        """Those principles whose words, or whose place in the text, are not what they were."""
        return [part for part in self.parts if part.fate is not Fate.SAME]

    @property
    def preamble_changed(self) -> bool:
        return any(not paragraph.is_all(Op.SAME) for paragraph in self.preamble)


def in_one_language(
    old: PrincipleVersion, new: PrincipleVersion, language: str
) -> tuple[Translation, Translation]:
    """Both texts in the language asked for; where one of them lacks it, both in the authoritative one."""
    earlier, later = ({each.language: each for each in version.translations.all()} for version in (old, new))
    if language in earlier and language in later:
        return earlier[language], later[language]
    return tuple(  # type: ignore[return-value]
        next(each for each in side.values() if each.authoritative) for side in (earlier, later)
    )


def versions(number: int, old: PrincipleVersion, new: PrincipleVersion, language: str) -> Compared:
    """Two versions of a principle, in the language asked for if both are there in it."""
    return _both(Part(number, old, {}), Part(number, new, {}), *in_one_language(old, new, language))


def whole(old: State, new: State, language: str, authoritative: str) -> Comparison:
    """All principles of both texts in the order of the new one; those that are gone stand where they were."""
    before = {part.number: part for part in old.parts}
    after = {part.number: part for part in new.parts}
    common = language if language in old.preambles and language in new.preambles else authoritative
    return Comparison(
        common,
        in_paragraphs(old.preambles.get(common, ""), new.preambles.get(common, "")),
        [_compared(before.get(each), after.get(each), language) for each in _order(old, new)],
        _moved(old, new),
    )


def _order(old: State, new: State) -> list[int]:
    order = [part.number for part in new.parts]
    last: int | None = None
    for part in old.parts:
        if part.number not in order:
            order.insert(order.index(last) + 1 if last is not None else 0, part.number)
        last = part.number
    return order


def _compared(old: Part | None, new: Part | None, language: str) -> Compared:
    if old is not None and new is not None:
        earlier, later = in_one_language(old.version, new.version, language)
        return _both(old, new, earlier, later)
    here, op, fate = (old, Op.REMOVED, Fate.REMOVED) if new is None else (new, Op.ADDED, Fate.ADDED)
    assert here is not None
    words = here.words(language)
    texts = ("", words.body) if fate is Fate.ADDED else (words.body, "")
    heading = here.headings.get(words.language, "")
    return Compared(
        here.number,
        fate,
        words.language,
        [(op, heading)] if heading else [],
        [(op, words.title)],
        _wholly(in_paragraphs(*texts), op),
        old.version if old else None,
        new.version if new else None,
    )


def _wholly(paragraphs: list[Paragraph], op: Op) -> list[Paragraph]:
    """Its last paragraph ends with it, rather than with what follows."""
    return [paragraph._replace(end=op) for paragraph in paragraphs]


def _both(old: Part, new: Part, earlier: Translation, later: Translation) -> Compared:
    heading = redline(old.headings.get(earlier.language, ""), new.headings.get(later.language, ""))
    title = redline(earlier.title, later.title)
    body = in_paragraphs(earlier.body, later.body)
    same = all(op is Op.SAME for op, _text in [*heading, *title]) and all(
        paragraph.is_all(Op.SAME) and paragraph.end is Op.SAME for paragraph in body
    )
    fate = Fate.SAME if same else Fate.CHANGED
    return Compared(new.number, fate, later.language, heading, title, body, old.version, new.version)


def _moved(old: State, new: State) -> list[Moved]:
    """The fewest principles that, put elsewhere, turn the old order into the new one."""
    before = [part.number for part in old.parts]
    after = [part.number for part in new.parts if part.number in before]
    stayed = alignment.rising(
        [(at, after.index(number)) for at, number in enumerate(before) if number in after]
    )
    kept = {before[at] for at, _place in stayed}
    return [Moved(number, _one_before(after, number)) for number in after if number not in kept]


def _one_before(order: list[int], number: int) -> int | None:
    at = order.index(number)
    return order[at - 1] if at else None
