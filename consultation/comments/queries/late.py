from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Institution
from consultation.comments.models import Comment, LateAdmission
from consultation.texts.models import Consultation


def admission_in_force(
    consultation: Consultation, institutions: Collection[Institution], *, at: datetime
) -> LateAdmission | None:
    """By what one of these institutions may comment after closing, if it may; the newest one."""
    rows = LateAdmission.objects.filter(
        round__consultation=consultation,
        institution__in=institutions,
        ended_at=None,
        at__lte=at,
        until__gt=at,
    )
    return rows.select_related("round").order_by("-at", "-pk").first()


def late_admissions(consultation: Consultation) -> QuerySet[LateAdmission]:
    """All that were ever given, the newest first; `used` says whether a comment came in by it."""
    rows = LateAdmission.objects.filter(round__consultation=consultation)
    used = Exists(Comment.objects.filter(late=OuterRef("pk"), submitted_at__isnull=False))
    return (
        rows.select_related("round__consultation", "institution__current")
        .annotate(used=used)
        .order_by("-at", "-pk")
    )


def late_admission(key: UUID) -> LateAdmission | None:
    """One of them, with what is shown of it."""
    rows = LateAdmission.objects.select_related("round__consultation", "institution__current")
    return rows.filter(pk=key).first()


def late_admissions_with_keys(keys: Iterable[str]) -> dict[str, LateAdmission]:
    """These late admissions by their keys as text: for the public record."""
    return {str(each.pk): each for each in LateAdmission.objects.filter(pk__in=list(keys))}
