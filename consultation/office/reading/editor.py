"""The editor of a consultation's text: its principles, and one of them in each of its languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from consultation.kit import languages
from consultation.kit.redline import as_html, redline
from consultation.kit.text import UnfitText, clean
from consultation.pages.reading import edition
from consultation.texts import drafts
from consultation.texts import queries as texts
from consultation.texts.drafts import Words, Writing
from consultation.texts.models import Consultation, ConsultationRole, Principle, Translation

Role = ConsultationRole.Role


def consultation(person: User, slug: str) -> Consultation | None:
    """A consultation of which the person is secretariat."""
    return texts.consultations_with_role(person, Role.SECRETARIAT).filter(slug=slug).first()


@dataclass(frozen=True)
class Row:
    """One principle in the list: its title as it is to be, what is drafted, and where it may move."""

    principle: Principle
    title: str
    lang: str
    url: str
    drafted: list[str]
    up: str = ""
    down: str = ""

    @property
    def number(self) -> int:
        return self.principle.number


@dataclass(frozen=True)
class Contents:
    """All principles of a consultation, those in force apart from those that were withdrawn."""

    consultation: Consultation
    title: str
    rows: list[Row]
    withdrawn: list[Row]
    order: str


def contents(found: Consultation) -> Contents:
    """The list, a fixed number of queries."""
    reader = get_language() or "en"
    writings = drafts.writings(drafts.principles(found))
    present = [each for each in writings if each.principle.withdrawn_at is None]
    numbers = [each.principle.number for each in present]
    rows = [
        _row(each, reader, up=_swapped(numbers, at - 1), down=_swapped(numbers, at))
        for at, each in enumerate(present)
    ]
    gone = [_row(each, reader) for each in writings if each.principle.withdrawn_at is not None]
    return Contents(found, found.title(reader), rows, gone, " ".join(map(str, numbers)))


def _row(writing: Writing, reader: str, *, up: str = "", down: str = "") -> Row:
    principle, known = writing.principle, {**writing.current, **writing.drafted}
    language = languages.choose(list(known), reader, writing.authoritative) or writing.authoritative
    return Row(
        principle,
        writing.standing(language)[0],
        languages.html_lang(language),
        reverse("office:principle", args=[principle.consultation.slug, principle.number]),
        [languages.name(code, reader) for code in sorted(writing.drafted)],
        up,
        down,
    )


def _swapped(numbers: list[int], at: int) -> str:
    """The order after the principle at this place and the next one changed places; empty where none can."""
    if not 0 <= at < len(numbers) - 1:
        return ""
    swapped = [*numbers[:at], numbers[at + 1], numbers[at], *numbers[at + 2 :]]
    return " ".join(map(str, swapped))


@dataclass(frozen=True)
class Tongue:
    """One of the consultation's languages, and how far the text is there in it."""

    code: str
    lang: str
    dir: str
    name: str
    url: str
    state: str
    current: bool


@dataclass(frozen=True)
class Sheet:
    """One principle in one language as it is being edited."""

    writing: Writing
    language: str
    tongues: list[Tongue]
    # The published version that this language stopped at, if it lags behind.
    behind: int | None = None
    reference: Words | None = None
    # What a text that lags behind says, and what changed since in the authoritative one.
    earlier: Words | None = None
    since: dict[str, Any] | None = None

    @property
    def principle(self) -> Principle:
        return self.writing.principle

    @property
    def consultation(self) -> Consultation:
        return self.writing.principle.consultation

    @property
    def words(self) -> Words:
        return self.writing.standing(self.language)

    @property
    def start(self) -> Words:
        """What the form holds at first: a text that lags behind is mended rather than written anew."""
        return self.words if any(self.words) else self.earlier or self.words

    @property
    def base(self) -> str:
        return drafts.token(self.words)

    @property
    def tongue(self) -> Tongue:
        return next(each for each in self.tongues if each.current)

    @property
    def original(self) -> Tongue:
        return next(each for each in self.tongues if each.code == self.writing.authoritative)

    @property
    def drafted(self) -> bool:
        return self.language in self.writing.drafted

    @property
    def heading(self) -> str:
        return self.principle.headings.get(self.language, "")

    @property
    def may_confirm(self) -> bool:
        """Whether the present translation can be said to hold while the authoritative text changes."""
        return not self.drafted and self.language in self.writing.left_behind()

    @property
    def url(self) -> str:
        return self.tongue.url


