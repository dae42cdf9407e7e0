"""What signatories do, said in one line."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import choose_signatures
from accounts.models import Institution, User
from consultation.endorsements import actions
from consultation.endorsements.actions import Choice
from consultation.endorsements.models import Endorsement
from consultation.kit import clock, uploads
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
    office: str = "",
    name_shown: bool = False,
    at: datetime | None = None,
) -> list[Endorsement]:
    """Somebody (who registered the institution, unless told) takes these positions in one act."""
    return actions.take_positions(
        by or make.manager(institution),
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        choices=choices,
        language=language,
        office=office,
        name_shown=name_shown,
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


def withdraw(
    endorsement: Endorsement, *, by: User | None = None, at: datetime | None = None, reason: str = ""
) -> Endorsement:
    """Somebody withdraws a position or a proposal."""
    actor, at = by or make.manager(endorsement.institution), at or clock.now()
    return anew(
        actions.withdraw_endorsement(
            actor, endorsement_id=endorsement.pk, reason=reason, language="en", at=at
        )
    )


def reaffirm(endorsement: Endorsement, *, by: User | None = None, at: datetime | None = None) -> Endorsement:
    """Somebody signs the same position for the current text."""
    actor = by or make.manager(endorsement.institution)
    return anew(actions.reaffirm_endorsement(actor, endorsement_id=endorsement.pk, at=at or clock.now()))


def contest(
    endorsement: Endorsement, *, by: User | None = None, reason: str = "Nobody decided it."
) -> Endorsement:
    """Somebody says that it was done without right."""
    actor, at = by or make.manager(endorsement.institution), clock.now()
    return anew(actions.contest_endorsement(actor, endorsement_id=endorsement.pk, reason=reason, at=at))


def ask_for_two(institution: Institution) -> Institution:
    """Two persons have to sign for the institution from now on; there are two who may."""
    make.signatory(institution)
    by = make.manager(institution)
    return choose_signatures(by, institution_id=institution.pk, signatures=2, at=clock.now())


def half_signed(consultation: Consultation) -> Endorsement:
    """A position that the first of two persons has signed."""
    return endorse(ask_for_two(make.verified_institution()), consultation)


SCAN = b"%PDF-1.7\nA letter.\nstartxref\n9\n%%EOF\n"


def by_letter(
    institution: Institution,
    consultation: Consultation,
    position: str = "endorse",
    statement: str = "",
    *,
    principle: int = 1,
    version: int = 1,
    dated: date | None = None,
    office: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> Endorsement:
    """The secretariat records one position from a letter of today."""
    at = at or clock.now()
    [recorded] = actions.record_letter(
        by or make.secretariat(consultation),
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        choices=[Choice(principle, version, position, statement)],
        language="en",
        dated=dated or at.astimezone(ZoneInfo(consultation.zone)).date(),
        letter=uploads.keep_pdf(SimpleUploadedFile("letter.pdf", SCAN)),
        office=office,
        at=at,
    )
    return anew(recorded)


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
