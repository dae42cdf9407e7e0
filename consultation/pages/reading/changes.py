"""What changed: between two versions of a principle, and in the whole text between two moments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultation.kit import languages, redline
from consultation.pages.reading.principle import Place
from consultation.pages.reading.tongues import alike, in_order
from consultation.texts import comparing, states
from consultation.texts.comparing import Compared, Comparison, Fate, Moved
from consultation.texts.models import Consultation
from consultation.texts.states import History, Moment
from consultation.web.tongues import tongues

# Principles that one line of the choice names; beyond, it counts them.
NAMED = 3
# Versions of which each can be compared with each at a click.
FEW = 5
Rows = list[tuple[int | None, SafeString]]


def between_versions(request: HttpRequest, old: Place, new: Place, asked: str) -> dict[str, Any]:
    """Everything for the page of one principle."""
    compared = comparing.versions(new.principle.number, old.version, new.version, asked)
    before, after = (in_order(each.consultation, each.version) for each in (old, new))
    shared = [code for code in after if code in before]
    return {
        "consultation": new.consultation,
        "number": new.principle.number,
        "old": old,
        "new": new,
        "language": languages.html_lang(compared.language),
        "direction": languages.direction(compared.language),
        "note_on_language": other_language(asked, compared.language),
        "notes": list(_notes(new, old.version.number)),
        "same": compared.fate is Fate.SAME,
        "title": redline.as_html(compared.title),
        "body": redline.as_paragraphs(compared.body),
        "tongues": tongues(shared, compared.language, request.GET.urlencode()),
        "pairs": _pairs(new, old),
        "file": f"{_between(new, old.version.number, new.version.number, '_file')}?text={compared.language}",
    }


def _notes(place: Place, after: int) -> Iterable[dict[str, Any]]:
    """What the secretariat said of each version on the way from one to the other."""
    language = get_language() or place.consultation.authoritative
    for version in reversed(place.versions):
        if after < version.number <= place.version.number:
            words = place.consultation.in_language(version.change_notes, language)
            yield {"number": version.number, "change": version.get_change_display(), "words": words}


def _pairs(new: Place, old: Place) -> list[dict[str, Any]]:
    """The comparisons that a reader may want instead: of a few versions each with each.

    Of many, each with the one before it and with the last; addresses know all others.
    """
    numbers = sorted(each.number for each in new.versions)
    pairs = list(combinations(numbers, 2))
    if len(numbers) > FEW:
        pairs = sorted({*pairwise(numbers), *((each, numbers[-1]) for each in numbers[:-1])})
    shown = (old.version.number, new.version.number)
    return [
        {"earlier": a, "later": b, "url": _between(new, a, b), "current": (a, b) == shown} for a, b in pairs
    ]


def _between(place: Place, earlier: int, later: int, kind: str = "") -> str:
    arguments = [place.consultation.slug, place.principle.number, earlier, later]
    return reverse(f"pages:changes{kind}", args=arguments)


def other_language(asked: str, shown: str) -> str:
    """The sentence where two texts can't be compared in the reader's language; empty where they are."""
    if alike(asked, shown):
        return ""
    own = get_language() or "en"
    sentence = _("These texts are not both there in %(language)s. They are compared in %(shown)s.")
    return sentence % {"language": languages.name(asked, own), "shown": languages.name(shown, own)}


class Question:
    """Which two moments of the whole text the address asks for. Raises Http404 for what is no moment.

    A moment is a date, the end of that day where the consultation is at home, or RFC 3339; without `to` it is
    the newest text, without `from` the text before that.
    """

    def __init__(self, request: HttpRequest, consultation: Consultation) -> None:
        self.consultation = consultation
        self.history: History = states.history(consultation)
        self.moments = self.history.moments()
        at: datetime = request.received_at  # type: ignore[attr-defined]
        if not self.moments:
            raise Http404
        self.later = self._asked(request.GET.get("to", ""), at) or self.moments[0].at
        before = [each.at for each in self.moments if each.at < self.later]
        self.earlier = self._asked(request.GET.get("from", ""), at) or (before[0] if before else self.later)

    def _asked(self, given: str, at: datetime) -> datetime | None:
        if not given:
            return None
        found = _moment(given, ZoneInfo(self.consultation.zone))
        if found is None or found < self.moments[-1].at:
            raise Http404
        return min(found, at)

    @property
    def earlier_text(self) -> datetime:
        """When readers began to see what stood at the earlier moment."""
        return next(each.at for each in self.moments if each.at <= self.earlier)

    @property
    def later_text(self) -> datetime:
        """The same of the later moment."""
        return next(each.at for each in self.moments if each.at <= self.later)

    @property
    def swapped(self) -> str:
        """The query that asks for the same two the right way round; empty where they are."""
        if self.earlier <= self.later:
            return ""
        return urlencode({"from": stamp(self.later), "to": stamp(self.earlier)})

    def comparison(self, language: str) -> Comparison:
        old, new = self.history.at(self.earlier), self.history.at(self.later)
        return comparing.whole(old, new, language, self.consultation.authoritative)


def _moment(given: str, zone: ZoneInfo) -> datetime | None:
    try:
        day = parse_date(given)
        moment = parse_datetime(given) if day is None else _end_of(day, zone)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), zone) - timedelta(microseconds=1)


def stamp(at: datetime) -> str:
    """How addresses write a moment."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def between_moments(request: HttpRequest, question: Question, asked: str) -> dict[str, Any]:
    """Everything for the page of the whole text."""
    consultation = question.consultation
    compared = question.comparison(asked)
    parameters = {"from": stamp(question.earlier), "to": stamp(question.later), "text": asked}
    return {
        "consultation": consultation,
        "title": consultation.title(asked),
        "question": question,
        "choices": [(stamp(each.at), _label(each, question.history)) for each in question.moments],
        "from_chosen": stamp(question.earlier_text),
        "to_chosen": stamp(question.later_text),
        "moved": [_moved(each) for each in compared.moved],
        "summary": [_summary(part) for part in compared.changed],
        "preamble": [html for _number, html in redline.as_paragraphs(compared.preamble)],
        "preamble_language": languages.html_lang(compared.preamble_language),
        "preamble_direction": languages.direction(compared.preamble_language),
        "preamble_changed": compared.preamble_changed,
        "parts": [_part(part, consultation, asked) for part in compared.parts],
        "tongues": tongues(consultation.languages, asked, request.GET.urlencode()),
        "file": f"{reverse('pages:text_changes_file', args=[consultation.slug])}?{urlencode(parameters)}",
    }


