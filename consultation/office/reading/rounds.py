"""The rounds of one consultation as its secretariat keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from accounts.models import User
from consultation.office.rounds_forms import ACTS
from consultation.pages.reading import zones
from consultation.standing import taking_part
from consultation.texts import queries as texts
from consultation.texts import rules
from consultation.texts.models import Consultation, ConsultationRole, Round, RoundExtension


@dataclass(frozen=True)
class Row:
    """One round: what it is for, whether it opened and runs, how often and why it was extended."""

    round: Round
    purpose: str
    acts: Sequence[Any]
    opened: bool
    runs: bool
    extensions: Sequence[tuple[RoundExtension, str]]
    url: str

    @property
    def ended(self) -> bool:
        """Whether its closing time has passed."""
        return self.opened and not self.runs


@dataclass(frozen=True)
class RoundsDesk:
    """All rounds of one consultation, in the order of their opening."""

    consultation: Consultation
    title: str
    place: str
    rows: Sequence[Row]
    url: str
    back: str

    @property
    def codes(self) -> list[str]:
        """The languages of the text, the authoritative one first."""
        first = self.consultation.authoritative
        return [first, *(code for code in self.consultation.languages if code != first)]

    def row(self, number: int) -> Row | None:
        """The round with this number."""
        return next((each for each in self.rows if each.round.number == number), None)


def desk(person: User, slug: str, *, at: datetime) -> RoundsDesk | None:
    """The rounds of a consultation, for its secretariat only: four queries whatever their number."""
    mine = texts.consultations_with_role(person, ConsultationRole.Role.SECRETARIAT)
    found = mine.filter(slug=slug).first()
    if found is None:
        return None
    reader = get_language() or found.authoritative
    extensions: dict[int, list[tuple[RoundExtension, str]]] = {}
    for each in texts.extensions(found):
        told = (each, found.in_language(each.reasons, reader))
        extensions.setdefault(each.round_id, []).append(told)
    return RoundsDesk(
        consultation=found,
        title=found.title(reader),
        place=zones.place(found.zone, reader),
        rows=[_row(found, each, extensions.get(each.pk, []), at=at) for each in texts.rounds(found)],
        url=reverse("office:rounds", args=[slug]),
        back=reverse("office:secretariat_consultation", args=[slug]),
    )


def _row(
    consultation: Consultation,
    each: Round,
    extensions: Sequence[tuple[RoundExtension, str]],
    *,
    at: datetime,
) -> Row:
    each.consultation = consultation
    opened = rules.has_opened(each, at=at)
    return Row(
        round=each,
        purpose=consultation.in_language(each.purposes, get_language() or consultation.authoritative),
        acts=[label for act, label in ACTS if act in each.acts],
        opened=opened,
        runs=opened and each.runs(at=at),
        extensions=extensions,
        url=reverse("office:round", args=[consultation.slug, each.number]),
    )


def told_of_extension(consultation: Consultation, *, at: datetime) -> int:
    """How many people an extension is announced to by mail."""
    return taking_part.people(consultation, at=at).count()
