from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import queries as account_queries
from accounts import steps as accounts
from accounts.models import Institution, User
from consultation.endorsements import rules, steps
from consultation.endorsements.models import Endorsement, EndorsementState, Position
from consultation.kit.languages import is_tag
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.text import STATEMENT_LIMIT, clean
from consultation.kit.verb import verb
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts import queries as texts
from consultation.texts import steps as text_steps
from consultation.texts.models import Consultation, Principle


@dataclass(frozen=True)
class Choice:
    """The position taken on one principle, for exactly this version of its text."""

    principle: int
    version: int
    position: str
    statement: str = ""


@verb
def take_positions(
    actor: User,
    *,
    consultation_id: int,
    institution_id: int,
    choices: Sequence[Choice],
    language: str,
    at: datetime,
) -> list[Endorsement]:
    """The institution's positions are signed, or proposed where the actor may not sign; all or none.

    The very same position again gives the one that stands, waits or is proposed.
    Refuses: not-found, no-mandate, institution-barred, round-closed, round-not-open, version-not-current,
    proposal-open, waiting, invalid (principle, position, statement, language).
    """
    institution = accounts.lock_institution(institution_id)
    consultation = texts.public().filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFound
    rules.may_take_position(actor, consultation, institution, at=at).require()
    if not choices:
        raise invalid(principle=_("Choose at least one principle."))
    if not is_tag(language):
        raise invalid(language=_("Give the language of the statement, such as en or fr."))
    by_number = _lock_principles(consultation, choices)
    signs = rules.can_sign(actor, institution, at=at)
    taken = [
        _take(actor, institution, by_number[choice.principle], choice, language=language, signs=signs, at=at)
        for choice in choices
    ]
    if any(each.statement for each in taken):
        text_steps.accept_licence(actor, consultation, at=at)
    _tell(institution, [each for each in taken if each.signed_at == at], at=at)
    return taken


def _lock_principles(consultation: Consultation, choices: Sequence[Choice]) -> dict[int, Principle]:
    numbers = [choice.principle for choice in choices]
    if len(set(numbers)) != len(numbers):
        raise invalid(principle=_("Name each principle once."))
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


def _take(
    actor: User,
    institution: Institution,
    principle: Principle,
    choice: Choice,
    *,
    language: str,
    signs: bool,
    at: datetime,
) -> Endorsement:
    assert principle.current is not None
    statement = _statement(choice)
    same, proposal, waiting = _present(institution, principle, choice, statement)
    if same is not None and (same.state == EndorsementState.SIGNED or not signs):
        if waiting is not None and signs and not statement:
            steps.end(actor, waiting, EndorsementState.WITHDRAWN, at=at)
        return same
    if waiting is not None and statement:
        raise Refusal(
            "waiting", _("An earlier statement on this principle waits for moderation. Withdraw it first.")
        )
    if proposal is not None:
        if not signs:
            raise Refusal("proposal-open", _("Another proposal for this principle waits for a signature."))
        steps.end(actor, proposal, EndorsementState.WITHDRAWN, at=at)
    endorsement = Endorsement.objects.create(
        consultation=principle.consultation,
        institution=institution,
        principle=principle,
        version=principle.current,
        position=choice.position,
        statement=statement,
        language=language,
        proposed_by=actor,
        made_at=at,
    )
    if signs:
        steps.sign(actor, endorsement, at=at)
    else:
        record(actor, "endorsement.proposed", endorsement)
    return endorsement


def _statement(choice: Choice) -> str:
    if choice.position not in Position.values:
        raise invalid(position=_("Choose endorse, endorse with a reservation, or decline."))
    try:
        statement = clean(choice.statement).strip()
    except ValueError as error:
        raise invalid(statement=str(error)) from error
    if len(statement) > STATEMENT_LIMIT:
        raise invalid(statement=_("This is longer than 5,000 characters."))
    if choice.position == Position.RESERVATION and not statement:
        raise invalid(statement=_("Say what your reservation is."))
    return statement


def _present(
    institution: Institution, principle: Principle, choice: Choice, statement: str
) -> tuple[Endorsement | None, Endorsement | None, Endorsement | None]:
    live = list(
        Endorsement.objects.filter(
            institution=institution, principle=principle, state__in=[*rules.OPEN, EndorsementState.SIGNED]
        )
        .select_for_update(no_key=True, of=("self",))
        .select_related("item", "principle", "consultation", "version")
        .order_by("pk")
    )
    words = (principle.current_id, choice.position, statement)
    same = [each for each in live if (each.version_id, each.position, each.statement) == words]
    proposals = [each for each in live if each.state in rules.OPEN]
    waiting = [each for each in live if each.state == EndorsementState.SIGNED and not each.released]
    return _first(same), _first(proposals), _first(waiting)


def _first(rows: list[Endorsement]) -> Endorsement | None:
    return rows[0] if rows else None


@verb
def sign_endorsement(actor: User, *, endorsement_id: UUID, at: datetime) -> Endorsement:
    """What was proposed is signed.

    Refuses: not-found, no-mandate, not-a-proposal, version-not-current, institution-barred, round-closed.
    """
    endorsement = steps.lock(endorsement_id)
    rules.may_sign(actor, endorsement, at=at).require()
    steps.sign(actor, endorsement, at=at)
    _tell(endorsement.institution, [endorsement], at=at)
    return endorsement


@verb
def withdraw_endorsement(actor: User, *, endorsement_id: UUID, at: datetime) -> Endorsement:
    """The position no longer stands; the institution is silent on that principle.

    Refuses: not-found, no-mandate, not-live.
    """
    endorsement = steps.lock(endorsement_id)
    rules.may_withdraw(actor, endorsement, at=at).require()
    steps.end(actor, endorsement, EndorsementState.WITHDRAWN, at=at)
    return endorsement


@verb
def reaffirm_endorsement(actor: User, *, endorsement_id: UUID, at: datetime) -> Endorsement:
    """The same position, signed for the current text; the earlier one is superseded.

    Refuses: not-found, no-mandate, not-live, waiting, institution-barred, round-closed, round-not-open.
    """
    earlier = steps.lock(endorsement_id)
    rules.may_take_position(actor, earlier.consultation, earlier.institution, at=at).require()
    if not rules.can_sign(actor, earlier.institution, at=at):
        raise Refusal("no-mandate", _("You have no mandate to sign for this institution."))
    if earlier.state != EndorsementState.SIGNED or not earlier.released or earlier.principle.current is None:
        raise Refusal("not-live", _("This position was replaced or withdrawn already."))
    choice = Choice(
        earlier.principle.number, earlier.principle.current.number, earlier.position, earlier.statement
    )
    new = _take(
        actor, earlier.institution, earlier.principle, choice, language=earlier.language, signs=True, at=at
    )
    _tell(earlier.institution, [new] if new.signed_at == at else [], at=at)
    return new


def _tell(institution: Institution, signed: list[Endorsement], *, at: datetime) -> None:
    """Every act in an institution's name is mailed to all its signatories and managers."""
    if not signed:
        return
    consultation = signed[0].consultation
    for person in account_queries.managers_and_signatories(institution, at=at):
        post.write(
            "endorsement-signed",
            person=person,
            context={
                "institution": institution.current.name if institution.current else institution.slug,
                "title": consultation.title(person.language),
                "url": f"/consultations/{consultation.slug}/",
                "principles": ", ".join(
                    f"{each.principle.number} ({each.get_position_display()})" for each in signed
                ),
                "at": at.isoformat(),
            },
            not_before=at,
        )
