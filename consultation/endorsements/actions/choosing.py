"""What is chosen for which exact words: shaped, checked, and the principles locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from consultation.endorsements import rules
from consultation.endorsements.models import Endorsement, EndorsementState, Position
from consultation.kit.fitting import fit
from consultation.kit.languages import is_tag
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.text import STATEMENT_LIMIT
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, Principle

OFFICE_LIMIT = 200  # code points of the office of whoever signs


@dataclass(frozen=True)
class Choice:
    """The position taken on one principle, for exactly this version of its text.

    `language` is that of the statement; empty where it is that of the whole act.
    """

    principle: int
    version: int
    position: str
    statement: str = ""
    language: str = ""


@dataclass(frozen=True)
class Present:
    """What an institution has on one principle already, each locked: at most one of a kind."""

    same: Endorsement | None
    proposal: Endorsement | None
    waiting: Endorsement | None
    signed: Sequence[Endorsement]


def published(consultation_id: int) -> Consultation:
    """The consultation that everybody may read. Raises Refusal `not-found`."""
    consultation = texts.public().filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFound
    return consultation


def checked(choices: Sequence[Choice], language: str) -> list[str]:
    """The statement of each choice, as it is kept.

    Raises Refusal `invalid`; where there are several choices it names the field with the principle's number.
    """
    if not choices:
        raise invalid(principle=_("Choose at least one principle."))
    if not all(is_tag(choice.language or language) for choice in choices):
        raise invalid(language=_("Give the language of the statement, such as en or fr."))
    numbers = [choice.principle for choice in choices]
    if len(set(numbers)) != len(numbers):
        raise invalid(principle=_("Name each principle once."))
    return [_statement(choice, several=len(choices) > 1) for choice in choices]


def _statement(choice: Choice, *, several: bool) -> str:
    def name(field: str) -> str:
        return f"{field}__{choice.principle}" if several else field

    if choice.position not in Position.values:
        raise invalid(**{name("position"): _("Choose endorse, endorse with a reservation, or decline.")})
    statement = fit(name("statement"), choice.statement.strip(), STATEMENT_LIMIT)
    if choice.position == Position.RESERVATION and not statement:
        raise invalid(**{name("statement"): _("Say what your reservation is.")})
    return statement


def fit_line(field: str, text: str, limit: int) -> str:
    """One line of words as it is kept. Raises Refusal `invalid` that names the field."""
    return " ".join(fit(field, text.strip(), limit).split())


def lock_principles(consultation: Consultation, choices: Sequence[Choice]) -> dict[int, Principle]:
    """The principles by number, locked in one order; the version that was chosen is the current one of each.

    Raises Refusal `invalid` (principle) and `version-not-current`.
    """
    numbers = [choice.principle for choice in choices]
    rows = Principle.objects.filter(consultation=consultation, number__in=numbers).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)))
    locked = rows.filter(withdrawn_at=None).select_related("current", "consultation")
    found = {principle.number: principle for principle in locked}
    for choice in choices:
        principle = found.get(choice.principle)
        if principle is None or principle.current is None:
            raise invalid(principle=_("This text has no principle with that number."))
        if principle.current.number != choice.version:
            raise Refusal(
                "version-not-current",
                _("The text changed meanwhile. Read the current version and decide anew."),
                {"version": [_("This is not the current version.")]},
            )
    return found


def present(institution: Institution, principle: Principle, position: str, statement: str) -> Present:
    """What the institution has on the principle, and which of it says the same words of the same version."""
    live = list(
        Endorsement.objects.filter(
            institution=institution, principle=principle, state__in=[*rules.OPEN, EndorsementState.SIGNED]
        )
        .select_for_update(no_key=True, of=("self",))
        .select_related("item", "principle", "consultation", "version")
        .order_by("pk")
    )
    for each in live:
        each.institution = institution
    words = (principle.current_id, position, statement)
    same = [each for each in live if (each.version_id, each.position, each.statement) == words]
    proposals = [each for each in live if each.state in rules.OPEN]
    signed = [each for each in live if each.state == EndorsementState.SIGNED]
    waiting = [each for each in signed if not each.released]
    return Present(_first(same), _first(proposals), _first(waiting), signed)


def _first(rows: list[Endorsement]) -> Endorsement | None:
    return rows[0] if rows else None
