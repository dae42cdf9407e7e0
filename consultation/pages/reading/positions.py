"""Who endorses what: the list of one principle, and how one position is told in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from consultation.endorsements import queries as endorsements
from consultation.endorsements import signatures
from consultation.endorsements.models import Endorsement, Withdrawal
from consultation.kit import keyset, languages
from consultation.pages.reading import cards, figures
from consultation.pages.reading.discussion import address
from consultation.pages.reading.matrix import asked_for, asking
from consultation.texts.models import Consultation, Principle

SIZE = 50


def of_principle(
    request: HttpRequest, consultation: Consultation, principle: Principle, language: str
) -> dict[str, Any]:
    """The positions on one principle with their statements, newest first. Raises CursorRefused."""
    wanted = asked_for(request, principle=principle.number)
    found = wanted.apply(endorsements.public().filter(consultation=consultation))
    page = keyset.page(
        endorsements.with_rows(found),
        endorsements.NEWEST,
        size=SIZE,
        cursor=request.GET.get("cursor") or None,
    )
    return {
        "lines": [line(each) for each in page.results],
        "withdrawn": [_withdrawn(each) for each in _reasons(consultation, principle)],
        "next_url": address(request, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": address(request, cursor=page.previous_cursor) if page.previous_cursor else "",
        **asking(request, consultation, figures.of(consultation), language),
    }


def line(each: Endorsement) -> dict[str, Any]:
    """One position of one institution. Reads what `endorsements.queries.with_rows` fetched."""
    stale = each.to_reaffirm  # type: ignore[attr-defined]
    return {
        **cards.voice(each.institution),
        "position": "to_reaffirm" if stale else each.position,
        "label": each.get_position_display(),
        "principle": each.principle.number,
        "version": each.version.number,
        "statement": each.statement,
        "language": languages.html_lang(each.language),
        "effective_at": each.effective_at,
        "to_reaffirm": stale,
        "signatures": signatures.of(each),
        "letter_dated": each.letter_dated,
        "confirmed_at": each.confirmed_at,
        "signed_as": _signed_as(each),
    }


def _reasons(consultation: Consultation, principle: Principle) -> Iterable[Withdrawal]:
    """Why the newest positions that were withdrawn from this principle were."""
    return endorsements.published_reasons(consultation).filter(endorsement__principle=principle)[:SIZE]


def _withdrawn(each: Withdrawal) -> dict[str, Any]:
    return {
        **cards.voice(each.endorsement.institution),
        "label": each.endorsement.get_position_display(),
        "at": each.made_at,
        "reason": each.reason,
        "language": languages.html_lang(each.language),
    }


def _signed_as(each: Endorsement) -> str:
    """What the institution was called when it signed, where it is called otherwise by now."""
    then, now = each.signed_as, each.institution.current
    return then.name if then is not None and now is not None and then.name != now.name else ""
