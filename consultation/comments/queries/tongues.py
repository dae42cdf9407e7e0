from __future__ import annotations

from collections.abc import Iterable

from consultation.comments.models import Comment


def language_last_used(institutions: Iterable[int]) -> str:
    """The language of the newest comment that these institutions sent; empty where there is none."""
    sent = Comment.objects.filter(institution__in=list(institutions), submitted_at__isnull=False)
    newest = sent.order_by("-submitted_at", "-pk").values_list("latest__language", flat=True)
    return newest.first() or ""
