from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from accounts import queries as accounts
from accounts.models import InstitutionState, Mandate, User
from consultation.comments.models import (
    Comment,
    CommentCount,
    CommentRevision,
    CommentState,
    Cosignature,
    Stance,
)
from consultation.kit import search
from consultation.kit.keyset import Key, Ordering
from consultation.moderation.models import Decision
from consultation.record.models import Entry
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole

Role = ConsultationRole.Role
NEWEST = Ordering("newest", (Key("-public_since", datetime), Key("-id", UUID)))
OLDEST = Ordering("oldest", (Key("public_since", datetime), Key("id", UUID)))
# For lists that went through `with_counts`.
MOST_COSIGNED = Ordering(
    "most_cosigned", (Key("-agreed", int), Key("-public_since", datetime), Key("-id", UUID))
)


def public() -> QuerySet[Comment]:
    """What everybody may read: the gate from which every public page, list, search and export starts."""
    return Comment.objects.filter(public_since__isnull=False)


def visible_to(person: texts.Reader, *, at: datetime) -> QuerySet[Comment]:
    """Public ones, those of the person's institutions, and what roles let them read; no others' drafts."""
    if not isinstance(person, User):
        return public()
    own = Q(institution__in=accounts.mandates_in_force(person, at=at).values("institution"))
    read = texts.consultations_with_role(person, Role.MODERATOR, Role.OBSERVER, Role.SECRETARIAT)
    by_role = Q(consultation__in=read.values("pk")) & ~Q(state=CommentState.DRAFT)
    return Comment.objects.filter(Q(public_since__isnull=False) | own | by_role)


def by_reference(consultation: Consultation, reference: str) -> QuerySet[Comment]:
    """The one comment with this reference, whoever may see it."""
    return Comment.objects.filter(consultation=consultation, reference=reference.upper())


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
            comments = comments.filter(Exists(_showings(OuterRef("pk")).filter(number__gt=self.since)))
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


def _showings(comment: Combinable) -> QuerySet[Entry]:
    """The entries by which a comment (its key) appeared, was revised or moved: each names what was seen."""
    return Entry.objects.filter(
        public=True,
        subject_kind="comment",
        subject_key=Cast(comment, CharField()),
        kind__in=["comment.appeared", "comment.revised", "comment.moved"],
    )


# Counted for the rows of a page only: a join would be grouped over the whole list before its first page.
def _how_many(rows: QuerySet[Any], key: str) -> Coalesce:
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(total=Count("pk"))
    return Coalesce(Subquery(counted.values("total")), 0)


def _replies() -> Coalesce:
    return _how_many(public(), "parent")


def cosignatures_heard() -> QuerySet[Cosignature]:
    """What institutions that are verified now say of others' comments: what is shown and counted."""
    return Cosignature.objects.filter(ended_at=None, institution__state=InstitutionState.VERIFIED)


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
    return rows if unseen else rows.filter(number__in=_showings(Value(comment.pk)).values("revision"))


def once_public() -> QuerySet[Comment]:
    """Comments that everybody could read and that are hidden, withdrawn or barred now."""
    return Comment.objects.filter(first_public__isnull=False, public_since=None).select_related(
        "consultation"
    )


@dataclass(frozen=True)
class Gone:
    """What is still said of a comment that was public: since when it is not, by which clause if hidden."""

    reference: str
    since: datetime | None
    clause: str | None


def gone(comment: Comment) -> Gone:
    """What is said of one of `once_public`, and never a word of its text."""
    vanished = Entry.objects.filter(
        public=True, subject_kind="comment", subject_key=str(comment.pk), kind="comment.vanished"
    )
    decisions = Decision.objects.filter(item=comment.item_id, clause__isnull=False)
    clause = decisions.order_by("-at").values_list("clause__number", flat=True).first()
    return Gone(
        comment.reference or "",
        vanished.order_by("-number").values_list("at", flat=True).first(),
        clause if comment.state == CommentState.HIDDEN else None,
    )


def items_called(reference: str) -> QuerySet[Comment, Any]:
    """The items of moderation of the comments with this reference, in whatever consultation."""
    return Comment.objects.filter(reference=reference.upper(), item__isnull=False).values("item")


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


def cosigns(comment: Comment) -> dict[str, int]:
    """How many institutions agree and disagree. Reads what `with_cards` fetched."""
    stances = [each.stance for each in comment.cosignatures_in_force]  # type: ignore[attr-defined]
    return {"agree": stances.count(Stance.AGREE), "disagree": stances.count(Stance.DISAGREE)}


def of_institutions(institutions: Iterable[object], *, states: Iterable[str] = ()) -> QuerySet[Comment]:
    """What these institutions wrote, drafts too, the newest first: for their own desks."""
    comments = Comment.objects.filter(institution__in=list(institutions)).order_by("-made_at", "-id")
    return comments.filter(state__in=list(states)) if states else comments


def counts(consultation: Consultation) -> dict[int | None, int]:
    """How many public comments each principle has, by its number; None stands for the whole text."""
    rows = CommentCount.objects.filter(consultation=consultation).values("principle__number")
    return {row["principle__number"]: row["total"] for row in rows.annotate(total=Sum("count"))}


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


def cosignature_in_force(comment: Comment, institution_id: int) -> Cosignature | None:
    """What the institution says now of another's comment."""
    return Cosignature.objects.filter(comment=comment, institution=institution_id, ended_at=None).first()


def commenting_countries(consultation: Consultation) -> dict[int | None, int]:
    """From how many countries the public comments on each principle come; None stands for the whole text."""
    rows = public().filter(consultation=consultation).order_by().values("principle__number")
    counted = rows.annotate(total=Count("institution__current__country", distinct=True))
    return {row["principle__number"]: row["total"] for row in counted}


def totals(consultations: Iterable[Consultation]) -> dict[int, int]:
    """How many public comments each of these consultations has, by its key: one query."""
    rows = CommentCount.objects.filter(consultation__in=[each.pk for each in consultations])
    return {
        row["consultation"]: row["total"] for row in rows.values("consultation").annotate(total=Sum("count"))
    }


def agreeing(comments: QuerySet[Comment]) -> dict[UUID, int]:
    """How many institutions co-sign each of these comments; none that nobody co-signs."""
    rows = cosignatures_heard().filter(comment__in=comments.values("pk"), stance=Stance.AGREE)
    counted = rows.values("comment").annotate(total=Count("pk"))
    return {row["comment"]: row["total"] for row in counted}


def speaking(comments: QuerySet[Comment], *, most: int) -> list[tuple[str, str]]:
    """The institutions whose comments these are, slug and name, by name; at most `most`."""
    rows = comments.order_by("institution__current__name_sort", "institution").distinct()
    named = rows.values_list(
        "institution__slug", "institution__current__name", "institution__current__name_sort", "institution"
    )
    return [(slug, name) for slug, name, _sort, _key in named[:most]]


def references(keys: Iterable[str]) -> dict[str, str]:
    """The references of those of these comments that are or once were public, by their keys as text."""
    rows = Comment.objects.filter(pk__in=list(keys), first_public__isnull=False, reference__isnull=False)
    return {str(key): reference or "" for key, reference in rows.values_list("pk", "reference")}


def cosigned(keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What these co-signatures are on and whether they agree: reference and stance, by key as text."""
    rows = Cosignature.objects.filter(pk__in=list(keys), comment__first_public__isnull=False)
    found = rows.values_list("pk", "comment__reference", "stance")
    return {str(key): (reference or "", stance) for key, reference, stance in found}
