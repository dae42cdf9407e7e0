"""What waits in a language that no active moderator reads: for the secretariat, who asks somebody by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from consultation.kit import languages
from consultation.moderation import readers
from consultation.moderation.handlers import describe
from consultation.office import wording
from consultation.texts.models import Consultation

SHOWN = 10


@dataclass(frozen=True)
class Unread:
    """The first of these cases, in which languages they are, and whether there are more."""

    rows: list[dict[str, Any]]
    languages: str
    more: bool


def read(consultation: Consultation, *, at: datetime) -> Unread | None:
    """What nobody reads in this consultation; None where there is nothing like it."""
    cases = list(readers.unread(consultation, at=at)[: SHOWN + 1])
    if not cases:
        return None
    reader = get_language() or "en"
    subjects = describe([each.item for each in cases])
    names = {languages.name(each.item.language, reader) for each in cases}
    rows = [
        {
            "what": wording.what(each.item.kind, subjects[each.item_id].reference),
            "url": reverse("office:case", args=[each.pk]),
            "ask": reverse("office:ask_opinion", args=[each.pk]),
            "institution": each.item.institution.current,
            "language": languages.name(each.item.language, reader),
            "age": wording.span(at - each.opened_at),
        }
        for each in cases[:SHOWN]
    ]
    return Unread(rows, ", ".join(sorted(names, key=str.casefold)), len(cases) > SHOWN)
