from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    F,
    QuerySet,
)

from consultation.comments.models import (
    Comment,
)


@dataclass(frozen=True)
class Anchor:
    """The passage that a public comment is about: a TextQuoteSelector into a version (its key and number)."""

    comment: UUID
    version: int | None
    number: int | None
    selector: dict[str, str]


def anchors(comments: QuerySet[Comment]) -> list[Anchor]:
    """The passages that these comments are anchored to: one query."""
    rows = comments.filter(shown__passage__isnull=False)
    found = rows.values_list("pk", "version", "version__number", F("shown__passage"))
    return [Anchor(key, version, number, passage) for key, version, number, passage in found]
