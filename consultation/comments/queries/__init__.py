"""Reads of comments that are asked in more than one place."""

from consultation.comments.queries.cosigning import (
    agreeing,
    cosignature_in_force,
    cosignatures_heard,
    cosigned,
    cosigns,
    stances_by_country,
)
from consultation.comments.queries.counting import commenting_countries, counts, totals
from consultation.comments.queries.gates import (
    Gone,
    by_reference,
    gone,
    items_called,
    listed,
    names,
    of_institutions,
    once_public,
    public,
    references,
    visible_to,
)
from consultation.comments.queries.late import (
    admission_in_force,
    late_admission,
    late_admissions,
    late_admissions_with_keys,
)
from consultation.comments.queries.likeness import Alike, likely_duplicates
from consultation.comments.queries.lists import (
    MOST_COSIGNED,
    NEWEST,
    OLDEST,
    CommentFilters,
    of_consultation,
    replies,
    revisions,
    with_cards,
    with_counts,
)
from consultation.comments.queries.marks import Anchor, anchors
from consultation.comments.queries.merging import leads_to, merged, merged_into, said_of_all
from consultation.comments.queries.speakers import Speaker, speakers
from consultation.comments.queries.tongues import language_last_used
from consultation.comments.queries.translations import (
    judged,
    machine_translation,
    read_now,
    untranslated,
)

__all__ = [
    "MOST_COSIGNED",
    "NEWEST",
    "OLDEST",
    "Alike",
    "Anchor",
    "CommentFilters",
    "Gone",
    "Speaker",
    "admission_in_force",
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
    "judged",
    "language_last_used",
    "late_admission",
    "late_admissions",
    "late_admissions_with_keys",
    "leads_to",
    "likely_duplicates",
    "listed",
    "machine_translation",
    "merged",
    "merged_into",
    "names",
    "of_consultation",
    "of_institutions",
    "once_public",
    "public",
    "read_now",
    "references",
    "replies",
    "revisions",
    "said_of_all",
    "speakers",
    "stances_by_country",
    "totals",
    "untranslated",
    "visible_to",
    "with_cards",
    "with_counts",
]
