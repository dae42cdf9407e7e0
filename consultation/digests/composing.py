"""From content to a readable document in one language. Every fixed word of it is translated here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import geography
from consultation.digests import bounds, cards
from consultation.digests.content import ENDORSING, Comment, Content, Institution, Position, Principle
from consultation.digests.document import (
    Country,
    Discussion,
    Document,
    Fact,
    Paragraph,
    Section,
    Stance,
    Standing,
    Words,
)
from consultation.kit import languages, markdown
from consultation.kit.fold import sort_key


@dataclass(frozen=True)
class Issue:
    """What tells one digest from another with the same content: language, key, edition."""

    id: str
    language: str
    edition: int = 1


def compose(content: Content, issue: Issue) -> Document:
    """Return the readable digest in the language of the issue."""
    with translation.override(issue.language):
        return _document(content, issue)


def _document(content: Content, issue: Issue) -> Document:
    language = issue.language
    sections = [_principle(content, principle, language) for principle in content.principles]
    if content.scope is None:
        sections.append(_whole_text(content, language))
    title = content.in_language(content.titles, language)
    return Document(
        language=languages.html_lang(language),
        direction=languages.direction(language),
        kind=_("Digest"),
        title=cards.words(title, _language_of(content.titles, language, content.authoritative)),
        subject=_subject(content),
        as_of=_as_of(content, language),
        notes=tuple(_notes(content, language)),
        facts=tuple(_figures(content)),
        reading_title=_("How to read this digest"),
        reading=tuple(_reading(content)),
        contents_title=_("Contents"),
        sections=tuple(sections),
        colophon_title=_("How to cite, and how to check"),
        colophon=tuple(_colophon(content, issue, title)),
    )


def _language_of(words: Mapping[str, str], language: str, authoritative: str) -> str:
    return languages.choose(list(words), language, authoritative) or language


def _subject(content: Content) -> str:
    if content.scope is not None:
        return _("Principle %(number)d: who said what") % {"number": content.scope}
    return _("Who said what on each principle")


def moment(content: Content, language: str) -> str:
    """The time of the cut-off in the consultation's own zone and in UTC."""
    locale = cards.locale(language)
    own = _moment(content, content.zone, locale)
    return own if content.zone == "UTC" else f"{own} ({_moment(content, 'UTC', locale)})"


def _moment(content: Content, zone: str, locale: Locale) -> str:
    at = content.cutoff_at.astimezone(ZoneInfo(zone))
    time = format_time(at, "HH:mm", locale=locale)
    named = "UTC" if zone == "UTC" else get_timezone_name(at, locale=locale)
    return str(get_datetime_format("medium", locale=locale)).format(
        f"{time} {named}", format_date(at, "long", locale=locale)
    )


def _as_of(content: Content, language: str) -> str:
    facts = {"moment": moment(content, language), "number": content.cutoff}
    if content.since is not None:
        facts["since"] = content.since
        return _("What came after record number %(since)d, up to number %(number)d: %(moment)s") % facts
    return _("As it stood at record number %(number)d: %(moment)s") % facts


def _notes(content: Content, language: str) -> Iterable[Words]:
    if content.demonstration:
        yield cards.words(_("Demonstration. The institutions and what they say are imagined."), language)
    if note := content.in_language(content.notes, language):
        yield cards.words(markdown.plain(note), _language_of(content.notes, language, content.authoritative))


def _figures(content: Content) -> Iterable[Fact]:
    heard = content.heard()
    shown = [comment for comment in content.comments if comment.withheld is None]
    yield Fact(_("Institutions heard"), str(len(heard)))
    yield Fact(_("Countries"), str(len({institution.country for institution in heard})))
    yield Fact(_("Comments"), str(len(shown)))
    yield Fact(_("Endorsements of the present text"), str(sum(_supports(each) for each in content.positions)))


def _supports(position: Position) -> bool:
    return position.position in ENDORSING and not position.to_reaffirm


def _reading(content: Content) -> Iterable[str]:
    yield _(
        "This digest holds what was public at its cut-off, and nothing that came later. Each comment is "
        "cited by its reference, such as P3-42, which is never given to another one."
    )
    yield _(
        "The words before a closing bracket are those that a comment is about. In a proposed wording, what "
        "is added is underlined and what is removed is struck."
    )
    yield _(
        "An institution that takes no position is silent. Silence is shown as silence and counts neither "
        "for nor against. An endorsement of an earlier text counts for the present one only once it is "
        "re-affirmed."
    )
    if content.withheld:
        yield ngettext(
            "%(number)d text that was public at the cut-off is withheld in this edition. Its place says so.",
            "%(number)d texts that were public at the cut-off are withheld in this edition. Their places say "
            "so.",
            len(content.withheld),
        ) % {"number": len(content.withheld)}


