"""The public record of a consultation, all of it or what an address asks for, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.kit import keyset
from consultation.kit.keyset import Key, Ordering
from consultation.pages.reading import discussion, events
from consultation.pages.reading.events import Event
from consultation.record import queries as record
from consultation.record.models import Entry
from consultation.record.queries import Chosen
from consultation.texts import queries as texts
from consultation.texts.models import Consultation

SIZE = 50
INSTITUTIONS_TO_CHOOSE = 200
NEWEST = Ordering("record", (Key("-number", int),))
# By the first part of a kind, such as "round" of "round.extended".
GROUPS = {
    "text": (_("The text"), {"consultation", "version", "translation", "principle", "principles", "clause"}),
    "rounds": (_("Rounds"), {"round", "late_admission"}),
    "comments": (_("Comments"), {"comment"}),
    "cosignatures": (_("Co-signatures"), {"cosignature"}),
    "endorsements": (_("Endorsements"), {"endorsement"}),
}
NAMES = ("kind", "principle", "institution", "from", "to")
# No institution has this key.
NOBODY = 0


@dataclass(frozen=True)
class Listing:
    """One page of events, and the addresses of the next and the previous one."""

    events: list[Event]
    next_url: str = ""
    previous_url: str = ""


@dataclass(frozen=True)
class Choice:
    """What an address asks for: as it says it (`asked`), and as the record is asked (`wanted`)."""

    asked: dict[str, str]
    wanted: Chosen

    @property
    def query(self) -> str:
        """The same choice at the end of an address."""
        return f"?{urlencode(self.asked)}" if self.asked else ""


def asked(query: QueryDict, consultation: Consultation) -> Choice:
    """What the address asks for; what it does not know is passed over. Days are the consultation's own."""
    given = {name: discussion.asked(query, name) for name in NAMES}
    first, last = _day(given["from"]), _day(given["to"])
    kinds, number = kinds_of(given["kind"]), given["principle"]
    principle = (int(number) or None) if number.isascii() and number.isdecimal() and len(number) < 9 else None
    known = {
        "kind": kinds,
        "principle": principle,
        "institution": given["institution"],
        "from": first,
        "to": last,
    }
    wanted = Chosen(
        kinds=kinds,
        principle=principle,
        institution=_institution(given["institution"]),
        since=_start(first, consultation) if first else None,
        until=_start(last + timedelta(days=1), consultation) if last else None,
    )
    return Choice({name: given[name] for name in NAMES if known[name]}, wanted)


def kinds_of(group: str) -> list[str] | None:
    """The kinds of entries in a group; None for a group there is not."""
    if group not in GROUPS:
        return None
    return [kind for kind in events.TELLERS if kind.split(".")[0] in GROUPS[group][1]]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1970, 1, 1) <= day < date(9999, 1, 1) else None


def _start(day: date, consultation: Consultation) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(consultation.zone))


def _institution(slug: str) -> int | None:
    if not slug:
        return None
    return accounts.public().filter(slug=slug).values_list("pk", flat=True).first() or NOBODY


def listing(request: HttpRequest, consultation: Consultation, choice: Choice) -> Listing:
    """The page of the record that `?cursor=` names, newest first. Raises CursorRefused."""
    cursor = request.GET.get("cursor") or None
    page = keyset.page(_entries(consultation, choice).order_by(), NEWEST, size=SIZE, cursor=cursor)
    return Listing(
        events.told(page.results, consultation),
        discussion.address(request, cursor=page.next_cursor) if page.next_cursor else "",
        discussion.address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
    )


def newest(consultation: Consultation, choice: Choice, number: int) -> list[Event]:
    """The newest of what is chosen: a fixed number of queries."""
    return events.told(list(_entries(consultation, choice)[:number]), consultation)


def _entries(consultation: Consultation, choice: Choice) -> QuerySet[Entry]:
    return record.chosen(record.public(consultation.pk), choice.wanted)


def filters(consultation: Consultation, choice: Choice) -> dict[str, Any]:
    """The choices of the row of filters, and what is chosen: two queries."""
    return {
        "asked": choice.asked,
        "since": choice.asked.get("from", ""),
        "until": choice.asked.get("to", ""),
        "kinds": [(key, label) for key, (label, _stems) in GROUPS.items()],
        "principles": [(str(each), each) for each in _numbers(consultation)],
        "institutions": _institutions(consultation),
    }


def _numbers(consultation: Consultation) -> list[int]:
    return list(texts.ever_public(consultation).order_by("number").values_list("number", flat=True))


def _institutions(consultation: Consultation) -> list[tuple[str, str]]:
    """Those that said something in public, by name."""
    wrote = comments.public().filter(consultation=consultation, institution=OuterRef("pk"))
    stand = endorsements.public().filter(consultation=consultation, institution=OuterRef("pk"))
    heard = accounts.public().filter(Exists(wrote) | Exists(stand))
    found = heard.order_by("current__name_sort", "pk")[:INSTITUTIONS_TO_CHOOSE]
    return [(each.slug, each.current.name) for each in found if each.current]
