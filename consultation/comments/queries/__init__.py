"""Reads of comments that are asked in more than one place."""

from consultation.comments.queries.cosigning import (
    agreeing,
    cosignature_in_force,
    cosignatures_heard,
    cosigned,
    cosigns,
)
from consultation.comments.queries.counting import commenting_countries, counts, speaking, totals
from consultation.comments.queries.gates import (
    Gone,
    by_reference,
    gone,
    items_called,
    of_institutions,
    once_public,
    public,
    references,
    visible_to,
)
from consultation.comments.queries.lists import (
    MOST_COSIGNED,
    NEWEST,
    OLDEST,
    CommentFilters,
    of_consultation,
    revisions,
    with_cards,
    with_counts,
)
from consultation.comments.queries.marks import Anchor, anchors

__all__ = [
    "MOST_COSIGNED",
    "NEWEST",
    "OLDEST",
    "Anchor",
    "CommentFilters",
    "Gone",
    "agreeing",
    "anchors",
    "by_reference",
    "commenting_countries",
    "cosignature_in_force",
    "cosignatures_heard",
    "cosigned",
    "cosigns",
    "counts",
    "gone",
    "items_called",
    "of_consultation",
    "of_institutions",
    "once_public",
    "public",
    "references",
    "revisions",
    "speaking",
    "totals",
    "visible_to",
    "with_cards",
    "with_counts",
]
