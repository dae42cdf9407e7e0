from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from accounts import queries as accounts
from accounts.models import User
from consultation.endorsements.models import Endorsement, EndorsementState, Position, PositionCount
from consultation.kit.keyset import Key, Ordering
from consultation.texts import queries as texts
from consultation.texts.models import Change, Consultation, ConsultationRole, PrincipleVersion

Role = ConsultationRole.Role
NEWEST = Ordering("newest", (Key("-effective_at", datetime), Key("-id", UUID)))
OPEN = (EndorsementState.PROPOSED, EndorsementState.HALF_SIGNED)


def _changed_since() -> Exists:
    newer = PrincipleVersion.objects.filter(
        principle=OuterRef("principle"),
        published_at__isnull=False,
        change=Change.SUBSTANTIVE,
        number__gt=OuterRef("version__number"),
    )
    return Exists(newer)


def with_reaffirmation(endorsements: QuerySet[Endorsement]) -> QuerySet[Endorsement]:
    """Each row says by `to_reaffirm` whether the text changed in substance since it was signed."""
    return endorsements.annotate(to_reaffirm=_changed_since())


def public() -> QuerySet[Endorsement]:
    """Effective positions: what everybody may read and what is counted."""
    return with_reaffirmation(Endorsement.objects.filter(effective_at__isnull=False))


def visible_to(person: texts.Reader, *, at: datetime) -> QuerySet[Endorsement]:
    """Effective ones, those of the person's institutions, and all for those who work on the consultation."""
    if not isinstance(person, User):
        return public()
    own = Q(institution__in=accounts.mandates_in_force(person, at=at).values("institution"))
    read = texts.consultations_with_role(person, Role.MODERATOR, Role.OBSERVER, Role.SECRETARIAT)
    by_role = Q(consultation__in=read.values("pk")) & ~Q(state__in=OPEN)
    return with_reaffirmation(Endorsement.objects.filter(Q(effective_at__isnull=False) | own | by_role))


def with_rows(endorsements: QuerySet[Endorsement]) -> QuerySet[Endorsement]:
    """All that a row of a list shows, in one query."""
    return endorsements.select_related(
        "consultation", "institution__current", "principle__current", "version", "item"
    )


def standing(institution_id: int, principle_ids: Iterable[int]) -> QuerySet[Endorsement]:
    """The signed and released positions of an institution on these principles."""
    return Endorsement.objects.filter(
        institution=institution_id,
        principle__in=list(principle_ids),
        state=EndorsementState.SIGNED,
        released=True,
    )


def of_institutions(institutions: Iterable[object]) -> QuerySet[Endorsement]:
    """What these institutions hold or are about to, the newest first: for their own desks."""
    live = [*OPEN, EndorsementState.SIGNED, EndorsementState.REFUSED]
    found = Endorsement.objects.filter(institution__in=list(institutions), state__in=live)
    return with_reaffirmation(found).order_by("principle__order", "-made_at")


@dataclass(frozen=True)
class Tally:
    """Effective positions on the current text of a principle, and those on an earlier one."""

    endorse: int = 0
    endorse_with_reservation: int = 0
    decline: int = 0
    to_reaffirm: int = 0

    @property
    def support(self) -> int:
        """Institutions that endorse the current text, with or without reservation."""
        return self.endorse + self.endorse_with_reservation


def tallies(consultation: Consultation) -> dict[int, Tally]:
    """The tally of each principle by its number, from the kept counters: two queries."""
    substantive: dict[int, int] = {}
    versions = PrincipleVersion.objects.filter(
        principle__consultation=consultation, published_at__isnull=False, change=Change.SUBSTANTIVE
    )
    for number, version in versions.order_by("number").values_list("principle__number", "number"):
        substantive[number] = version
    figures: dict[int, dict[str, int]] = {}
    rows = PositionCount.objects.filter(principle__consultation=consultation)
    for number, version, position, count in rows.values_list(
        "principle__number", "version__number", "position", "count"
    ):
        mine = figures.setdefault(number, {})
        key = position if version >= substantive.get(number, 1) else "to_reaffirm"
        mine[key] = mine.get(key, 0) + count
    return {number: Tally(**mine) for number, mine in figures.items()}


def endorsing_total(consultation: Consultation) -> int:
    """Effective positions of the two endorsing kinds on current versions, over the whole text."""
    return sum(tally.support for tally in tallies(consultation).values())


@dataclass(frozen=True)
class EndorsementFilters:
    """Which effective positions a reader asks for; empty fields ask for nothing."""

    principle: int | None = None
    institution: str = ""
    country: str = ""
    region: str = ""
    position: str = ""

    def apply(self, endorsements: QuerySet[Endorsement]) -> QuerySet[Endorsement]:
        """Only the positions that are asked for."""
        asked = {
            "principle__number": self.principle,
            "institution__slug": self.institution,
            "institution__current__country": self.country.upper(),
            "institution__current__region": self.region,
            "position": self.position,
        }
        return endorsements.filter(**{name: value for name, value in asked.items() if value})


def items_called(principle: int) -> QuerySet[Endorsement, Any]:
    """The items of moderation of statements on the principles with this number, in any consultation."""
    return Endorsement.objects.filter(principle__number=principle, item__isnull=False).values("item")


def positions() -> tuple[str, ...]:
    """The kinds of position in the one order in which they are shown everywhere."""
    return (Position.ENDORSE, Position.RESERVATION, Position.DECLINE)


def effective_totals(consultations: Iterable[Consultation]) -> dict[int, int]:
    """How many positions are in effect in each of these consultations, by its key: one query."""
    rows = PositionCount.objects.filter(principle__consultation__in=[each.pk for each in consultations])
    counted = rows.values("principle__consultation").annotate(total=Sum("count"))
    return {row["principle__consultation"]: row["total"] for row in counted}
