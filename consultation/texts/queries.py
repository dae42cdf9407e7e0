from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.text import slugify

from accounts import queries as accounts
from accounts import second_factor
from accounts.models import User
from consultation.kit import clock
from consultation.kit.languages import choose
from consultation.texts.models import (
    Act,
    Change,
    Consultation,
    ConsultationChange,
    ConsultationRole,
    ConsultationState,
    LicenceAcceptance,
    PolicyClause,
    Principle,
    PrincipleVersion,
    Round,
    RoundExtension,
    Translation,
)

Reader = AbstractBaseUser | AnonymousUser | None
Role = ConsultationRole.Role
# Those who decide; who only watches needs no second factor.
WITH_FACTOR = (Role.SECRETARIAT, Role.MODERATOR)


def public() -> QuerySet[Consultation]:
    """Published consultations, the newest first."""
    return Consultation.objects.filter(published_at__isnull=False).order_by("-published_at", "-id")


def visible_to(person: Reader) -> QuerySet[Consultation]:
    """Public ones, and those in which the person has a role."""
    if not isinstance(person, User):
        return public()
    own = Q(pk__in=_in_power(person).values("consultation"))
    return Consultation.objects.filter(Q(published_at__isnull=False) | own).order_by("-made_at")


def with_slug(slug: str) -> Consultation | None:
    """The consultation at this address, public or not: for commands."""
    return Consultation.objects.filter(slug=slug).first()


def roles_of(person: Reader, consultation: Consultation) -> set[str]:
    """The roles of one person in one consultation that give power now."""
    if not isinstance(person, User):
        return set()
    rows = _in_power(person).filter(consultation=consultation)
    return set(rows.values_list("role", flat=True))


def roles_held(person: User) -> QuerySet[ConsultationRole]:
    """All roles of one person that give power now, each with its consultation, the oldest first."""
    rows = _in_power(person)
    return rows.select_related("consultation").order_by("since", "pk")


def has_role(person: Reader, consultation: Consultation, *roles: str) -> bool:
    """Whether the person holds one of the roles now."""
    return bool(roles_of(person, consultation) & {str(role) for role in roles})


def roles_anywhere(person: Reader) -> set[str]:
    """The roles of one person that give power now, in whatever consultation."""
    if not isinstance(person, User):
        return set()
    return set(_in_power(person).values_list("role", flat=True).distinct())


def consultations_with_role(person: Reader, *roles: str) -> QuerySet[Consultation]:
    """The consultations in which the person holds one of the roles now."""
    if not isinstance(person, User):
        return Consultation.objects.none()
    held = _in_power(person).filter(role__in=roles)
    return Consultation.objects.filter(pk__in=held.values("consultation"))


def _in_power(person: User) -> QuerySet[ConsultationRole]:
    """The roles of one person that give power now: some wait for a second factor."""
    rows = ConsultationRole.objects.filter(person=person, ended_at=None)
    return rows.filter(~Q(role__in=WITH_FACTOR) | second_factor.gives_power(at=clock.now()))


def with_factor() -> QuerySet[ConsultationRole]:
    """The roles in force that ask for a second factor."""
    return ConsultationRole.objects.filter(role__in=WITH_FACTOR, ended_at=None)


def second_factor_due(person: User) -> datetime | None:
    """Until when the roles of `person` give power without a second factor; None if they need none."""
    return second_factor.due(person, accounts.site_roles_in_force(), with_factor())


def rounds(consultation: Consultation) -> QuerySet[Round]:
    """The rounds of a consultation in the order of their opening."""
    return Round.objects.filter(consultation=consultation).order_by("opens_at", "number")


def extensions(consultation: Consultation) -> QuerySet[RoundExtension]:
    """Every extension of its rounds, the newest first."""
    rows = RoundExtension.objects.filter(round__consultation=consultation)
    return rows.select_related("round").order_by("-pk")


def extensions_with_keys(keys: Collection[str]) -> dict[str, RoundExtension]:
    """Extensions with their rounds, by their keys as the record names them."""
    rows = RoundExtension.objects.filter(pk__in=keys).select_related("round__consultation")
    return {str(each.pk): each for each in rows} if keys else {}


def round_open_for(consultation: Consultation, act: Act, *, at: datetime) -> Round | None:
    """The one round that opens `act` at `at`, if any."""
    rounds = Round.objects.filter(consultation=consultation, opens_at__lte=at)
    return next((each for each in rounds.order_by("-opens_at") if each.opens(act, at=at)), None)


def round_closed_last(consultation: Consultation, act: Act, *, at: datetime) -> Round | None:
    """The round that opened `act` and closed last at `at`, if any."""
    rounds = Round.objects.filter(consultation=consultation, closes_at__lte=at)
    return rounds.filter(**{f"opens_{act.value}": True}).order_by("-closes_at").first()


