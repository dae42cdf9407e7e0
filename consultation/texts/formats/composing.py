"""From the text at a moment, or at two, to a document in one language; its own words are translated here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consultation.kit import languages, passage
from consultation.kit.redline import Op, Paragraph
from consultation.texts import comparing
from consultation.texts.comparing import Compared, Comparison, Fate
from consultation.texts.formats.document import Document, Fact, Front, Line, Section, Words
from consultation.texts.models import Consultation, PrincipleVersion
from consultation.texts.rules import in_both_zones
from consultation.texts.states import History, Part, State

Pieces = list[tuple[Op, str]]


def text(history: History, state: State, language: str) -> Document:
    """Return the whole text of a moment, as a document of its own.

    Where a principle is not there in the language, it stands in the authoritative one, and says so.
    """
    with translation.override(_own(language)):
        consultation = history.consultation
        since = max((each.at for each in history.moments() if each.at <= state.at), default=state.at)
        when = _day(since, consultation)
        return Document(
            front=_front(consultation, language),
            kind=_("The whole text"),
            as_of=_("The text as it stands since %(date)s.") % {"date": when},
            short_as_of=when,
            preamble=tuple(_plain(consultation.in_language(state.preambles, language))),
            preamble_language=_tag(state.preambles, consultation, language),
            preamble_direction=languages.direction(_tag(state.preambles, consultation, language)),
            sections=tuple(_section(part, consultation, language) for part in state.parts),
            withdrawn=tuple(_withdrawn(history, state)),
            colophon_title=_(
                "SHA-256 of the exact authoritative words: title, an empty line, text, in UTF-8"
            ),
            colophon=tuple(_hash(part.number, part.version) for part in state.parts),
            address=f"{settings.SITE_URL}/consultations/{consultation.slug}/text/",
            at=since,
        )


def of_versions(
    consultation: Consultation, number: int, old: PrincipleVersion, new: PrincipleVersion, language: str
) -> Document:
    """Return what changed from one version of a principle to a later one."""
    part = comparing.versions(number, old, new, language)
    path = f"principles/{number}/changes/{old.number}..{new.number}/"
    with translation.override(_own(language)):
        sentence = _("From version %(earlier)s of %(earlier_date)s to version %(later)s of %(later_date)s.")
        subject = sentence % {
            "earlier": old.number,
            "earlier_date": _day(_published(old), consultation),
            "later": new.number,
            "later_date": _day(_published(new), consultation),
        }
        comparison = Comparison(part.language, [], [part], [])
        return _changes(consultation, comparison, subject, path, part.language, at=_published(new))


def of_moments(history: History, earlier: datetime, later: datetime, language: str) -> Document:
    """Return what changed in the whole text between two moments."""
    consultation = history.consultation
    authoritative = consultation.authoritative
    comparison = comparing.whole(history.at(earlier), history.at(later), language, authoritative)
    with translation.override(_own(language)):
        subject = _("From the text of %(earlier)s to the text of %(later)s.") % {
            "earlier": in_both_zones(earlier, consultation.zone),
            "later": in_both_zones(later, consultation.zone),
        }
        return _changes(consultation, comparison, subject, "text/changes/", language, at=later)


def _changes(
    consultation: Consultation,
    comparison: Comparison,
    subject: str,
    path: str,
    language: str,
    *,
    at: datetime,
) -> Document:
    versions = [
        (part.number, each) for part in comparison.parts for each in (part.earlier, part.later) if each
    ]
    return Document(
        front=_front(consultation, language),
        kind=_("What changed"),
        as_of=subject,
        short_as_of=subject,
        preamble=tuple(_lines(comparison.preamble)),
        preamble_language=languages.html_lang(comparison.preamble_language),
        preamble_direction=languages.direction(comparison.preamble_language),
        sections=tuple(_compared(part, consultation) for part in comparison.parts),
        colophon_title=_("SHA-256 of the exact authoritative words: title, an empty line, text, in UTF-8"),
        colophon=tuple(dict.fromkeys(_hash(number, each) for number, each in versions)),
        address=f"{settings.SITE_URL}/consultations/{consultation.slug}/{path}",
        at=at,
    )


def _published(version: PrincipleVersion) -> datetime:
    assert version.published_at is not None
    return version.published_at


def _own(language: str) -> str:
    """The language of the document's own words: that of the text where the site speaks it."""
    return languages.choose([code for code, _name in settings.LANGUAGES], language, "en") or "en"


