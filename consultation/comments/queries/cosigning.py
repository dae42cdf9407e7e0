from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    QuerySet,
)

from accounts.models import InstitutionState
from consultation.comments.models import (
    Comment,
    Cosignature,
    Stance,
)


def cosignatures_heard() -> QuerySet[Cosignature]:
    """What institutions that are verified now say of others' comments: what is shown and counted."""
    return Cosignature.objects.filter(ended_at=None, institution__state=InstitutionState.VERIFIED)


def cosigns(comment: Comment) -> dict[str, int]:
    """How many institutions agree and disagree. Reads what `with_cards` or `with_counts` counted."""
    return {"agree": comment.agreed, "disagree": comment.disagreed}  # type: ignore[attr-defined]


def stances_by_country(comment: Comment) -> dict[str, dict[str, Any]]:
    """How many institutions say each of the stances of the comment, and how many in each country."""
    rows = cosignatures_heard().filter(comment=comment).order_by("institution__current__country")
    counted = rows.values_list("stance", "institution__current__country").annotate(total=Count("pk"))
    found: dict[str, dict[str, int]] = {stance: {} for stance in Stance.values}
    for stance, country, total in counted:
        found[stance][country] = total
    return {
        stance: {"institutions": sum(countries.values()), "countries": countries}
        for stance, countries in found.items()
    }


def cosignature_in_force(comment: Comment, institution_id: int) -> Cosignature | None:
    """What the institution says now of another's comment."""
    return Cosignature.objects.filter(comment=comment, institution=institution_id, ended_at=None).first()


def agreeing(comments: QuerySet[Comment]) -> dict[UUID, int]:
    """How many institutions co-sign each of these comments; none that nobody co-signs."""
    rows = cosignatures_heard().filter(comment__in=comments.values("pk"), stance=Stance.AGREE)
    counted = rows.values("comment").annotate(total=Count("pk"))
    return {row["comment"]: row["total"] for row in counted}


def cosigned(keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What these co-signatures are on and whether they agree: reference and stance, by key as text."""
    rows = Cosignature.objects.filter(pk__in=list(keys), comment__first_public__isnull=False)
    found = rows.values_list("pk", "comment__reference", "stance")
    return {str(key): (reference or "", stance) for key, reference, stance in found}
