"""The queue as a reader of it sees it: what waits, in rows, with counts and filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from consultation.kit import keyset, languages
from consultation.moderation import queries as moderation
from consultation.moderation import readers
from consultation.moderation.handlers import Subject, describe
from consultation.moderation.models import Case, Rank, Reason
from consultation.moderation.queries import Load
from consultation.office import wording
from consultation.office.reading.asking import asked, fields
from consultation.texts import queries as texts
from consultation.texts.models import Consultation

SIZE = 40


@dataclass(frozen=True)
class Queue:
    """One page of the queue beside a case, or alone."""

    rows: list[dict[str, Any]]
    load: Load
    decided_today: int
    decides: bool
    languages: list[str]
    consultations: Sequence[Consultation]
    filters: list[dict[str, Any]]
    query: str
    next_url: str = ""
    first_url: str = ""
    target_days: int | None = None


def read(
    request: HttpRequest, person: User, consultations: Sequence[Consultation], *, current: UUID | None
) -> Queue:
    """What waits for this person, as the address asks; `current` is the case that stands beside it.

    Raises CursorRefused for an address of a page that we did not make.
    """
    at: datetime = request.received_at  # type: ignore[attr-defined]
    wanted = asked(request)
    # By their keys: of one consultation an index then gives the cases in their order.
    offered = moderation.offered_to(person, at=at).filter(
        consultation__in=[each.pk for each in consultations]
    )
    waiting = wanted.filters.apply(offered, person=person, at=at)
    page = keyset.page(waiting, moderation.BY_RANK, size=SIZE, cursor=request.GET.get("after") or None)
    query = wanted.query
    return Queue(
        rows=_rows(page.results, person, query, current, at=at),
        load=moderation.load(person, at=at),
        decided_today=moderation.decided_by(person, since=localtime(at).replace(hour=0, minute=0, second=0)),
        decides=decides(person),
        languages=[languages.name(each, get_language() or "en") for each in readers.read_by(person)],
        consultations=consultations,
        filters=fields(person, consultations, wanted, at=at),
        query=query,
        next_url=_next(query, page.next_cursor),
        first_url=reverse("office:moderation") if request.GET.get("after") else "",
        target_days=_target(consultations),
    )


def consultations_of(person: User) -> list[Consultation]:
    """The consultations whose queue the person reads."""
    return list(texts.consultations_with_role(person, *moderation.READERS).order_by("pk"))


def decides(person: User) -> bool:
    """Whether the person decides anywhere, or reads only."""
    return texts.consultations_with_role(person, *moderation.DECIDERS).exists()


def _rows(
    cases: Sequence[Case], person: User, query: str, current: UUID | None, *, at: datetime
) -> list[dict[str, Any]]:
    subjects = describe([case.item for case in cases])
    return [_row(case, subjects[case.item_id], person, query, current, at=at) for case in cases]


def _row(
    case: Case, subject: Subject, person: User, query: str, current: UUID | None, *, at: datetime
) -> dict[str, Any]:
    held, mine = held_by_another(case, person, at=at), held_by(case, person, at=at)
    address = reverse("office:case", args=[case.pk])
    return {
        "url": f"{address}?{query}" if query else address,
        "reference": subject.reference,
        "institution": case.item.institution.current,
        "why": _yours(case, at=at) if mine else holder_words(case, at=at) if held else why(case),
        "age": wording.span(at - case.opened_at),
        "urgency": wording.urgency(case.due_at, at=at),
        "held": held,
        "current": case.pk == current,
    }


def held_by(case: Case, person: User, *, at: datetime) -> bool:
    """Whether the person's time with the case runs."""
    runs = case.closed_at is None and case.lease_until is not None and case.lease_until > at
    return runs and case.holder_id == person.pk


def held_by_another(case: Case, person: User, *, at: datetime) -> bool:
    """Whether somebody else's time with the case runs."""
    runs = case.closed_at is None and case.lease_until is not None and case.lease_until > at
    return runs and case.holder_id is not None and case.holder_id != person.pk


def _yours(case: Case, *, at: datetime) -> str:
    assert case.lease_until is not None
    return _("Yours, %(minutes)d min left") % {"minutes": wording.minutes_left(case.lease_until, at=at)}


def holder_words(case: Case, *, at: datetime) -> str:
    """Who holds a case, and for how long."""
    assert case.lease_until is not None
    name = case.holder.name if case.holder and case.holder.name else _("another moderator")
    minutes = wording.minutes_left(case.lease_until, at=at)
    return _("Held by %(name)s, %(minutes)d min left") % {"name": name, "minutes": minutes}


def why(case: Case) -> str:
    """Why a case is here, in one line."""
    reasons = [Reason(each.code) for each in case.reasons.all()]
    # That everything is reviewed says less than another reason.
    told = [each for each in reasons if each != Reason.POLICY] or reasons
    words = [str(wording.SHORT_REASONS[each]) for each in told]
    return "; ".join([str(Rank.ESCALATED.label), *words] if case.escalated else words)


def _next(query: str, cursor: str | None) -> str:
    if not cursor:
        return ""
    kept = QueryDict(query, mutable=True)
    kept["after"] = cursor
    return f"{reverse('office:moderation')}?{kept.urlencode()}"


def _target(consultations: Sequence[Consultation]) -> int | None:
    """The days within which cases are to be decided, where all consultations agree on whole days."""
    hours = {each.target_hours for each in consultations}
    if len(hours) != 1:
        return None
    days, rest = divmod(hours.pop(), 24)
    return days if days and not rest else None
