from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from accounts.models import Mandate
from consultation.comments.models import (
    Comment,
    CommentRevision,
    Stance,
)
from consultation.comments.queries.cosigning import cosignatures_heard
from consultation.comments.queries.gates import listed, public, showings
from consultation.kit import search
from consultation.kit.keyset import Key, Ordering
from consultation.texts.models import Consultation

NEWEST = Ordering("newest", (Key("-public_since", datetime), Key("-id", UUID)))


OLDEST = Ordering("oldest", (Key("public_since", datetime), Key("id", UUID)))


# For lists that went through `with_counts`.
MOST_COSIGNED = Ordering(
    "most_cosigned", (Key("-agreed", int), Key("-public_since", datetime), Key("-id", UUID))
)


@dataclass(frozen=True)
class CommentFilters:
    """Which public comments a reader asks for; empty fields ask for nothing.

    `type` is that of the institution. `unanswered` are those that begin a thread in which nobody replied;
    `starts` all that begin one; `late` (None: either) those admitted after the round had closed. No comment
    has a `disposition` before the secretariat can answer: whoever asks for one finds none.
    """

    principle: int | None = None
    whole_text: bool = False
    kind: str = ""
    institution: str = ""
    type: str = ""
    country: str = ""
    region: str = ""
    language: str = ""
    parent: str = ""
    q: str = ""
    since: int | None = None
    proposal: bool = False
    unanswered: bool = False
    disposition: str = ""
    starts: bool = False
    late: bool | None = None

    def apply(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        """Only the comments that are asked for."""
        exact = {
            "principle__number": self.principle,
            "shown__kind": self.kind,
            "institution__slug": self.institution,
            "institution__current__type": self.type,
            "institution__current__country": self.country.upper(),
            "institution__current__region": self.region,
            "shown__language": self.language,
        }
        comments = comments.filter(**{name: value for name, value in exact.items() if value})
        if self.disposition:
            comments = comments.none()
        if self.whole_text:
            comments = comments.filter(principle=None)
        if self.since is not None:
            comments = comments.filter(Exists(showings(OuterRef("pk")).filter(number__gt=self.since)))
        return self._by_words(self._by_place(comments))

    def _by_place(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        if parent := self.parent.upper():
            comments = comments.filter(Q(parent__reference=parent) | Q(parent__merged_into__reference=parent))
        if self.proposal:
            comments = comments.exclude(shown__proposed_text="")
        if self.starts or self.unanswered:
            comments = comments.filter(parent=None)
        if self.unanswered:
            comments = comments.filter(~Exists(listed().filter(parent=OuterRef("pk"))))
        return comments if self.late is None else comments.filter(late__isnull=not self.late)

    def _by_words(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        if not self.q.strip():
            return comments
        if reference := search.reference_of(self.q):
            return comments.filter(reference=reference)
        asked = search.matching("text__vector", self.q)
        return comments.none() if asked is None else comments.filter(asked)


def of_consultation(consultation: Consultation, *, filters: CommentFilters) -> QuerySet[Comment]:
    """Public comments, as the filters ask, newest first."""
    return filters.apply(listed().filter(consultation=consultation)).order_by("-public_since", "-id")


# Counted for the rows of a page only: a join would be grouped over the whole list before its first page.
def _how_many(rows: QuerySet[Any], key: str, different: str = "") -> Coalesce:
    total = Count(different, distinct=True) if different else Count("pk")
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(total=total)
    return Coalesce(Subquery(counted.values("total")), 0)


def _replies() -> CombinedExpression:
    return _how_many(listed(), "parent") + _how_many(listed(), "parent__merged_into")


def replies(comment: Comment) -> QuerySet[Comment]:
    """The public replies to a comment, and to those for which it stands, the first one first."""
    both = Q(parent=comment) | Q(parent__merged_into=comment)
    return listed().filter(both).order_by("public_since", "id")


def _stances() -> dict[str, Coalesce]:
    agreeing = cosignatures_heard().filter(stance=Stance.AGREE)
    return {
        "agreed": _how_many(agreeing, "comment"),
        "agreed_countries": _how_many(agreeing, "comment", "institution__current__country"),
        "disagreed": _how_many(cosignatures_heard().filter(stance=Stance.DISAGREE), "comment"),
    }


def with_counts(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """All that programs are told of each comment, in one query.

    Adds `replies_count`, `agreed` (from `agreed_countries`), `disagreed`, as `stands_for` how many comments
    are merged into it, and as `author_powers` those of its author's newest mandate.
    """
    mandates = Mandate.objects.filter(person=OuterRef("author"), institution=OuterRef("institution"))
    return comments.select_related(
        "consultation",
        "principle",
        "version",
        "institution__current",
        "parent",
        "shown",
        "latest",
        "draft",
        "late__round",
        "merged_into",
    ).annotate(
        replies_count=_replies(),
        **_stances(),
        stands_for=_how_many(public(), "merged_into"),
        author_powers=Subquery(mandates.order_by("-starts_at", "-pk").values("powers")[:1]),
    )


def revisions(comment: Comment, *, unseen: bool) -> QuerySet[CommentRevision]:
    """The revisions of a comment that the public saw, the first one first; with `unseen` all of them."""
    rows = CommentRevision.objects.filter(comment=comment).order_by("number")
    if unseen:
        return rows
    # What was shown until its approval was undone is newer than what is shown now.
    newest = comment.shown.number if comment.shown else 0
    return rows.filter(number__in=showings(Value(comment.pk)).values("revision"), number__lte=newest)


def with_cards(comments: QuerySet[Comment], *, of: Collection[int] | None = None) -> QuerySet[Comment]:
    """All that a comment's card shows: two queries whatever the number.

    Adds `replies_count`, `agreed` (from `agreed_countries`), `disagreed`, as `stands_for` how many comments
    are merged into it, and as `cosignatures_in_force` the co-signatures: all, or those `of` institutions.
    """
    cosignatures = cosignatures_heard().select_related("institution__current").order_by("at")
    if of is not None:
        cosignatures = cosignatures.filter(institution__in=of)
    return (
        comments.select_related(
            "consultation",
            "principle",
            "version",
            "institution__current",
            "parent",
            "shown",
            "latest",
            "draft",
            "item",
            "late",
        )
        .annotate(replies_count=_replies(), **_stances(), stands_for=_how_many(public(), "merged_into"))
        .prefetch_related(Prefetch("cosignatures", cosignatures, to_attr="cosignatures_in_force"))
    )
