"""On paper: what an institution wrote to the secretariat by letter is recorded, with the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts import steps as accounts
from accounts.models import Institution, User
from consultation.endorsements import rules, steps
from consultation.endorsements.actions import choosing
from consultation.endorsements.actions.choosing import OFFICE_LIMIT, Choice, fit_line, published
from consultation.endorsements.actions.telling import tell
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit.refusal import Refusal, invalid
from consultation.kit.uploads import Stored
from consultation.kit.verb import verb
from consultation.texts.models import Consultation, Principle


@verb
def record_letter(
    actor: User,
    *,
    consultation_id: int,
    institution_id: int,
    choices: Sequence[Choice],
    language: str,
    dated: date,
    letter: Stored,
    office: str = "",
    at: datetime,
) -> list[Endorsement]:
    """What an institution wrote by a letter of `dated` is on record; it is told, and may contest it.

    `office` is that of whoever signed the letter. A letter replaces what was signed before its day, and
    nothing that was signed later.
    Refuses: not-found, no-role, second-factor-needed, own-institution, institution-barred, round-closed,
    round-not-open, version-not-current, newer-position, stands-already, waiting,
    invalid (principle, position, statement, language, dated, office).
    """
    institution = accounts.lock_institution(institution_id)
    consultation = published(consultation_id)
    rules.may_record_letter(actor, consultation, institution, dated=dated, at=at).require()
    statements = choosing.checked(choices, language)
    line = fit_line("office", office, OFFICE_LIMIT)
    by_number = choosing.lock_principles(consultation, choices)
    _is_for_these_words(by_number.values(), dated, consultation)
    recorded = [
        _record(
            actor,
            institution,
            by_number[choice.principle],
            replace(choice, statement=statement, language=choice.language or language),
            dated=dated,
            letter=letter,
            office=line,
            at=at,
        )
        for choice, statement in zip(choices, statements, strict=True)
    ]
    tell("endorsement-recorded", actor, institution, recorded, at=at, until=dated.isoformat())
    return recorded


def _is_for_these_words(principles: Iterable[Principle], dated: date, consultation: Consultation) -> None:
    zone = ZoneInfo(consultation.zone)
    for principle in principles:
        published_at = principle.current.published_at if principle.current else None
        if published_at is not None and dated < published_at.astimezone(zone).date():
            raise invalid(
                dated=_("The letter is older than the present text of Principle %(number)d.")
                % {"number": principle.number}
            )


def _record(
    actor: User,
    institution: Institution,
    principle: Principle,
    choice: Choice,
    *,
    dated: date,
    letter: Stored,
    office: str,
    at: datetime,
) -> Endorsement:
    assert principle.current is not None
    found = choosing.present(institution, principle, choice.position, choice.statement)
    if found.same is not None and found.same.state == EndorsementState.SIGNED:
        raise Refusal(
            "stands-already",
            _("This position on Principle %(number)d stands already.") % {"number": principle.number},
        )
    zone = ZoneInfo(principle.consultation.zone)
    if any(_said_on(each, zone) > dated for each in found.signed):
        raise Refusal(
            "newer-position",
            _("The institution took a newer position on Principle %(number)d.")
            % {"number": principle.number},
        )
    if found.waiting is not None and choice.statement:
        raise Refusal(
            "waiting", _("An earlier statement on this principle waits for moderation. Withdraw it first.")
        )
    if found.proposal is not None:
        steps.end(actor, found.proposal, EndorsementState.WITHDRAWN, at=at)
    endorsement = Endorsement.objects.create(
        consultation=principle.consultation,
        institution=institution,
        principle=principle,
        version=principle.current,
        position=choice.position,
        statement=choice.statement,
        language=choice.language,
        recorded=True,
        letter_dated=dated,
        letter_sha256=letter.sha256,
        letter_filename=letter.filename,
        letter_bytes=letter.bytes,
        recorded_by=actor,
        office=office,
        made_at=at,
    )
    steps.complete(actor, endorsement, at=at)
    return endorsement


def _said_on(endorsement: Endorsement, zone: ZoneInfo) -> date:
    if endorsement.letter_dated is not None:
        return endorsement.letter_dated
    assert endorsement.signed_at is not None
    return endorsement.signed_at.astimezone(zone).date()
