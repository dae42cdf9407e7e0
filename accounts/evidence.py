"""What speaks for an institution that waits: what a registrar asked for, and what was given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import Institution, InstitutionEvidence, InstitutionInquiry, User
from consultation.kit.fitting import fit
from consultation.kit.uploads import Stored

NOTE_LIMIT = 2_000  # code points of a note or a reason about an institution, as the tables take


def fit_note(field: str, text: str) -> str:
    """The words of a note or a reason. Raises Refusal `invalid` that names the field."""
    return fit(field, text, NOTE_LIMIT)


def ask(actor: User, institution: Institution, words: str, *, at: datetime) -> InstitutionInquiry:
    """What is missing, in the registrar's words, on record. The institution is locked."""
    return InstitutionInquiry.objects.create(
        institution=institution, words=words, asked_by=actor, asked_at=at
    )


def give(
    actor: User, institution: Institution, *, note: str, letter: Stored | None, at: datetime
) -> InstitutionEvidence:
    """What an institution gives to show that it is what it says. It is locked."""
    return InstitutionEvidence.objects.create(
        institution=institution,
        note=note,
        sha256=letter.sha256 if letter else "",
        filename=letter.filename if letter else "",
        bytes=letter.bytes if letter else 0,
        given_by=actor,
        given_at=at,
    )


def newest_inquiries(institutions: Collection[int]) -> dict[int, InstitutionInquiry]:
    """What was asked last of each of these institutions (keys): one query."""
    asked = InstitutionInquiry.objects.filter(institution__in=institutions).order_by("asked_at", "pk")
    return {each.institution_id: each for each in asked}


def given_by(institutions: Collection[int]) -> dict[int, list[InstitutionEvidence]]:
    """What each of these institutions (keys) gave, the newest first: one query."""
    found: dict[int, list[InstitutionEvidence]] = {}
    rows = InstitutionEvidence.objects.filter(institution__in=institutions).order_by("-given_at", "-pk")
    for row in rows:
        found.setdefault(row.institution_id, []).append(row)
    return found