def _colophon(content: Content, issue: Issue, title: str) -> Iterable[Fact]:
    address = f"{content.address}/consultations/{content.slug}/digests/{issue.id}/"
    cited = _("%(title)s. Digest as of record number %(number)d (%(day)s), edition %(edition)d.") % {
        "title": title,
        "number": content.cutoff,
        "day": format_date(content.cutoff_at, "long", locale=cards.locale(issue.language)),
        "edition": issue.edition,
    }
    yield Fact(_("Cite as"), cited)
    yield Fact(_("Address"), address, address)
    yield Fact(_("Licence of the contributions"), content.licence)
    yield Fact(_("Number of the digest"), issue.id)
    yield Fact(_("SHA-256 of its manifest"), content.manifest_sha256)
    yield Fact(
        _("Everything in full"),
        _("The CSV and JSON files of this digest hold every public comment and position of its cut-off."),
    )


def _principle(content: Content, principle: Principle, language: str) -> Section:
    version = principle.version
    text = version.in_language(language)
    positions = content.positions_on(principle.number)
    comments = content.comments_on(principle.number)
    heading = content.in_language(principle.headings, language)
    room = bounds.Room()
    room.give(2 * bounds.lines(text.body))
    return Section(
        anchor=f"p{principle.number}",
        number=str(principle.number),
        title=cards.words(text.title, text.language),
        heading=cards.words(heading, _language_of(principle.headings, language, text.language))
        if heading
        else None,
        version=_withdrawn(principle, language) or _version(principle, language),
        paragraphs=tuple(
            Paragraph(f"{principle.number}.{place}", cards.words(paragraph, text.language))
            for place, paragraph in enumerate(markdown.paragraphs(text.body), start=1)
        ),
        standing=_standing(content, positions, language, room, instead=_withdrawn(principle, language)),
        discussion=_discussion(
            content, comments, language, room, none=_("Nobody has commented on this principle.")
        ),
    )


def _withdrawn(principle: Principle, language: str) -> str:
    """That a principle is no longer part of the text; nothing where it is."""
    if not principle.withdrawn_at:
        return ""
    day = cards.day(principle.withdrawn_at, language)
    return _("This principle was withdrawn on %(day)s. Positions on it are not counted.") % {"day": day}


def _version(principle: Principle, language: str) -> str:
    version = principle.version
    day = cards.day(version.published_at, language)
    if version.number == 1:
        return _("First text, published on %(day)s") % {"day": day}
    facts = {"number": version.number, "day": day}
    if version.change == "substantive":
        return _("Text %(number)d, changed in substance on %(day)s") % facts
    return _("Text %(number)d, edited on %(day)s") % facts


def _standing(
    content: Content, positions: list[Position], language: str, room: bounds.Room, *, instead: str = ""
) -> Standing:
    named = len(positions) <= bounds.NAMES
    room.give(len(positions) if named else 2 * len({each.institution.country for each in positions}))
    stances = [
        _stance(kind, label, [each for each in positions if _kind(each) == kind], language, named=named)
        for kind, label in _kinds()
    ]
    stated = [each for each in positions if each.statement or each.withheld]
    in_order = sorted(stated, key=lambda each: (each.signed_at, each.key))
    full = room.fill(in_order, lambda each: cards.statement(each, language), share=1 / 3)
    return Standing(
        finding=instead or _finding(content, positions),
        stances=tuple(stance for stance in stances if stance.count),
        not_listed="" if named else _too_many_names(len(positions)),
        statements_title=_("Reservations and statements") if stated else "",
        statements=tuple(full.values()),
        left_out=_statements_left_out(len(stated) - len(full)),
    )


def _kinds() -> list[tuple[str, str]]:
    return [
        ("endorse", _("Endorse")),
        ("endorse_with_reservation", _("Endorse with a reservation")),
        ("to_reaffirm", _("Endorsed an earlier text, to be re-affirmed")),
        ("decline", _("Decline")),
    ]


def _kind(position: Position) -> str:
    return "to_reaffirm" if position.to_reaffirm else position.position