def round_nearest(consultation: Consultation, act: Act, *, at: datetime) -> Round | None:
    """The round that opens `act` at `at`, else the last that opened before, else the first to come."""
    rounds = list(Round.objects.filter(consultation=consultation).order_by("opens_at"))
    open_now = [each for each in rounds if each.opens(act, at=at)]
    before = [each for each in rounds if each.opens_at <= at]
    return next(iter([*open_now, *before[-1:], *rounds[:1]]), None)


@dataclass(frozen=True)
class Standing:
    """Where a consultation stands, and the times of the running round, else the next, else the last."""

    state: ConsultationState
    round: Round | None


def standing(rounds: Sequence[Round], *, at: datetime) -> Standing:
    """Where a consultation with these rounds stands at `at`."""
    ordered = sorted(rounds, key=lambda each: each.opens_at)
    running = [each for each in ordered if each.runs(at=at)]
    if running:
        ends = [each for each in running if each.closes_at is not None]
        return Standing(ConsultationState.OPEN, (ends or running)[-1])
    upcoming = [each for each in ordered if each.opens_at > at]
    if upcoming:
        first = upcoming[0] is ordered[0]
        return Standing(
            ConsultationState.UPCOMING if first else ConsultationState.BETWEEN_ROUNDS, upcoming[0]
        )
    if not ordered:
        return Standing(ConsultationState.UPCOMING, None)
    return Standing(ConsultationState.CLOSED, ordered[-1])


def principles(consultation: Consultation) -> QuerySet[Principle]:
    """Those in force, in their order, with the current version and its translations: three queries."""
    translations = Prefetch("current__translations", Translation.objects.order_by("-authoritative", "id"))
    return (
        Principle.objects.filter(consultation=consultation, withdrawn_at=None, current__isnull=False)
        .select_related("current", "consultation")
        .prefetch_related(translations)
        .order_by("order", "number")
    )


def withdrawn(consultation: Consultation) -> QuerySet[Principle]:
    """Those that were published and withdrawn since, by number."""
    gone = Principle.objects.filter(consultation=consultation, withdrawn_at__isnull=False)
    return gone.filter(current__isnull=False).order_by("number")


def ever_public(consultation: Consultation) -> QuerySet[Principle]:
    """Those that were published, withdrawn since or not."""
    return Principle.objects.filter(consultation=consultation, current__isnull=False)


def principle(consultation: Consultation, number: int) -> Principle | None:
    """One principle by its permanent number, as `principles` gives them, also when withdrawn."""
    translations = Prefetch("current__translations", Translation.objects.order_by("-authoritative", "id"))
    return (
        Principle.objects.filter(consultation=consultation, number=number, current__isnull=False)
        .select_related("current", "consultation")
        .prefetch_related(translations)
        .first()
    )


def principle_totals(consultations: Sequence[Consultation]) -> dict[int, int]:
    """How many principles in force each of these consultations has, by its key: one query."""
    in_force = Principle.objects.filter(
        consultation__in=[each.pk for each in consultations], withdrawn_at=None, current__isnull=False
    )
    rows = in_force.order_by().values("consultation").annotate(total=Count("pk"))
    return {row["consultation"]: row["total"] for row in rows}


def published_versions(principle: Principle) -> QuerySet[PrincipleVersion]:
    """The published versions of a principle, the newest first, with their translations."""
    return (
        PrincipleVersion.objects.filter(principle=principle, published_at__isnull=False)
        .prefetch_related(Prefetch("translations", Translation.objects.order_by("-authoritative", "id")))
        .order_by("-number")
    )


def versions_with_number(principles: Sequence[Principle], number: int) -> dict[int, PrincipleVersion]:
    """The published version `number` of each of these principles that has one, by the principle's key."""
    translations = Prefetch("translations", Translation.objects.order_by("-authoritative", "id"))
    rows = PrincipleVersion.objects.filter(
        principle__in=principles, number=number, published_at__isnull=False
    )
    return {row.principle_id: row for row in rows.prefetch_related(translations)}


def translation(version: PrincipleVersion, language: str) -> Translation:
    """The version's text in `language`, else the authoritative one. May query `version.translations`."""
    by_language = {each.language: each for each in version.translations.all()}
    authoritative = next(each for each in by_language.values() if each.authoritative)
    return by_language[choose(list(by_language), language, authoritative.language) or authoritative.language]


def translations_of(versions: Iterable[int]) -> QuerySet[Translation]:
    """The texts of these published versions (keys) in every language, each with its version: one query."""
    rows = Translation.objects.filter(version__in=list(versions), version__published_at__isnull=False)
    return rows.select_related("version").order_by("version", "-authoritative", "id")


def newest_in(principles: Sequence[Principle], language: str) -> dict[int, Translation]:
    """The newest published text of each of these principles in one language, by its key: one query."""
    rows = Translation.objects.filter(
        version__principle__in=principles, version__published_at__isnull=False, language=language
    )
    rows = rows.select_related("version").order_by("version__principle_id", "-version__number")
    return {row.version.principle_id: row for row in rows.distinct("version__principle_id")}


