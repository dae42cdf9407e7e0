"""The institutions: the directory, one of them, and what is asked of a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import evidence as proofs
from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution, InstitutionState, InstitutionType
from accounts.queries import Duplicate, Likeness
from accounts.rules import may_give_evidence
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.endorsements.models import Endorsement
from consultation.kit import keyset, languages
from consultation.kit.fold import fold
from consultation.kit.keyset import Key, Ordering
from consultation.pages.reading import cards, discussion, people, positions
from consultation.pages.reading.discussion import address, asked
from consultation.pages.reading.hats import Hats
from consultation.web.acts import person_of

SIZE = 50
POSITIONS = 100
BY_NAME = Ordering("name", (Key("current__name_sort", str), Key("pk", int)))
BY_PRINCIPLE = Ordering(
    "principle",
    (
        Key("consultation_id", int),
        Key("principle__order", int),
        Key("principle__number", int),
        Key("pk", UUID),
    ),
)


def directory(request: HttpRequest) -> dict[str, Any]:
    """Verified institutions by name, as the filters ask. Raises CursorRefused."""
    query = request.GET
    wanted = {
        "current__name_folded__contains": fold(asked(query, "q")),
        "current__country": asked(query, "country").upper(),
        "current__region": asked(query, "region"),
        "current__type": asked(query, "type"),
    }
    found = accounts.public().filter(**{name: value for name, value in wanted.items() if value})
    page = keyset.page(found, BY_NAME, size=SIZE, cursor=query.get("cursor") or None)
    language = get_language() or "en"
    return {
        "rows": [cards.voice(each) for each in page.results],
        "next_url": address(request, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
        "asked": {name: value for name, value in query.items() if value},
        "countries": geography.choices(language),
        "regions": geography.regions(language),
        "types": InstitutionType.choices,
    }


def page(request: HttpRequest, institution: Institution) -> dict[str, Any]:
    """One institution: its public data, what it said, where it stands. Raises CursorRefused."""
    current = institution.current
    assert current is not None
    said = comments.public().filter(institution=institution)
    return {
        "institution": institution,
        "voice": cards.voice(institution),
        "facts": facts(institution),
        **_asked(request, institution),
        "way_in": people.ways_in(request, institution),
        "waiting": institution.state == InstitutionState.PENDING,
        "state_label": institution.get_state_display(),
        "listing": discussion.listing(request, said, Hats()),
        **_positions(request, institution),
    }


def _positions(request: HttpRequest, institution: Institution) -> dict[str, Any]:
    """Where it stands, by consultation: the page that `?positions=` names."""
    held = endorsements.with_rows(endorsements.public().filter(institution=institution))
    cursor = request.GET.get("positions") or None
    shown = keyset.page(held.order_by(), BY_PRINCIPLE, size=POSITIONS, cursor=cursor)
    following, previous = shown.next_cursor, shown.previous_cursor
    return {
        "positions": [_position(each) for each in shown.results],
        "further_positions": address(request, positions=following) if following else "",
        "earlier_positions": address(request, positions=previous) if previous else "",
    }


def _position(held: Endorsement) -> dict[str, Any]:
    consultation = held.consultation
    return {
        **positions.line(held),
        "consultation": consultation.title(get_language() or "en"),
        "consultation_url": reverse("pages:consultation", args=[consultation.slug]),
        "certificate_url": reverse("pages:certificate", args=[consultation.slug, held.institution.slug]),
        "url": reverse("pages:principle", args=[consultation.slug, held.principle.number]),
    }


def _asked(request: HttpRequest, institution: Institution) -> dict[str, Any]:
    # Most pages are of institutions that do not wait: those ask the database nothing more.
    if institution.state != InstitutionState.PENDING:
        return {}
    if not may_give_evidence(person_of(request), institution, at=request.received_at):  # type: ignore[attr-defined]
        return {}
    found = evidence(institution)
    asked = found["asked"]
    answered = asked is not None and any(each.given_at > asked.asked_at for each in found["given"])
    address = reverse("pages:evidence", args=[institution.slug])
    return {"evidence_url": address, "asked": None if answered else asked}


def evidence(institution: Institution) -> dict[str, Any]:
    """What was asked of an institution that waits, and what it gave so far."""
    given = proofs.given_by([institution.pk]).get(institution.pk, [])
    return {"asked": proofs.newest_inquiries([institution.pk]).get(institution.pk), "given": given}


def facts(institution: Institution) -> list[dict[str, Any]]:
    """Names and values of its public data."""
    current = institution.current
    assert current is not None
    language = get_language() or "en"
    rows = [
        {"name": _("Country or area"), "value": geography.name(current.country, language)},
        {"name": _("Type"), "value": current.get_type_display()},
    ]
    names = [f"{name} ({languages.name(code, language)})" for code, name in current.names.items()]
    if names:
        rows.append({"name": _("Also called"), "value": ", ".join(names)})
    if current.ror:
        rows.append({"name": "ROR", "value": f"https://ror.org/{current.ror}"})
    if institution.verified:
        how = institution.get_verified_how_display()
        rows.append({"name": _("Verified by"), "value": how})
    return rows


def alike(found: list[Duplicate]) -> list[dict[str, Any]]:
    """Institutions that may be the one that is being registered, and why."""
    return [{**cards.voice(each.institution), "why": Likeness(each.why).label} for each in found]
