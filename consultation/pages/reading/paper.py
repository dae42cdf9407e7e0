"""One position as those see it whom it concerns: the exact words, who signed, what may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts.models import Institution, User
from consultation.endorsements import queries as endorsements
from consultation.endorsements import rules, signatures
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.endorsements.signatures import Signature
from consultation.kit import languages
from consultation.moderation import queries as moderation
from consultation.texts import queries as texts
from consultation.texts.models import Consultation
from consultation.web.acts import person_of


@dataclass(frozen=True)
class Hand:
    """Who signed, as the institution's own people read it."""

    who: str
    office: str
    at: datetime | None
    shown: bool


@dataclass(frozen=True)
class Paper:
    """One position, and what the reader may do with it."""

    endorsement: Endorsement
    title: str
    body: str
    language: str
    own: bool
    may_sign: bool
    signed_by_reader: bool
    may_withdraw: bool
    may_reaffirm: bool
    may_contest: bool
    may_confirm: bool
    stale_proposal: bool
    changes_url: str
    change_url: str

    @property
    def number(self) -> int:
        return self.endorsement.principle.number

    @property
    def institution(self) -> str:
        return _name(self.endorsement.institution)

    @property
    def signed_as(self) -> str:
        """The institution's name when it was signed, where it is another one by now."""
        name = self.endorsement.signed_as.name if self.endorsement.signed_as else ""
        return "" if name == self.institution else name

    @property
    def stood(self) -> bool:
        """Whether everybody could read it: then it is withdrawn with a public reason."""
        return self.endorsement.state == EndorsementState.SIGNED and self.endorsement.released

    @property
    def hands(self) -> list[Hand]:
        """Whoever signed, the first one first."""
        row = self.endorsement
        found = [
            (
                row.first_signed_at,
                row.first_signed_name or row.first_signed_by,
                row.first_former,
                row.first_office,
                row.first_name_shown,
            ),
            (row.signed_at, row.signed_name or row.signed_by, row.former, row.office, row.name_shown),
        ]
        return [
            Hand(_who(person, former), office, at, shown)
            for at, person, former, office, shown in found
            if at is not None and not row.recorded
        ]

    @property
    def public_signatures(self) -> Sequence[Signature]:
        """Who signed, for readers from elsewhere, or the letter; its own people read `hands`."""
        own_hands = self.own and not self.endorsement.recorded
        return [] if own_hands else signatures.of(self.endorsement)

    @property
    def reason(self) -> Any:
        """Why it was withdrawn, and whether everybody reads that."""
        return getattr(self.endorsement, "withdrawal", None)

    @property
    def reason_waits(self) -> bool:
        """Whether a moderator has yet to read why it was withdrawn."""
        case = moderation.newest_case(self.reason.item_id) if self.reason else None
        return case is not None and case.closed_at is None

    @property
    def proposed_by(self) -> str:
        """Who proposed it, where that is somebody else than who signed."""
        row = self.endorsement
        if row.proposed_by is None or row.proposed_by_id in (row.signed_by_id, row.first_signed_by_id):
            return ""
        return str(row.proposed_by)

    @property
    def contest(self) -> Any:
        return getattr(self.endorsement, "contest", None)


def _name(institution: Institution) -> str:
    return institution.current.name if institution.current else institution.slug


def _who(person: User | str | None, former: int | None) -> str:
    if person is not None:
        return str(person)
    return former_representative(former)


def former_representative(number: int | None) -> str:
    """How somebody is called whose account was erased."""
    return (
        _("former representative %(number)d") % {"number": number} if number else _("a former representative")
    )


def paper(request: HttpRequest, consultation: Consultation, key: UUID) -> Paper | None:
    """One position, for its own institution's people and whoever looks after it; None for all others."""
    at: datetime = request.received_at  # type: ignore[attr-defined]
    person = person_of(request)
    if person is None:
        return None
    found = endorsements.papers(person, at=at).filter(consultation=consultation, pk=key)
    rows = endorsements.with_rows(found).select_related("withdrawal", "contest", "proposed_by")
    held = rows.prefetch_related("version__translations").first()
    if held is None:
        return None
    words = texts.translation(held.version, get_language() or consultation.authoritative)
    own = accounts.mandates_in_force(person, at=at).filter(institution=held.institution_id).exists()
    signs = rules.can_sign(person, held.institution, at=at)
    proposal = held.state in endorsements.OPEN
    current = held.version_id == held.principle.current_id
    signed_already = proposal and held.first_signed_by_id == person.pk
    return Paper(
        held,
        words.title,
        words.body,
        languages.html_lang(words.language),
        own=own,
        may_sign=proposal and signs and current and not signed_already,
        signed_by_reader=signed_already,
        may_withdraw=bool(rules.may_withdraw(person, held, at=at)),
        may_reaffirm=signs and held.state == EndorsementState.SIGNED and held.released and held.to_reaffirm,  # type: ignore[attr-defined]
        may_contest=bool(rules.may_contest(person, held, at=at)),
        may_confirm=bool(rules.may_confirm(person, held, at=at)),
        stale_proposal=proposal and not current,
        changes_url="" if current else _changes_url(held),
        change_url=_change_url(held) if own and held.state == EndorsementState.REFUSED else "",
    )


def _change_url(held: Endorsement) -> str:
    """The form in which what came back is filled in again."""
    form = reverse("pages:endorse", args=[held.consultation.slug, held.principle.number])
    return f"{form}?from={held.pk}"


def _changes_url(held: Endorsement) -> str:
    """What changed since the version that the position is bound to."""
    current = held.principle.current
    if current is None or current.number < held.version.number:
        return ""
    versions = [held.version.number, current.number]
    return reverse("pages:changes", args=[held.consultation.slug, held.principle.number, *versions])