def _label(moment: Moment, history: History) -> str:
    """A line of the choice: when, and what was new then."""
    when = date_format(timezone.localtime(moment.at), "DATETIME_FORMAT")
    if moment.at == history.moments()[-1].at:
        return f"{when} – {_('First text')}"
    said = [
        _("Principle %(number)d, version %(version)d") % {"number": n, "version": v}
        for n, v in moment.published
    ]
    if len(said) > NAMED:
        said = [ngettext("%(number)d principle", "%(number)d principles", len(said)) % {"number": len(said)}]
    said += [_("Principle %(number)d withdrawn") % {"number": number} for number in moment.withdrawn]
    if moment.arranged and not said:
        said.append(_("Order, headings or preamble"))
    return f"{when} – {', '.join(said)}"


def _moved(moved: Moved) -> str:
    if moved.after is None:
        return _("Principle %(number)d stands first now.") % {"number": moved.number}
    sentence = _("Principle %(number)d stands after Principle %(after)d now.")
    return sentence % {"number": moved.number, "after": moved.after}


def _summary(part: Compared) -> dict[str, Any]:
    sentences = {
        Fate.ADDED: _("Principle %(number)d was added."),
        Fate.REMOVED: _("Principle %(number)d was withdrawn."),
        Fate.CHANGED: _("Principle %(number)d was changed."),
    }
    return {"number": part.number, "words": sentences[part.fate] % {"number": part.number}}


def _part(part: Compared, consultation: Consultation, asked: str) -> dict[str, Any]:
    numbers = [version.number for version in (part.earlier, part.later) if version is not None]
    alone = part.fate is Fate.CHANGED and len(set(numbers)) == 2
    return {
        "number": part.number,
        "fate": part.fate.value,
        "language": languages.html_lang(part.language),
        "direction": languages.direction(part.language),
        "note": other_language(asked, part.language) if part.fate is not Fate.SAME else "",
        "heading": redline.as_html(part.heading),
        "title": redline.as_html(part.title),
        "body": [html for _number, html in redline.as_paragraphs(part.body)],
        "url": reverse("pages:changes", args=[consultation.slug, part.number, *numbers]) if alone else "",
    }
