"""All that one principle's page shows, to whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import InstitutionState
from consultation.comments import queries as comments
from consultation.comments.models import CommentState
from consultation.kit import languages
from consultation.pages.reading import (
    cards,
    choices,
    composer,
    discussion,
    edition,
    figures,
    hats,
    opening,
    passages,
    tongues,
)
from consultation.pages.reading.discussion import Listing
from consultation.pages.reading.edition import Edition
from consultation.pages.reading.figures import Positions
from consultation.pages.reading.hats import Hats
from consultation.texts import queries as texts
from consultation.texts.models import Act, Change, Consultation, Principle, PrincipleVersion, Translation
from consultation.web.tongues import tongues as links

# Up to so many institutions each has a square of its own; beyond, they are a bar.
SQUARES = 60
OWN_LINES = 20
OWN_STATES = [
    state for state in CommentState if state not in (CommentState.PUBLISHED, CommentState.WITHDRAWN)
]
ORDER = ("endorse", "endorse_with_reservation", "to_reaffirm", "decline", "silent")


@dataclass(frozen=True)
class Place:
    """A principle in one version and one language."""

    consultation: Consultation
    principle: Principle
    version: PrincipleVersion
    versions: list[PrincipleVersion]
    words: Translation

    @property
    def current(self) -> bool:
        return self.version.pk == self.principle.current_id

    @property
    def url(self) -> str:
        return reverse("pages:principle", args=[self.consultation.slug, self.principle.number])


def place(consultation: Consultation, number: int, version: str, language: str) -> Place | None:
    """The principle as published in this version (empty: the current one); None where there is none such."""
    principle = texts.principle(consultation, number)
    if principle is None:
        return None
    versions = list(texts.published_versions(principle))
    wanted = version or str(principle.current.number if principle.current else "")
    chosen = next((each for each in versions if str(each.number) == wanted), None)
    if chosen is None:
        return None
    return Place(consultation, principle, chosen, versions, texts.translation(chosen, language))


def listing(request: HttpRequest, place: Place, worn: Hats | None = None) -> Listing:
    """The page of the discussion that the address asks for. Raises CursorRefused."""
    asked = discussion.filters(request.GET, principle=place.principle.number)
    found = comments.of_consultation(place.consultation, filters=asked)
    chosen = passages.asked(request.GET.get("words", ""), place.words.body)
    keys = passages.on(chosen, passages.marked(place.principle, place.words).groups) if chosen else None
    return discussion.folded(request, found, worn or hats.of(request, place.consultation), keys=keys)


def page(request: HttpRequest, place: Place) -> dict[str, Any]:
    """Everything for the template. Raises CursorRefused."""
    language = get_language() or "en"
    worn = hats.of(request, place.consultation)
    text = edition.of(place.principle, place.words, words=request.GET.get("words", ""))
    numbers = figures.of(place.consultation)
    held = figures.positions(numbers, place.principle.number)
    return {
        "consultation": place.consultation,
        "place": place,
        "principle": place.principle,
        "edition": text,
        "versions_line": _version_words(place),
        "passages_elsewhere": _passages_elsewhere(place, text),
        **_languages(request, place),
        "held": held,
        "units": _units(held),
        "units_label": units_label(held),
        "hats": worn,
        "compose": _compose(request, place, worn, text),
        "own": _own(worn, place),
        "comments_count": numbers.comments.get(place.principle.number, 0),
        "countries_count": numbers.countries.get(place.principle.number, 0),
        "filters": choices.of(request, place.principle),
        "listing": listing(request, place, worn),
        "neighbours": _neighbours(place),
        "closing": opening.closing(place.consultation, Act.COMMENT, language, at=request.received_at),  # type: ignore[attr-defined]
    }


def _languages(request: HttpRequest, place: Place) -> dict[str, Any]:
    """In which languages the text is there, what is said of the one shown, and a second one beside it."""
    query = request.GET.urlencode()
    asked, second = request.GET.get("text", ""), request.GET.get("beside", "")
    if asked not in place.consultation.languages:
        asked = get_language() or place.consultation.authoritative
    known = second in place.consultation.languages and second != place.words.language
    codes = tongues.there(place.consultation, place.version, place.versions)
    return {
        "tongues": links(tongues.in_order(place.consultation, place.version), place.words.language, query),
        "tongue_note": tongues.note(place.principle, place.words, asked),
        "others": tongues.others(codes, place.words.language, query),
        "beside": tongues.beside(place.principle, place.words, second) if known else None,
    }


def _passages_elsewhere(place: Place, text: Edition) -> dict[str, Any] | None:
    """Where a translation has no marked passage and the authoritative text has: how many, and where."""
    if place.words.authoritative or any(paragraph.notes for paragraph in text.paragraphs):
        return None
    original = next(each for each in place.version.translations.all() if each.authoritative)
    found = passages.marked(place.principle, original).groups
    name = languages.name(original.language, get_language() or "en")
    return {"number": len(found), "language": name, "url": f"?text={original.language}"} if found else None


def _version_words(place: Place) -> dict[str, Any]:
    """Which version this is, since when, and what it may be compared with."""
    number = place.version.number
    earlier = next((each for each in place.versions if each.number < number), None)
    changes = (
        reverse(
            "pages:changes", args=[place.consultation.slug, place.principle.number, earlier.number, number]
        )
        if earlier
        else ""
    )
    return {
        "number": number,
        "total": len(place.versions),
        "published_at": place.version.published_at,
        "substantive": place.version.change == Change.SUBSTANTIVE,
        "first": earlier is None,
        "changes_url": changes,
        "current_url": "" if place.current else place.url,
        "withdrawn_at": place.principle.withdrawn_at,
        "withdrawal_reason": place.consultation.in_language(
            place.principle.withdrawal_reasons, get_language() or "en"
        ),
    }


def _units(held: Positions) -> list[str]:
    if held.total > SQUARES:
        return []
    return [position for position in ORDER for _each in range(held.counts[position])]


def units_label(held: Positions) -> str:
    """The squares in words."""
    return (
        _(
            "%(endorse)d endorse, %(endorse_with_reservation)d with a reservation, "
            "%(to_reaffirm)d to re-affirm, %(decline)d decline, %(silent)d silent"
        )
        % held.counts
    )


def _compose(request: HttpRequest, place: Place, worn: Hats, text: Edition) -> dict[str, Any] | None:
    """The form to write a comment on this text, for those who may now."""
    if not worn.commenting or not worn.institutions or not place.current or place.principle.withdrawn_at:
        return None
    return composer.on_principle(place.principle, worn, text=place.words.body, chosen=text.chosen)


def _own(worn: Hats, place: Place) -> list[dict[str, Any]]:
    """What only the reader's own institutions see here: drafts, and what waits or came back."""
    if not worn.institutions:
        return []
    keys = [each.pk for each in worn.institutions]
    mine = comments.of_institutions(keys, states=OWN_STATES).filter(principle=place.principle)
    waiting = {each.pk for each in worn.institutions if each.state != InstitutionState.VERIFIED}
    unseen = comments.of_institutions(waiting, states=[CommentState.PUBLISHED]).filter(
        principle=place.principle
    )
    found = list(comments.with_cards(mine)[:OWN_LINES])
    found += list(comments.with_cards(unseen)[:OWN_LINES]) if waiting else []
    return [
        {
            "url": cards.url(each),
            "label": each.reference or _("Draft"),
            "state": each.get_state_display(),
            "excerpt": cards.excerpt(getattr(each, "draft", None) or each.latest),
        }
        for each in found
    ]


def _neighbours(place: Place) -> dict[str, Any]:
    """The principles before and after, in the order of the text."""
    numbers = list(texts.principles(place.consultation).values_list("number", flat=True))
    if place.principle.number not in numbers:
        return {}
    at = numbers.index(place.principle.number)

    def url(number: int) -> dict[str, Any]:
        return {"number": number, "url": reverse("pages:principle", args=[place.consultation.slug, number])}

    return {
        "before": url(numbers[at - 1]) if at else None,
        "after": url(numbers[at + 1]) if at + 1 < len(numbers) else None,
    }