def _finding(content: Content, positions: list[Position]) -> str:
    heard = len(content.heard())
    if not positions:
        return _("No institution has taken a position on this principle. Silence is not consent.")
    support = sum(_supports(each) for each in positions)
    finding = ngettext(
        "%(support)d of %(count)d institution with a position endorses the present text.",
        "%(support)d of %(count)d institutions with a position endorse the present text.",
        len(positions),
    ) % {"support": support, "count": len(positions)}
    silent = heard - len({each.institution.number for each in positions})
    if silent <= 0:
        return finding
    return f"{finding} " + ngettext(
        "%(silent)d other institution heard is silent on this principle.",
        "%(silent)d other institutions heard are silent on this principle.",
        silent,
    ) % {"silent": silent}


def _stance(kind: str, label: str, positions: list[Position], language: str, *, named: bool) -> Stance:
    by_country: dict[str, list[Institution]] = {}
    for position in positions:
        by_country.setdefault(position.institution.country, []).append(position.institution)
    return Stance(
        kind,
        label,
        len(positions),
        tuple(
            Country(
                f"{name} {len(who)}" if not named else name, tuple(_names(who, language)) if named else ()
            )
            for name, who in _alphabetical(by_country, language)
        ),
    )


def _names(institutions: list[Institution], language: str) -> list[Words]:
    ordered = sorted(institutions, key=lambda each: (sort_key(each.called(language), language), each.number))
    return [cards.institution(each, language) for each in ordered]


def _alphabetical(by_country: Mapping[str, list[cards.T]], language: str) -> list[tuple[str, list[cards.T]]]:
    named = [(geography.name(code, language), things) for code, things in by_country.items()]
    return sorted(named, key=lambda each: sort_key(each[0], language))


def _too_many_names(number: int) -> str:
    return _(
        "%(number)d institutions hold a position: too many to be named here. The figure after each country "
        "says how many; the data files name them."
    ) % {"number": number}


def _statements_left_out(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(number)d more statement is left out here, for want of room. It stands in the data files.",
        "%(number)d more statements are left out here, for want of room. They stand in the data files.",
        number,
    ) % {"number": number}


def _whole_text(content: Content, language: str) -> Section:
    silence = _("Nobody has commented on the text as a whole.")
    return Section(
        anchor="whole",
        number="",
        title=cards.words(_("On the text as a whole"), language),
        discussion=_discussion(content, content.comments_on(None), language, bounds.Room(), none=silence),
    )


def _discussion(
    content: Content, comments: list[Comment], language: str, room: bounds.Room, *, none: str
) -> Discussion:
    shown = [comment for comment in comments if comment.withheld is None]
    room.give_references(len(comments))
    weightiest = sorted(comments, key=lambda each: each.weight)[: bounds.IN_FULL]
    full = room.fill(weightiest, lambda each: cards.comment(content, each, language))
    rest = [comment for comment in comments if comment.key not in full]
    return Discussion(
        title=_comments_title(shown) if shown else none,
        comments=tuple(full[each.key] for each in comments if each.key in full),
        left_out=_left_out(rest, len(full)),
        references=_references(rest, language),
    )


def _comments_title(comments: list[Comment]) -> str:
    countries = len({comment.institution.country for comment in comments})
    number = ngettext("%(number)d comment", "%(number)d comments", len(comments)) % {"number": len(comments)}
    return ngettext(
        "%(comments)s from %(number)d country", "%(comments)s from %(number)d countries", countries
    ) % {
        "comments": number,
        "number": countries,
    }


def _left_out(rest: list[Comment], full: int) -> str:
    if not rest:
        return ""
    said = ngettext(
        "%(number)d more comment is not printed here.",
        "%(number)d more comments are not printed here.",
        len(rest),
    ) % {"number": len(rest)}
    chosen = ngettext(
        "Above stands the %(number)d comment that most institutions co-signed, and among equals the oldest.",
        "Above stand the %(number)d comments that most institutions co-signed, and among equals the oldest.",
        full,
    ) % {"number": full}
    where = _("The data files hold all of them in full.")
    if len(rest) <= bounds.REFERENCES:
        where += " " + _("Their references, by country:")
    return f"{said} {chosen} {where}"


def _references(rest: list[Comment], language: str) -> tuple[Country, ...]:
    if len(rest) > bounds.REFERENCES:
        return ()
    by_country: dict[str, list[Comment]] = {}
    for comment in rest:
        by_country.setdefault(comment.institution.country, []).append(comment)
    return tuple(
        Country(name, tuple(cards.words(comment.reference, "en") for comment in comments))
        for name, comments in _alphabetical(by_country, language)
    )
