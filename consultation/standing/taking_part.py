"""Who takes part in a consultation, and so is told when something changes for all."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts import queries as accounts
from accounts.models import User
from consultation.comments.models import Comment, Cosignature
from consultation.endorsements.models import Endorsement
from consultation.texts.models import Consultation


def institutions(consultation: Consultation) -> set[int]:
    """The keys of those that wrote something here, be it a draft, co-signed, or took a position."""
    written = Comment.objects.filter(consultation=consultation)
    given = Cosignature.objects.filter(comment__consultation=consultation)
    taken = Endorsement.objects.filter(consultation=consultation)
    found = [rows.order_by().values_list("institution", flat=True) for rows in (written, given, taken)]
    return {key for rows in found for key in rows.distinct()}


def people(consultation: Consultation, *, at: datetime) -> QuerySet[User]:
    """Everybody who may act at `at` for one of them."""
    return accounts.people_of(institutions(consultation), at=at)
