"""A principle's text as an annotated edition: numbered paragraphs, marked passages, notes beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from consultation.comments import queries as comments
from consultation.comments.models import Comment
from consultation.kit import passage, redline
from consultation.kit.languages import html_lang
from consultation.kit.passage import Span
from consultation.pages.reading import cards, passages
from consultation.pages.reading.passages import Earlier, Gone, Group
from consultation.texts.models import Principle, Translation

# Passages whose notes stand open in the margin: others are shut to their lemma until they are chosen.
OPEN_NOTES = 4
# Passages whose notes hold comments at all, and how many: the discussion has the others.
FULL_NOTES = 40
COMMENTS_A_NOTE = 2
MUCH = 5
LEMMA_LIMIT = 90
TAIL = 24
NOTE_LIMIT = 400
# Passages that are no longer in the text, and how many of the comments on each are named.
GONE_SHOWN = 20
GONE_COMMENTS = 5


@dataclass
class Piece:
    """A run of words: plain, or part of a passage that leads to its note. `tail` is kept with the count."""

    text: str
    anchor: str = ""
    count: int = 0
    much: bool = False
    chosen: bool = False
    tail: str = ""
    ends: bool = False


@dataclass
class Paragraph:
    """A numbered paragraph with the notes that stand before it."""

    number: int
    label: str
    pieces: list[Piece] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Edition:
    """A principle's text in one language. `chosen` is the passage that the address names.

    `gone` are passages of earlier versions of which nothing is left in it, `more_gone` how many others.
    """

    language: str
    paragraphs: list[Paragraph]
    gone: list[dict[str, Any]] = field(default_factory=list)
    more_gone: int = 0
    chosen: Span | None = None
    chosen_words: str = ""


def of(principle: Principle, translation: Translation, *, words: str = "") -> Edition:
    """The text with its notes; `words` is what the address says of the chosen passage."""
    text = translation.body
    marked = passages.marked(principle, translation)
    found = marked.groups
    chosen = passages.asked(words, text)
    edition = plain(principle, translation, chosen, found)
    notes = _notes(principle, text, found, chosen)
    starts = [span.start for span in passage.paragraphs(text)]
    for group, note in zip(found, notes, strict=True):
        at = max((index for index, start in enumerate(starts) if start <= group.span.start), default=0)
        note["back"] = f"#p{at + 1}"
        edition.paragraphs[at].notes.append(note)
    edition.gone = _gone(translation, principle, marked.gone[:GONE_SHOWN])
    edition.more_gone = max(0, len(marked.gone) - GONE_SHOWN)
    if chosen is not None:
        edition.chosen, edition.chosen_words = chosen, text[chosen.start : chosen.end]
    return edition


def plain(
    principle: Principle, translation: Translation, chosen: Span | None = None, groups: Iterable[Group] = ()
) -> Edition:
    """The text alone, in numbered paragraphs; without groups nothing in it is marked."""
    text, spans = translation.body, list(groups)
    names: list[tuple[int | None, Span]] = [(index, group.span) for index, group in enumerate(spans)]
    if chosen is not None and all(group.span != chosen for group in spans):
        names.append((None, chosen))
    places = passage.paragraphs(text)
    paragraphs = [
        Paragraph(
            number,
            f"{principle.number}.{number}",
            _pieces(pieces, place, spans, chosen),
        )
        for number, (place, pieces) in enumerate(
            zip(places, passage.mark_paragraphs(text, names), strict=True), start=1
        )
    ]
    return Edition(html_lang(translation.language), paragraphs)


def _pieces(
    marked: list[tuple[str, list[int | None]]], place: Span, groups: list[Group], chosen: Span | None
) -> list[Piece]:
    pieces, start = [], place.start
    for text, names in marked:
        end = start + len(text)
        pieces.append(_piece(text, end, names, groups, chosen))
        start = end
    return pieces


def _piece(text: str, end: int, names: list[int | None], groups: list[Group], chosen: Span | None) -> Piece:
    """Where passages overlap, the words belong to the one that ends first: its count stands at its end."""
    known = [name for name in names if name is not None]
    if not known:
        return Piece(text, chosen=bool(names))
    index = min(known, key=lambda each: (groups[each].span.end, -groups[each].span.start))
    group = groups[index]
    piece = Piece(
        text,
        anchor=f"n{index + 1}",
        count=len(group.keys),
        much=len(group.keys) > MUCH,
        chosen=chosen == group.span or None in names,
        ends=end >= group.span.end,
    )
    if piece.ends:
        piece.text, piece.tail = _with_tail(text)
    return piece


def _with_tail(text: str) -> tuple[str, str]:
    """The words but the last, and the last one; a sign or two where a script has no spaces."""
    head, space, tail = text.rpartition(" ")
    if len(tail) <= TAIL:
        return head + space, tail
    return text[:-2], text[-2:]


def _notes(principle: Principle, text: str, groups: list[Group], chosen: Span | None) -> list[dict[str, Any]]:
    ranks = {index: rank for rank, index in enumerate(_by_weight(groups, chosen))}
    wanted = [
        key
        for index, group in enumerate(groups)
        if ranks[index] < FULL_NOTES
        for key in group.keys[:COMMENTS_A_NOTE]
    ]
    rows = comments.with_cards(comments.public().filter(pk__in=wanted), of=())
    shown = {each.pk: each for each in rows}
    base = reverse("pages:principle", args=[principle.consultation.slug, principle.number])
    notes = []
    for index, group in enumerate(groups):
        told = [shown[key] for key in group.keys[:COMMENTS_A_NOTE] if key in shown]
        shut = ranks[index] >= OPEN_NOTES and group.span != chosen
        notes.append(_note(index, group, text, told, chosen, base) | {"shut": shut})
    return notes


def _by_weight(groups: list[Group], chosen: Span | None) -> list[int]:
    """The chosen passage, then those with most comments, then as they stand in the text."""
    return sorted(
        range(len(groups)), key=lambda index: (groups[index].span != chosen, -len(groups[index].keys), index)
    )


def _note(
    index: int, group: Group, text: str, shown: list[Comment], chosen: Span | None, base: str
) -> dict[str, Any]:
    count = len(group.keys)
    return {
        "anchor": f"n{index + 1}",
        "passage": cards.shortened(text[group.span.start : group.span.end], LEMMA_LIMIT),
        "count": count,
        "chosen": group.span == chosen,
        "comments": [
            cards.note(each, NOTE_LIMIT)
            | {"earlier": _earlier(group.earlier.get(each.pk), text[group.span.start : group.span.end], base)}
            for each in shown
        ],
        "more": count - len(shown) if count > len(shown) else 0,
        "more_url": f"{base}?words={group.words}#discussion",
    }


def _earlier(told: Earlier | None, words: str, base: str) -> dict[str, Any] | None:
    """That a comment was made on another version, and what was changed in its words since."""
    if told is None:
        return None
    changes = redline.as_html(redline.redline(told.words, words)) if told.words else ""
    return {"version": told.version, "url": f"{base}?version={told.version}", "changes_html": changes}


def _gone(translation: Translation, principle: Principle, gone: list[Gone]) -> list[dict[str, Any]]:
    """The passages that are no longer there, with the version they were in and the comments on them."""
    wanted = [key for each in gone for key in each.keys[:GONE_COMMENTS]]
    slug = principle.consultation.slug
    references = comments.references(map(str, wanted)) if wanted else {}
    base = reverse("pages:principle", args=[slug, principle.number])
    return [
        {
            "words": cards.shortened(each.words, cards.LEMMA),
            "version": each.version,
            "url": f"{base}?version={each.version}&text={translation.language}",
            "comments": [
                {"reference": found, "url": reverse("pages:comment", args=[slug, found])}
                for key in each.keys[:GONE_COMMENTS]
                if (found := references.get(str(key)))
            ],
            "more": max(0, len(each.keys) - GONE_COMMENTS),
        }
        for each in gone
    ]