def principle(person: User, slug: str, number: int) -> Writing | None:
    """One principle of a consultation of which the person is secretariat, as read and as being written."""
    found = consultation(person, slug)
    row = drafts.principles(found).filter(number=number).first() if found else None
    return drafts.writings([row])[0] if row else None


def sheet(writing: Writing, language: str) -> Sheet:
    """The editor's page in this language; in the authoritative one where the consultation lacks it."""
    found = writing.principle.consultation
    chosen = language if language in found.languages else writing.authoritative
    behind = drafts.translations_behind(writing.principle)
    original = writing.standing(writing.authoritative)
    then = drafts.words_at(writing.principle, behind[chosen]) if chosen in behind else {}
    before = then.get(writing.authoritative)
    return Sheet(
        writing,
        chosen,
        [_tongue(writing, code, behind.get(code), current=code == chosen) for code in found.languages],
        behind.get(chosen),
        None if chosen == writing.authoritative else original,
        then.get(chosen),
        redlines(before, original) if before else None,
    )


def _tongue(writing: Writing, code: str, behind: int | None, *, current: bool) -> Tongue:
    address = reverse(
        "office:principle", args=[writing.principle.consultation.slug, writing.principle.number]
    )
    return Tongue(
        code,
        languages.html_lang(code),
        languages.direction(code),
        languages.name(code, get_language() or "en"),
        f"{address}?language={code}",
        _state(writing, code, behind),
        current,
    )


def _state(writing: Writing, code: str, behind: int | None) -> str:
    if code in writing.drafted:
        return _("draft")
    if code in writing.current:
        return _("published")
    if behind is not None:
        return _("version %(number)d only") % {"number": behind}
    return _("not there yet")


def preview(number: int, language: str, body: str) -> edition.Edition:
    """The words as readers will see them; nothing of a text that can't be kept."""
    try:
        body = clean(body)
    except UnfitText:
        body = ""
    return edition.plain(Principle(number=number), Translation(language=language, body=body))


@dataclass(frozen=True)
class Changed:
    """What would change in one language; a language that is new has no redline, only words."""

    lang: str
    dir: str
    name: str
    title: SafeString
    body: SafeString
    new: bool


def changes(writing: Writing, texts_after: dict[str, Words]) -> list[Changed]:
    """Each language in which the text would be another, the authoritative one first."""
    reader, told = get_language() or "en", []
    for code in sorted(texts_after, key=lambda each: (each != writing.authoritative, each)):
        before, after = writing.current.get(code), texts_after[code]
        if before == after:
            continue
        title, body = (compared(old, new) for old, new in zip(before or ("", ""), after, strict=True))
        told.append(
            Changed(
                languages.html_lang(code),
                languages.direction(code),
                languages.name(code, reader),
                title,
                body,
                before is None,
            )
        )
    return told


def compared(old: str, new: str) -> SafeString:
    """What changed from one text to the other, marked up; a text that is new throughout is not marked."""
    return as_html(redline(old, new) if old else redline(new, new))


def redlines(old: Words, new: Words) -> dict[str, Any]:
    """What changed in a title and in a body."""
    return {"title": compared(old[0], new[0]), "body": compared(old[1], new[1])}


@dataclass(frozen=True)
class Left:
    """A translation that nobody worked on while the authoritative text changes."""

    code: str
    name: str


def left_behind(writing: Writing) -> list[Left]:
    """Which present translations have to be carried over, or will lag behind."""
    reader = get_language() or "en"
    return [Left(code, languages.name(code, reader)) for code in writing.left_behind()]


@dataclass(frozen=True)
class Notes:
    """The languages of a consultation for words that are given in several: the authoritative one first."""

    authoritative: str
    names: dict[str, str] = field(default_factory=dict)


def notes(found: Consultation) -> Notes:
    """In which languages something may be said to readers of this consultation."""
    reader = get_language() or "en"
    codes = sorted(found.languages, key=lambda each: each != found.authoritative)
    return Notes(found.authoritative, {code: languages.name(code, reader) for code in codes})


def next_number(found: Consultation) -> int:
    """The number that a principle added now would have."""
    return max(drafts.principles(found).values_list("number", flat=True), default=0) + 1


def number_of(found: Consultation, subjects: list[tuple[str, str]]) -> int:
    """The number of the principle that an act was about."""
    [(_label, key)] = subjects
    return drafts.principles(found).values_list("number", flat=True).get(pk=key)
