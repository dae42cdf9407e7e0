"""What is about to be signed: the principle, the exact version, and for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts.models import Institution, Power
from consultation.endorsements import queries as endorsements
from consultation.endorsements import rules
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement, Position
from consultation.endorsements.rules import BARRED
from consultation.kit import languages
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.pages.forms import PositionForm
from consultation.pages.reading import edition, positions
from consultation.pages.reading.edition import Edition
from consultation.texts import queries as texts
from consultation.texts.models import Act, Consultation, Principle, PrincipleVersion, Translation
from consultation.web.acts import person_of
from consultation.web.answers import new_claim

LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Deed:
    """One principle in its current version, and the institutions for which the reader may take a position."""

    consultation: Consultation
    principle: Principle
    version: PrincipleVersion
    words: Translation
    institutions: Sequence[Institution]
    open: bool

    @property
    def edition(self) -> Edition:
        """The full text in numbered paragraphs."""
        return edition.plain(self.principle, self.words)

    @property
    def back(self) -> str:
        return reverse("pages:principle", args=[self.consultation.slug, self.principle.number])

    def form(self, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> PositionForm:
        """The form, with what was typed or what it starts with."""
        return PositionForm(self.institutions, data, initial=dict(initial or {}))

    def start(self, request: HttpRequest) -> dict[str, Any]:
        """What a fresh form holds; `?from=` names a position that came back, to be filled in again."""
        start = {"version": self.version.number, "language": get_language() or "en"}
        earlier = _earlier(request, self.institutions, request.GET.get("from", ""))
        if earlier is None:
            return start
        words = {"position": earlier.position, "statement": earlier.statement, "language": earlier.language}
        return {**start, **words, "institution": earlier.institution.slug}

    def check(self, form: PositionForm) -> None:
        """Raise what signing would refuse: an earlier version, a reservation without words."""
        given = form.cleaned_data
        if given["version"] != self.version.number:
            raise Refusal(
                "version-not-current",
                _("The text changed meanwhile. Read the current version and decide anew."),
            )
        if given["position"] == Position.RESERVATION and not given["statement"]:
            raise invalid(statement=_("Say what your reservation is."))


def _earlier(request: HttpRequest, institutions: Sequence[Institution], key: str) -> Endorsement | None:
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    mine = endorsements.of_institutions([each.pk for each in institutions])
    return mine.select_related("institution").filter(pk=wanted).first()


def _institutions(request: HttpRequest) -> list[Institution]:
    """Those for which the person signs or proposes, by name."""
    person = person_of(request)
    at = request.received_at  # type: ignore[attr-defined]
    if person is None:
        return []
    mandates = accounts.mandates_in_force(person, at=at).filter(
        powers__overlap=[Power.SIGN, Power.CONTRIBUTE]
    )
    found = accounts.visible_to(person, at=at).filter(pk__in=mandates.values("institution"))
    return [each for each in found.order_by("current__name_sort", "pk") if each.state not in BARRED]


def of(request: HttpRequest, consultation: Consultation, number: int) -> Deed:
    """The deed for one principle. Raises Refusal `not-found`."""
    principle = texts.principle(consultation, number)
    if principle is None or principle.current is None or principle.withdrawn_at is not None:
        raise NotFound
    words = texts.translation(principle.current, get_language() or consultation.authoritative)
    at = request.received_at  # type: ignore[attr-defined]
    open_now = any(each.opens(Act.ENDORSE, at=at) for each in consultation.rounds.all())
    return Deed(consultation, principle, principle.current, words, _institutions(request), open_now)


def whole(request: HttpRequest, consultation: Consultation) -> dict[str, Any]:
    """Every principle with its current version, for signing in one act.

    What an institution reserved or declined is not ticked for it.
    """
    language = get_language() or consultation.authoritative
    principles = list(texts.principles(consultation))
    institutions = _institutions(request)
    held = positions.held_by(institutions[0], principles) if len(institutions) == 1 else {}
    rows = [_row(consultation, each, held.get(each.number, "silent"), language) for each in principles]
    person, at = person_of(request), request.received_at  # type: ignore[attr-defined]
    return {
        "consultation": consultation,
        "rows": rows,
        "institutions": institutions,
        "signs": person is not None and all(rules.can_sign(person, each, at=at) for each in institutions),
        "shows_positions": len(institutions) == 1,
        "claim": request.POST.get("claim") or new_claim(),
        "chosen": [str(row["number"]) for row in rows if row["position"] in ("silent", Position.ENDORSE)],
    }


def _row(consultation: Consultation, principle: Principle, position: str, language: str) -> dict[str, Any]:
    assert principle.current is not None
    words = texts.translation(principle.current, language)
    return {
        "number": principle.number,
        "version": principle.current.number,
        "title": words.title,
        "body": words.body,
        "language": languages.html_lang(words.language),
        "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
        "position": position,
    }


def choices(request: HttpRequest) -> list[Choice]:
    """The principles that were ticked, each with the version that stood beside it."""
    chosen = []
    for number in request.POST.getlist("principle"):
        version = request.POST.get(f"version-{number}", "")
        if all(
            part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER for part in (number, version)
        ):
            chosen.append(Choice(int(number), int(version), Position.ENDORSE))
    return chosen
