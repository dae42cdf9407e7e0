"""What is planted in positions and in what institutions show of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import choose_signatures, give_evidence
from accounts.models import Institution, User
from consultation.endorsements.models import Endorsement
from consultation.kit import clock, uploads
from consultation.standing.actions import (
    ask_institution,
    reject_institution,
    suspend_institution,
    verify_institution,
)
from consultation.texts.models import Consultation
from tests import factories as make
from tests.endorsements.acts import contest, endorse, withdraw
from tests.moderation.acts import claim, decide, open_case, undo
from tests.planted.garden import BOTH, EVERYBODY, OWN, Garden

RESERVED = "endorse_with_reservation"
REGISTERED = OWN | {"registrar"}


@dataclass
class Signer:
    """Who signs for institutions of their own, one for each handful of positions."""

    garden: Garden
    consultation: Consultation
    by: User
    moderator: User
    rows: list[Endorsement] = field(default_factory=list)

    def taken(
        self,
        institution: Institution,
        principle: int,
        state: str,
        readers: frozenset[str],
        *,
        by: User | None = None,
    ) -> Endorsement:
        """A position with a planted statement."""
        statement = self.garden.plant(f"statement, {state}", readers)
        row = endorse(
            institution, self.consultation, RESERVED, statement, principle=principle, by=by or self.by
        )
        self.rows.append(row)
        return row

    def judged(self, owner: object, action: str = "approve") -> None:
        """The moderator decides what waits of it."""
        decide(self.moderator, claim(self.moderator, open_case(owner)), action, clause="1")

    def withdrawn(self, row: Endorsement, state: str, readers: frozenset[str], action: str = "") -> None:
        """A released position is withdrawn, with a planted reason."""
        self.judged(row)
        reason = self.garden.plant(f"reason of withdrawal, {state}", readers)
        withdraw(row, by=self.by, reason=reason)
        if action:
            self.judged(row.withdrawal, action)


def sign(signer: Signer, unverified: Institution, suspended: Institution) -> None:
    """A statement in each state; what is public when this ends may be taken away by `unsign`."""
    first, second, third = (make.verified_institution(by=signer.by) for _ in range(3))
    signer.taken(first, 2, "proposed", OWN, by=make.representative(first))
    signer.taken(first, 3, "waiting", BOTH)
    signer.judged(signer.taken(first, 4, "refused", BOTH), "reject")
    signer.judged(signer.taken(second, 2, "released", EVERYBODY))
    withdraw(signer.taken(second, 3, "withdrawn while it waited", BOTH), by=signer.by)
    undone = signer.taken(second, 4, "approval undone", BOTH)
    case = decide(signer.moderator, claim(signer.moderator, open_case(undone)))
    undo(signer.moderator, case)
    _given_up(signer, third)
    signer.taken(unverified, 2, "of an unverified institution, waiting", BOTH)
    signer.judged(signer.taken(unverified, 3, "of an unverified institution", BOTH))
    signer.judged(signer.taken(suspended, 2, "of a suspended institution", BOTH))


def _given_up(signer: Signer, institution: Institution) -> None:
    for principle, state, readers, action in (
        (2, "waiting", BOTH, ""),
        (3, "refused", BOTH, "reject"),
        (4, "released", EVERYBODY, "approve"),
    ):
        row = signer.taken(institution, principle, f"withdrawn, reason {state}", EVERYBODY)
        signer.withdrawn(row, state, readers, action)
    contested = signer.taken(institution, 2, "contested", EVERYBODY)
    signer.judged(contested)
    reason = signer.garden.plant("reason for contesting", OWN | {"registrar", "secretariat"})
    contest(contested, by=signer.by, reason=reason)
    make.signatory(institution)
    choose_signatures(signer.by, institution_id=institution.pk, signatures=2, at=clock.now())
    signer.taken(institution, 3, "half signed", OWN)


def show(garden: Garden, by: User, registrar: User, unverified: Institution) -> list[Institution]:
    """What an institution and the registrars tell each other; those that were settled by it."""
    note = garden.plant("note of evidence", REGISTERED)
    name = f"{garden.plant('name of a letter', REGISTERED).replace(' ', '-')}.pdf"
    letter = garden.plant("words of a letter", REGISTERED)
    pdf = SimpleUploadedFile(name, f"%PDF-1.7\n{letter}\nstartxref\n9\n%%EOF\n".encode())
    give_evidence(by, institution_id=unverified.pk, note=note, letter=uploads.keep_pdf(pdf), at=clock.now())
    missing = garden.plant("what a registrar misses", REGISTERED)
    ask_institution(registrar, institution_id=unverified.pk, words=missing, at=clock.now())
    rejected, verified, suspended = (make.institution(by=by) for _ in range(3))
    reason = garden.plant("reason for not accepting an institution", REGISTERED)
    reject_institution(registrar, institution_id=rejected.pk, reason=reason, at=clock.now())
    how = garden.plant("note on verifying", REGISTERED)
    verify_institution(registrar, institution_id=verified.pk, how="letter", note=how, at=clock.now())
    reason = garden.plant("reason for suspending", REGISTERED)
    suspend_institution(registrar, institution_id=make.verify(suspended).pk, reason=reason, at=clock.now())
    return [rejected, verified, suspended]
