from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from accounts import queries as accounts
from accounts.models import InstitutionState, SiteRole, User
from consultation.endorsements.models import (
    Endorsement,
    EndorsementState,
    Position,
    PositionCount,
    Withdrawal,
)
from consultation.kit.fold import fold
from consultation.kit.keyset import Key, Ordering
from consultation.texts import queries as texts
from consultation.texts.models import Change, Consultation, ConsultationRole, PrincipleVersion

Role = ConsultationRole.Role
NEWEST = Ordering("newest", (Key("-effective_at", datetime), Key("-id", UUID)))
TO_REAFFIRM = "to_reaffirm"
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


def effective() -> QuerySet[Endorsement]:
    """The same positions as `public()`, for counting: no row says whether it is to be re-affirmed."""
    return Endorsement.objects.filter(effective_at__isnull=False)


def public() -> QuerySet[Endorsement]:
    """Effective positions: what everybody may read and what is counted."""
    return with_reaffirmation(effective())


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
        "consultation",
        "institution__current",
        "principle__current",
        "version",
        "item",
        "signed_as",
        "signed_by",
        "first_signed_by",
    )


def standing(institution_id: int, principle_ids: Iterable[int]) -> QuerySet[Endorsement]:
    """The signed and released positions of an institution on these principles."""
    return Endorsement.objects.filter(
        institution=institution_id,
        principle__in=list(principle_ids),
        state=EndorsementState.SIGNED,
        released=True,
    )


def published_reasons(consultation: Consultation) -> QuerySet[Withdrawal]:
    """Why institutions that are heard withdrew their positions, the newest first, with what was withdrawn."""
    found = Withdrawal.objects.filter(
        public_since__isnull=False,
        endorsement__consultation=consultation,
        endorsement__institution__state=InstitutionState.VERIFIED,
    )
    return found.select_related("endorsement__institution__current", "endorsement__principle").order_by(
        "-public_since", "-pk"
    )


def papers(person: texts.Reader, *, at: datetime) -> QuerySet[Endorsement]:
    """Positions with all that belongs to them: their own institutions' people read them.

    What came by letter or was contested is also read by the secretariat, the latter by registrars too.
    """
    if not isinstance(person, User):
        return Endorsement.objects.none()
    readable = Q(institution__in=accounts.mandates_in_force(person, at=at).values("institution"))
    work = texts.consultations_with_role(person, Role.SECRETARIAT).values("pk")
    contested = Q(state=EndorsementState.CONTESTED)
    readable |= Q(consultation__in=work) & (contested | Q(recorded=True))
    if accounts.has_site_role(person, SiteRole.Role.REGISTRAR):
        readable |= contested
    return with_reaffirmation(Endorsement.objects.filter(readable))


def of_institutions(institutions: Iterable[object]) -> QuerySet[Endorsement]:
    """What these hold or are about to, on principles in force, the newest first: for their own desks."""
    live = [*OPEN, EndorsementState.SIGNED, EndorsementState.REFUSED]
    found = Endorsement.objects.filter(
        institution__in=list(institutions), state__in=live, principle__withdrawn_at=None
    )
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


def holders(consultation: Consultation) -> set[int]:
    """The institutions, by their keys, that hold a position in effect."""
    held: QuerySet[Any] = effective().filter(consultation=consultation).order_by()
    return set(held.values_list("institution", flat=True).distinct())


def substantive_versions(consultation: Consultation) -> dict[int, int]:
    """The newest version of each principle that changed it in substance, by the principle's number."""
    versions = PrincipleVersion.objects.filter(
        principle__consultation=consultation, published_at__isnull=False, change=Change.SUBSTANTIVE
    )
    return dict(versions.order_by("number").values_list("principle__number", "number"))


def kind(position: str, version: int, substantive: int) -> str:
    """As what a position on `version` counts, where the text changed in substance with `substantive` last."""
    return position if version >= substantive else TO_REAFFIRM


def tallies(consultation: Consultation) -> dict[int, Tally]:
    """The tally of each principle by its number, from the kept counters: two queries."""
    newest = substantive_versions(consultation)
    figures: dict[int, dict[str, int]] = {}
    rows = PositionCount.objects.filter(principle__consultation=consultation)
    for number, version, position, count in rows.values_list(
        "principle__number", "version__number", "position", "count"
    ):
        mine = figures.setdefault(number, {})
        key = kind(position, version, newest.get(number, 1))
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
    type: str = ""
    # As what it counts: a position, where the text is still the one that was signed, or `to_reaffirm`.
    kind: str = ""
    q: str = ""

    def apply(self, endorsements: QuerySet[Endorsement]) -> QuerySet[Endorsement]:
        """Only the positions that are asked for."""
        asked = {
            "principle__number": self.principle,
            "institution__slug": self.institution,
            "institution__current__country": self.country.upper(),
            "institution__current__region": self.region,
            "position": self.position,
            "institution__current__type": self.type,
            "institution__current__name_folded__contains": fold(self.q),
        }
        found = endorsements.filter(**{name: value for name, value in asked.items() if value})
        if self.kind == TO_REAFFIRM:
            return found.filter(_changed_since())
        return found.filter(~_changed_since(), position=self.kind) if self.kind else found


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