def newest_substantive(principle: Principle) -> int:
    """The number of the newest published version that changed the substance: 1 at least."""
    numbers = PrincipleVersion.objects.filter(
        principle=principle, published_at__isnull=False, change=Change.SUBSTANTIVE
    )
    return numbers.order_by("-number").values_list("number", flat=True).first() or 1


def current_translations() -> QuerySet[Translation]:
    """The current texts of all public consultations in every language, with where they stand: one query."""
    current = Translation.objects.filter(
        version__current_of__withdrawn_at=None, version__current_of__consultation__published_at__isnull=False
    )
    return current.select_related("version__principle__consultation").order_by(
        "-version__principle__consultation__published_at", "version__principle__order", "id"
    )


def roles_in_force(consultation: Consultation) -> QuerySet[ConsultationRole]:
    """Who works on a consultation now, with the people, by role and time."""
    rows = ConsultationRole.objects.filter(consultation=consultation, ended_at=None)
    return rows.select_related("person").order_by("role", "since", "pk")


def secretariat_of(consultation: Consultation) -> QuerySet[ConsultationRole]:
    """Who is secretariat of a consultation, with an account in use, whether it gives power yet or not."""
    rows = ConsultationRole.objects.filter(consultation=consultation, ended_at=None)
    return rows.filter(role=Role.SECRETARIAT, person__is_active=True)


def deciders(consultation: Consultation) -> int:
    """How many people with an account in use decide on contributions, or will with their second factor."""
    rows = ConsultationRole.objects.filter(consultation=consultation, ended_at=None, role__in=WITH_FACTOR)
    return rows.filter(person__is_active=True).values("person").distinct().count()


def languages_there(consultation: Consultation) -> list[tuple[Principle, set[str]]]:
    """The principles in force with the languages of their next text, else of the current: three queries."""
    return [(each, set(words)) for each, words in _newest(consultation)]


def texts_to_come(consultation: Consultation) -> list[tuple[Principle, dict[str, tuple[str, str]]]]:
    """The principles of which nothing was published yet, with the whole texts of their drafts."""
    return [
        (
            each,
            {code: (words[code].title, words[code].body) for code in consultation.languages if code in words},
        )
        for each, words in _newest(consultation)
        if each.current_id is None
    ]


def newest_words(consultation: Consultation, language: str) -> list[tuple[Principle, Translation]]:
    """The principles in force with their next text, else the current, as a reader of `language` gets it."""
    chosen = [
        (each, words, choose(list(words), language, consultation.authoritative))
        for each, words in _newest(consultation)
    ]
    return [(each, words[code]) for each, words, code in chosen if code is not None]


def _newest(consultation: Consultation) -> list[tuple[Principle, dict[str, Translation]]]:
    versions = PrincipleVersion.objects.order_by("number").prefetch_related("translations")
    rows = Principle.objects.filter(consultation=consultation, withdrawn_at=None)
    found = rows.prefetch_related(Prefetch("versions", versions)).order_by("order", "number")
    return [(each, _whole_texts(list(each.versions.all())[-1:])) for each in found]


def _whole_texts(versions: Sequence[PrincipleVersion]) -> dict[str, Translation]:
    return {
        each.language: each
        for version in versions
        for each in version.translations.all()
        if each.title.strip() and each.body.strip()
    }


def has_principles(consultation: Consultation) -> bool:
    """Whether a principle was written, in draft or not."""
    return Principle.objects.filter(consultation=consultation).exists()


def slugs_like(title: str) -> set[str]:
    """The addresses of consultations that begin as one made from this title would, public or not."""
    rows = Consultation.objects.filter(slug__startswith=slugify(title)[:40])
    return set(rows.values_list("slug", flat=True))


def clauses_in_force(consultation: Consultation) -> QuerySet[PolicyClause]:
    """The clauses of the policy that a decision may name now, in their order."""
    return PolicyClause.objects.filter(consultation=consultation, withdrawn_at=None).order_by("id")


def changes(consultation: Consultation) -> QuerySet[ConsultationChange]:
    """What was changed about a consultation since it is public, the newest first."""
    return ConsultationChange.objects.filter(consultation=consultation).order_by("-number")


def without_secretariat() -> QuerySet[Consultation]:
    """Consultations that nobody looks after, the newest first."""
    kept = ConsultationRole.objects.filter(role=Role.SECRETARIAT, ended_at=None, person__is_active=True)
    return Consultation.objects.exclude(pk__in=kept.values("consultation")).order_by("-made_at", "-pk")


def has_accepted_licence(person: User, consultation: Consultation) -> bool:
    """Whether the person agreed before to the licence under which contributions are published now."""
    accepted = LicenceAcceptance.objects.filter(person=person, consultation=consultation)
    return accepted.filter(licence=consultation.licence).exists()
