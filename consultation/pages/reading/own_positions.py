"""Where one institution stands on each principle of a text, as its own people see it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts import queries as accounts
from accounts.models import Institution
from consultation.endorsements import queries as endorsements
from consultation.endorsements import rules, signatures
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit import languages
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle
from consultation.web.answers import the_person

ENDED = 100


def page(request: HttpRequest, consultation: Consultation, slug: str) -> dict[str, Any] | None:
    """Every principle with what the institution holds on it or is about to; None for all but its people."""
    person, at = the_person(request), request.received_at  # type: ignore[attr-defined]
    institution = accounts.institutions_of(person, at=at).filter(slug=slug).first()
    if institution is None:
        return None
    found = endorsements.papers(person, at=at).filter(institution=institution, consultation=consultation)
    rows = list(endorsements.with_rows(found).order_by("-made_at", "-pk"))
    live = [each for each in rows if each.state in (*endorsements.OPEN, EndorsementState.SIGNED)]
    language = get_language() or consultation.authoritative
    lines = [_line(each, live, consultation, language) for each in texts.principles(consultation)]
    return {
        "institution": institution,
        "name": _name(institution),
        "signs": rules.can_sign(person, institution, at=at),
        "lines": lines,
        "ended": [_held(each, consultation) for each in rows if each not in live][:ENDED],
        "to_reaffirm": any(each.to_reaffirm for each in live),  # type: ignore[attr-defined]
        "effective": any(each.effective_at for each in live),
    }


def _name(institution: Institution) -> str:
    return institution.current.name if institution.current else institution.slug


def _line(
    principle: Principle, live: list[Endorsement], consultation: Consultation, language: str
) -> dict[str, Any]:
    assert principle.current is not None
    words = texts.translation(principle.current, language)
    return {
        "number": principle.number,
        "title": words.title,
        "language": languages.html_lang(words.language),
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "held": [_held(each, consultation) for each in live if each.principle_id == principle.pk],
    }


def _held(each: Endorsement, consultation: Consultation) -> dict[str, Any]:
    stale = each.state == EndorsementState.SIGNED and each.to_reaffirm  # type: ignore[attr-defined]
    return {
        "number": each.principle.number,
        "position": "to_reaffirm" if stale else each.position,
        "label": each.get_position_display(),
        "state": each.get_state_display(),
        "waits": each.state == EndorsementState.SIGNED and not each.released,
        "version": each.version.number,
        "at": each.signed_at or each.first_signed_at or each.made_at,
        "signatures": signatures.of(each),
        "letter_dated": each.letter_dated,
        "url": reverse("pages:position", args=[consultation.slug, each.pk]),
    }
