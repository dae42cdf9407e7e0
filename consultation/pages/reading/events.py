"""The public record of a consultation in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from consultation.comments import queries as comments
from consultation.comments.models import Stance
from consultation.endorsements import queries as endorsements
from consultation.kit import keyset
from consultation.kit.keyset import Key, Ordering
from consultation.pages.reading.discussion import address
from consultation.record import queries as record
from consultation.record.models import Entry
from consultation.texts.models import Consultation

SIZE = 50
# Unicode Bidirectional Algorithm, 2.4.2: a name does not disturb the order of the sentence around it.
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
NEWEST = Ordering("record", (Key("-number", int),))


@dataclass(frozen=True)
class Event:
    """One public entry: what happened, to what, and where to read on."""

    number: int
    at: datetime
    sentence: SafeString
    title: str
    url: str


@dataclass(frozen=True)
class Listing:
    """One page of events, and the addresses of the next and the previous one."""

    events: list[Event]
    next_url: str = ""
    previous_url: str = ""


@dataclass(frozen=True)
class _Named:
    """What the identifiers of a page of entries stand for."""

    institutions: dict[int, str]
    references: dict[str, str]
    cosigned: dict[str, tuple[str, str]]
    positions: dict[str, str]

    def institution(self, entry: Entry) -> str:
        """The institution's name, while it is a public one."""
        name = self.institutions.get(entry.institution or 0)
        return f"{ISOLATE}{name}{END_OF_ISOLATE}" if name else str(_("An institution"))


def listing(request: HttpRequest, consultation: Consultation) -> Listing:
    """The page of the record that `?cursor=` names, newest first. Raises CursorRefused."""
    found = record.public(consultation.pk).order_by()
    page = keyset.page(found, NEWEST, size=SIZE, cursor=request.GET.get("cursor") or None)
    return Listing(
        told(page.results, consultation),
        address(request, cursor=page.next_cursor) if page.next_cursor else "",
        address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
    )


def newest(consultation: Consultation, number: int) -> list[Event]:
    """The newest public events: five queries whatever the number."""
    entries: QuerySet[Entry] = record.public(consultation.pk)[:number]
    return told(list(entries), consultation)


def told(entries: Sequence[Entry], consultation: Consultation) -> list[Event]:
    """These entries in sentences, in the language of the page."""
    named = _named(entries)
    return [_event(entry, named, consultation) for entry in entries]


def _named(entries: Sequence[Entry]) -> _Named:
    institutions = accounts.public().filter(pk__in={each.institution for each in entries if each.institution})
    positions = endorsements.public().filter(pk__in=_keys(entries, "endorsement"))
    return _Named(
        {each.pk: each.current.name for each in institutions if each.current},
        comments.references(_keys(entries, "comment")),
        comments.cosigned(_keys(entries, "cosignature")),
        {str(each.pk): str(each.get_position_display()) for each in positions},
    )


def _keys(entries: Iterable[Entry], kind: str) -> list[str]:
    return [each.subject_key for each in entries if each.subject_kind == kind]


def _event(entry: Entry, named: _Named, consultation: Consultation) -> Event:
    tell = TELLERS.get(entry.kind, _other)
    title, url = tell(entry, named, consultation)
    sentence = format_html('<a href="{}">{}</a>', url, title) if url else format_html("{}", title)
    return Event(entry.number, entry.at, sentence, title, url or _home(consultation))


Told = tuple[str, str]


def _home(consultation: Consultation) -> str:
    return reverse("pages:consultation", args=[consultation.slug])


def _principle_url(entry: Entry, consultation: Consultation) -> str:
    if entry.principle is None:
        return _home(consultation)
    return reverse("pages:principle", args=[consultation.slug, entry.principle])


def _comment_url(reference: str, consultation: Consultation) -> str:
    return reverse("pages:comment", args=[consultation.slug, reference]) if reference else ""


def _of_comment(sentence: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        reference = named.references.get(entry.subject_key, "")
        facts = {"reference": reference or "?", "institution": named.institution(entry)}
        return str(sentence) % facts, _comment_url(reference, consultation)

    return tell


def _of_position(sentence: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        facts = {
            "institution": named.institution(entry),
            "number": entry.principle,
            "position": named.positions.get(entry.subject_key, str(_("a position"))),
        }
        return str(sentence) % facts, _principle_url(entry, consultation)

    return tell


def _of_cosignature(agreed: Any, disagreed: Any) -> Callable[[Entry, _Named, Consultation], Told]:
    def tell(entry: Entry, named: _Named, consultation: Consultation) -> Told:
        reference, stance = named.cosigned.get(entry.subject_key, ("", Stance.AGREE))
        sentence = agreed if stance == Stance.AGREE else disagreed
        facts = {"reference": reference or "?", "institution": named.institution(entry)}
        return str(sentence) % facts, _comment_url(reference, consultation)

    return tell


def _version(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    facts = {"number": entry.principle, "version": entry.revision}
    return str(_("Principle %(number)s: version %(version)s was published.")) % facts, _principle_url(
        entry, consultation
    )


def _published(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    return str(_("The consultation was published.")), _home(consultation)


def _other(entry: Entry, named: _Named, consultation: Consultation) -> Told:
    """What a later room records: its kind as it is, so that the numbers have no gap without a word."""
    return entry.kind.replace(".", ": ").replace("_", " "), ""


TELLERS: dict[str, Callable[[Entry, _Named, Consultation], Told]] = {
    "consultation.published": _published,
    "version.published": _version,
    "comment.appeared": _of_comment(_("%(reference)s by %(institution)s was published.")),
    "comment.revised": _of_comment(_("%(reference)s by %(institution)s was changed.")),
    "comment.moved": _of_comment(_("%(reference)s stands under %(institution)s now.")),
    "comment.vanished": _of_comment(_("%(reference)s is no longer shown.")),
    "cosignature.given": _of_cosignature(
        _("%(institution)s co-signed %(reference)s."), _("%(institution)s disagreed with %(reference)s.")
    ),
    "cosignature.ended": _of_cosignature(
        _("%(institution)s took back its co-signature of %(reference)s."),
        _("%(institution)s took back its disagreement with %(reference)s."),
    ),
    "endorsement.took_effect": _of_position(_("%(institution)s on Principle %(number)s: %(position)s.")),
    "endorsement.lost_effect": _of_position(
        _("%(institution)s: its position on Principle %(number)s ended.")
    ),
}
