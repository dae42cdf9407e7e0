from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import Mandate
from consultation.comments.models import (
    Comment,
    CommentRevision,
    Stance,
)
from consultation.comments.queries.cosigning import cosignatures_heard
from consultation.comments.queries.gates import public, showings
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
    """Which public comments a reader asks for; empty fields ask for nothing."""

    principle: int | None = None
    whole_text: bool = False
    kind: str = ""
    institution: str = ""
    country: str = ""
    region: str = ""
    language: str = ""
    parent: str = ""
    q: str = ""
    since: int | None = None

    def apply(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        """Only the comments that are asked for."""
        exact = {
            "principle__number": self.principle,
            "shown__kind": self.kind,
            "institution__slug": self.institution,
            "institution__current__country": self.country.upper(),
            "institution__current__region": self.region,
            "shown__language": self.language,
            "parent__reference": self.parent.upper(),
        }
        comments = comments.filter(**{name: value for name, value in exact.items() if value})
        if self.whole_text:
            comments = comments.filter(principle=None)
        if self.since is not None:
            comments = comments.filter(Exists(showings(OuterRef("pk")).filter(number__gt=self.since)))
        return self._by_words(comments)

    def _by_words(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        if not self.q.strip():
            return comments
        if reference := search.reference_of(self.q):
            return comments.filter(reference=reference)
        asked = search.matching("text__vector", self.q)
        return comments.none() if asked is None else comments.filter(asked)


def of_consultation(consultation: Consultation, *, filters: CommentFilters) -> QuerySet[Comment]:
    """Public comments, as the filters ask, newest first."""
    return filters.apply(public().filter(consultation=consultation)).order_by("-public_since", "-id")


# Counted for the rows of a page only: a join would be grouped over the whole list before its first page.
def _how_many(rows: QuerySet[Any], key: str) -> Coalesce:
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(total=Count("pk"))
    return Coalesce(Subquery(counted.values("total")), 0)


def _replies() -> Coalesce:
    return _how_many(public(), "parent")


def with_counts(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """All that programs are told of each comment, in one query.

    Adds `replies_count`, `agreed`, `disagreed`, and as `author_powers` those of its author's newest mandate.
    """
    mandates = Mandate.objects.filter(person=OuterRef("author"), institution=OuterRef("institution"))
    in_force = cosignatures_heard()
    return comments.select_related(
        "consultation", "principle", "version", "institution__current", "parent", "shown", "latest", "draft"
    ).annotate(
        replies_count=_replies(),
        agreed=_how_many(in_force.filter(stance=Stance.AGREE), "comment"),
        disagreed=_how_many(in_force.filter(stance=Stance.DISAGREE), "comment"),
        author_powers=Subquery(mandates.order_by("-starts_at", "-pk").values("powers")[:1]),
    )


def revisions(comment: Comment, *, unseen: bool) -> QuerySet[CommentRevision]:
    """The revisions of a comment that the public saw, the first one first; with `unseen` all of them."""
    rows = CommentRevision.objects.filter(comment=comment).order_by("number")
    return rows if unseen else rows.filter(number__in=showings(Value(comment.pk)).values("revision"))


def with_cards(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """All that a comment's card shows: two queries whatever the number."""
    cosignatures = cosignatures_heard().select_related("institution__current").order_by("at")
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
        )
        .annotate(replies_count=_replies())
        .prefetch_related(Prefetch("cosignatures", cosignatures, to_attr="cosignatures_in_force"))
    )
