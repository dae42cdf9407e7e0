"""What signatories do, said in one line."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Institution, User
from consultation.endorsements import actions
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts.models import Consultation
from tests import factories as make

RESERVE = "Not in wartime."


def take(
    institution: Institution,
    consultation: Consultation,
    *choices: Choice,
    by: User | None = None,
    language: str = "en",
    at: datetime | None = None,
) -> list[Endorsement]:
    """Somebody (who registered the institution, unless told) takes these positions in one act."""
    return actions.take_positions(
        by or make.manager(institution),
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        choices=choices,
        language=language,
        at=at or clock.now(),
    )


def endorse(
    institution: Institution,
    consultation: Consultation,
    position: str = "endorse",
    statement: str = "",
    *,
    principle: int = 1,
    version: int = 1,
    by: User | None = None,
    at: datetime | None = None,
) -> Endorsement:
    """Somebody takes one position: on version 1 of principle 1 unless told."""
    choice = Choice(principle, version, position, statement)
    [taken] = take(institution, consultation, choice, by=by, at=at)
    return anew(taken)


def reserve(institution: Institution, consultation: Consultation, **where: object) -> Endorsement:
    """Somebody endorses with a reservation."""
    return endorse(institution, consultation, "endorse_with_reservation", RESERVE, **where)


def sign(endorsement: Endorsement, *, by: User | None = None, at: datetime | None = None) -> Endorsement:
    """Somebody signs a proposal."""
    actor = by or make.manager(endorsement.institution)
    return anew(actions.sign_endorsement(actor, endorsement_id=endorsement.pk, at=at or clock.now()))


def withdraw(endorsement: Endorsement, *, by: User | None = None, at: datetime | None = None) -> Endorsement:
    """Somebody withdraws a position or a proposal."""
    actor = by or make.manager(endorsement.institution)
    return anew(actions.withdraw_endorsement(actor, endorsement_id=endorsement.pk, at=at or clock.now()))


def reaffirm(endorsement: Endorsement, *, by: User | None = None, at: datetime | None = None) -> Endorsement:
    """Somebody signs the same position for the current text."""
    actor = by or make.manager(endorsement.institution)
    return anew(actions.reaffirm_endorsement(actor, endorsement_id=endorsement.pk, at=at or clock.now()))


def anew(endorsement: Endorsement) -> Endorsement:
    """The position as it stands now."""
    rows = Endorsement.objects.select_related("institution", "principle", "version", "item")
    return rows.get(pk=endorsement.pk)


def states(institution: Institution) -> list[tuple[str, str, bool, bool]]:
    """Position, state, released and in effect of every row of an institution, the oldest first."""
    rows = Endorsement.objects.filter(institution=institution).order_by("made_at", "pk")
    return [(row.position, row.state, row.released, row.effective_at is not None) for row in rows]


def told(endorsement: Endorsement) -> list[str]:
    """What the public record says of a position."""
    entries = Entry.objects.filter(subject_key=str(endorsement.pk), public=True).order_by("number")
    return [entry.kind.removeprefix("endorsement.") for entry in entries]