def _front(consultation: Consultation, language: str) -> Front:
    own = translation.get_language() or "en"
    title_in = languages.choose(list(consultation.titles), language, consultation.authoritative) or own
    secretariat = consultation.in_language(consultation.secretariats, language)
    return Front(
        language=languages.html_lang(own),
        direction=languages.direction(own),
        title=_words(consultation.titles.get(title_in, consultation.slug), title_in),
        subject=consultation.in_language(consultation.initiators, language),
        notes=tuple(_notes(consultation, language)),
        author=secretariat or settings.SITE_NAME,
    )


def _notes(consultation: Consultation, language: str) -> Iterable[Words]:
    """Whose wording it is, and which language counts."""
    own = translation.get_language() or "en"
    if consultation.notes:
        code = languages.choose(list(consultation.notes), language, consultation.authoritative) or own
        yield _words(consultation.notes[code], code)
    name = languages.name(consultation.authoritative, own)
    if language == consultation.authoritative:
        yield _words(_("This is the authoritative text, in %(language)s.") % {"language": name}, own)
    else:
        sentence = _("This is a translation. The authoritative text is in %(language)s.")
        yield _words(sentence % {"language": name}, own)


def _words(text: str, code: str) -> Words:
    return Words(text, languages.html_lang(code), languages.direction(code))


def _tag(words: dict[str, str], consultation: Consultation, language: str) -> str:
    return languages.html_lang(
        languages.choose(list(words), language, consultation.authoritative) or language
    )


def _day(moment: datetime, consultation: Consultation) -> str:
    return date_format(moment.astimezone(ZoneInfo(consultation.zone)), "DATE_FORMAT")


def _section(part: Part, consultation: Consultation, language: str) -> Section:
    words = part.words(language)
    heading = part.headings.get(words.language, "")
    places = passage.paragraphs(words.body)
    lines = (
        Line(((Op.SAME, words.body[place.start : place.end]),), label=f"{part.number}.{number}")
        for number, place in enumerate(places, start=1)
    )
    foreign = languages.html_lang(words.language) != languages.html_lang(language)
    return Section(
        number=str(part.number),
        title=Line(((Op.SAME, words.title),)),
        language=languages.html_lang(words.language),
        direction=languages.direction(words.language),
        lines=tuple(lines),
        heading=Line(((Op.SAME, heading),)) if heading else None,
        facts=_version(part.version, consultation),
        note=not_there(language) if foreign else "",
    )


def not_there(language: str) -> str:
    """The sentence over a text that is shown in the authoritative language for want of this one."""
    name = languages.name(language, translation.get_language() or "en")
    return _("This version is not there in %(language)s: this is the authoritative text.") % {
        "language": name
    }


def _plain(text: str) -> Iterable[Line]:
    for place in passage.paragraphs(text):
        yield Line(((Op.SAME, text[place.start : place.end]),))


def _version(version: PrincipleVersion, consultation: Consultation) -> str:
    facts = {"version": version.number, "date": _day(_published(version), consultation)}
    return _("Version %(version)s, %(date)s") % facts


def _withdrawn(history: History, state: State) -> Iterable[str]:
    sentence = _("Principle %(number)d was withdrawn on %(date)s. Its number is not given again.")
    for number, when in sorted(history.withdrawn.items()):
        if when <= state.at:
            yield sentence % {"number": number, "date": _day(when, history.consultation)}


def _hash(number: int, version: PrincipleVersion) -> Fact:
    label = _("Principle %(number)d, version %(version)d") % {"number": number, "version": version.number}
    return Fact(label, version.text_hash)


def _compared(part: Compared, consultation: Consultation) -> Section:
    later = part.later or part.earlier
    assert later is not None
    ends = {Fate.ADDED: Op.ADDED, Fate.REMOVED: Op.REMOVED}
    end = ends.get(part.fate, Op.SAME)
    facts = [_version(each, consultation) for each in (part.earlier, part.later) if each]
    return Section(
        number=str(part.number),
        title=Line(tuple(part.title), end),
        language=languages.html_lang(part.language),
        direction=languages.direction(part.language),
        lines=tuple(_lines(part.body)),
        heading=Line(tuple(part.heading), _end(part.heading)) if part.heading else None,
        facts=" → ".join(dict.fromkeys(facts)),
        changed_at=later.published_at,
    )


def _lines(paragraphs: Iterable[Paragraph]) -> Iterable[Line]:
    for paragraph in paragraphs:
        yield Line(tuple(paragraph.pieces), paragraph.end)


def _end(pieces: Pieces) -> Op:
    """A line that came or went whole came or went with its end."""
    return pieces[0][0] if len({op for op, _text in pieces}) == 1 else Op.SAME
