"""Reads about people, institutions and mandates that are asked in more than one place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from accounts import second_factor
from accounts.free_mail import is_free
from accounts.models import (
    ApiToken,
    Institution,
    InstitutionEvidence,
    InstitutionState,
    InstitutionVersion,
    Invitation,
    JoinRequest,
    Mandate,
    Power,
    SiteRole,
    User,
)
from consultation.kit import clock, link_keys
from consultation.kit.fold import fold

# A person, or a visitor.
Reader = User | AnonymousUser | None

# Out of 100: "The University of Oslo" is 90 from "University of Oslo", "Oslo Metropolitan University" 74.
ALIKE = 88
MOST_DUPLICATES = 10

DEMONSTRATION = "accounts.has-demonstration"
DEMONSTRATION_SECONDS = 60
HEARD_OR_WAITING = (InstitutionState.PENDING, InstitutionState.VERIFIED)


def public() -> QuerySet[Institution]:
    """Verified institutions, each with its current public data: where every public page and list starts."""
    # A condition on its data makes the join an inner one: only so a list by name follows the index of names.
    verified = Institution.objects.filter(state=InstitutionState.VERIFIED, current__number__isnull=False)
    return verified.select_related("current")


def called(words: str) -> QuerySet[Institution]:
    """Verified institutions with this name, in full and whatever its case, or with this slug."""
    named = Q(current__name_folded=fold(words.strip()))
    return public().filter(named | Q(slug=words.strip().lower())).order_by("pk")


def visible_to(person: Reader, *, at: datetime | None = None) -> QuerySet[Institution]:
    """`public()`, the institutions for which `person` may act, and everything for registrars.

    For desks and for a single institution's page, never for lists. `at` is now unless told.
    """
    institutions = Institution.objects.select_related("current")
    if has_site_role(person, SiteRole.Role.REGISTRAR):
        return institutions
    own = mandates_in_force(person, at=at or clock.now()).values("institution")
    return institutions.filter(Q(state=InstitutionState.VERIFIED) | Q(pk__in=own))


def has_demonstration() -> bool:
    """Whether imagined institutions are on this site. Kept for a minute: every page says so in its head."""
    present = Institution.objects.filter(demonstration=True, state__in=HEARD_OR_WAITING)
    return bool(cache.get_or_set(DEMONSTRATION, present.exists, DEMONSTRATION_SECONDS))


def waiting() -> QuerySet[Institution]:
    """Institutions that wait for a registrar, the longest waiting first, with their data and domains."""
    pending = Institution.objects.filter(state=InstitutionState.PENDING)
    return pending.select_related("current").prefetch_related("domains").order_by("registered_at", "pk")


def mandates_in_force(person: Reader, *, at: datetime) -> QuerySet[Mandate]:
    """What `person` may do for whom at `at`; a mandate holds until the end of its last day in UTC."""
    if person is None or not person.is_active:
        return Mandate.objects.none()
    return in_force(Mandate.objects.filter(person=person.pk), at=at)


def in_force(mandates: QuerySet[Mandate], *, at: datetime) -> QuerySet[Mandate]:
    """Those of `mandates` that hold at `at`."""
    not_over = Q(until=None) | Q(until__gte=at.astimezone(UTC).date())
    return mandates.filter(not_over, ended_at=None, starts_at__lte=at)


def empowers(person: Reader, institution: Institution | int, power: Power, *, at: datetime) -> bool:
    """Whether `person` holds `power` for `institution` (or its key) at `at`."""
    key = institution.pk if isinstance(institution, Institution) else institution
    return mandates_in_force(person, at=at).filter(institution=key, powers__contains=[power]).exists()


def institutions_of(person: Reader, power: Power | None = None, *, at: datetime) -> QuerySet[Institution]:
    """The institutions for which `person` holds `power` (None: any power) at `at`, by name."""
    mandates = mandates_in_force(person, at=at)
    if power is not None:
        mandates = mandates.filter(powers__contains=[power])
    institutions = Institution.objects.filter(pk__in=mandates.values("institution"))
    return institutions.select_related("current").order_by("current__name_sort", "pk")


def managers(institution: Institution | int, *, at: datetime) -> QuerySet[User]:
    """Who may change the people of the institution (or of its key) at `at`."""
    key = institution.pk if isinstance(institution, Institution) else institution
    mandates = in_force(Mandate.objects.filter(institution=key, powers__contains=[Power.MANAGE]), at=at)
    return User.objects.filter(pk__in=mandates.values("person"), is_active=True).order_by("pk")


def mandates_of(institution: Institution, *, at: datetime) -> tuple[QuerySet[Mandate], QuerySet[Mandate]]:
    """The mandates of an institution with their people: those in force at `at`, and those that are over."""
    every = Mandate.objects.filter(institution=institution).select_related("person")
    current = in_force(every, at=at)
    over = every.exclude(pk__in=current.values("pk"))
    return current.order_by("starts_at", "pk"), over.order_by("-starts_at", "-pk")


def invitation_of(key: str) -> Invitation | None:
    """The invitation, whatever became of it, whose link holds `key`."""
    found = Invitation.objects.select_related("institution__current", "invited_by")
    return found.filter(secret_hash=link_keys.hash_of(key)).first()


def open_invitations(institution: Institution) -> QuerySet[Invitation]:
    """The invitations of an institution that were neither accepted nor taken back, the newest first."""
    found = Invitation.objects.filter(institution=institution, state=Invitation.State.OPEN)
    return found.select_related("invited_by").order_by("-sent_at", "-pk")


def waiting_to_join(institution: Institution) -> QuerySet[JoinRequest]:
    """Who waits for a manager of the institution to let them in, the longest waiting first."""
    found = JoinRequest.objects.filter(institution=institution, state=JoinRequest.State.WAITING)
    return found.select_related("person").order_by("asked_at", "pk")


def asks_to_join(institutions: Collection[int]) -> QuerySet[JoinRequest]:
    """Who waits for a manager of any of these institutions (keys), the longest waiting first."""
    found = JoinRequest.objects.filter(institution__in=institutions, state=JoinRequest.State.WAITING)
    return found.select_related("person", "institution").order_by("asked_at", "pk")


def addresses_at(institution: Institution, people: Collection[int]) -> dict[int, list[str]]:
    """The confirmed addresses of these people (keys) at the institution's own domains: two queries."""
    domains = {each for each in institution.domains.values_list("domain", flat=True) if not is_free(each)}
    rows = EmailAddress.objects.filter(verified=True, user__in=people).order_by("pk")
    found: dict[int, list[str]] = {}
    for person, email in rows.values_list("user_id", "email"):
        if email.rpartition("@")[2].lower() in domains:
            found.setdefault(person, []).append(email)
    return found


def managers_and_signatories(institution: Institution | int, *, at: datetime) -> QuerySet[User]:
    """Everybody who is told of each act in the institution's name."""
    return managers_and_signatories_of(
        [institution.pk if isinstance(institution, Institution) else institution], at=at
    )


def managers_and_signatories_of(institutions: Iterable[int], *, at: datetime) -> QuerySet[User]:
    """The same of several institutions, given by their keys, each person once."""
    mandates = in_force(Mandate.objects.filter(institution__in=institutions), at=at)
    told = mandates.filter(powers__overlap=[Power.SIGN, Power.MANAGE])
    return User.objects.filter(pk__in=told.values("person"), is_active=True).order_by("pk")


def people_of(institutions: Collection[int], *, at: datetime) -> QuerySet[User]:
    """Everybody who may do anything at `at` for one of these institutions (keys), each once."""
    mandates = in_force(Mandate.objects.filter(institution__in=institutions), at=at)
    return User.objects.filter(pk__in=mandates.values("person"), is_active=True).order_by("pk")


def site_roles(person: Reader) -> frozenset[str]:
    """The roles over the whole site that give `person` power now (`accounts.second_factor`)."""
    if person is None or not person.is_active:
        return frozenset()
    roles = site_roles_in_force().filter(second_factor.gives_power(at=clock.now()), person=person.pk)
    return frozenset(roles.values_list("role", flat=True))


def site_roles_in_force() -> QuerySet[SiteRole]:
    """Every role over the whole site that was given and not taken, whether it gives power or not."""
    return SiteRole.objects.filter(ended_at=None)


def site_role_holders() -> QuerySet[SiteRole]:
    """Who holds which role over the whole site, by role and time."""
    return site_roles_in_force().select_related("person").order_by("role", "since", "pk")


def person_with_address(email: str) -> User | None:
    """Whose confirmed address this is, whatever its case; None for an account that is not in use."""
    confirmed = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True)
    return User.objects.filter(pk__in=confirmed.values("user"), is_active=True).first()


def has_site_role(person: Reader, role: SiteRole.Role) -> bool:
    """Whether `role` over the whole site gives `person` power now."""
    return role in site_roles(person)


def tokens_of(person: User, *, at: datetime) -> QuerySet[ApiToken]:
    """The tokens with which programs may act for `person` at `at`, the newest first."""
    return ApiToken.objects.filter(person=person.pk, expires_at__gt=at).order_by("-made_at", "-pk")


class Likeness(models.TextChoices):
    """Why two registrations may be of one institution."""

    ROR = "ror", _("It has the same ROR identifier.")
    DOMAIN = "domain", _("It has the same e-mail domain.")
    NAME = "name", _("Its name is much alike, in the same country.")


class Duplicate(NamedTuple):
    """An institution that may be the one asked about, and why."""

    institution: Institution
    why: Likeness


def likely_duplicates(
    reader: Reader,
    *,
    name: str,
    country: str,
    ror: str = "",
    domains: Collection[str] = (),
    names: Mapping[str, str] | None = None,
    apart_from: Institution | None = None,
) -> list[Duplicate]:
    """Institutions that `reader` may see named and that may be this one, the surest first, at most ten.

    `ror` is a bare identifier, `domains` are lower case: as the registration keeps them.
    """
    seen = visible_to(reader).exclude(state=InstitutionState.MERGED)
    if apart_from is not None:
        seen = seen.exclude(pk=apart_from.pk)
    found: dict[int, Likeness] = {}
    for why, keys in (
        (Likeness.ROR, _with_ror(seen, ror)),
        (Likeness.DOMAIN, _with_domain(seen, domains)),
        (Likeness.NAME, _with_name_like(seen, [name, *(names or {}).values()], country)),
    ):
        for key in keys:
            found.setdefault(key, why)
    institutions = seen.in_bulk(list(found)[:MOST_DUPLICATES])
    return [Duplicate(institutions[key], why) for key, why in found.items() if key in institutions]


def _with_ror(seen: QuerySet[Institution], ror: str) -> QuerySet[Institution, int]:
    same = seen.filter(current__ror=ror) if ror else seen.none()
    return same.order_by("pk").values_list("pk", flat=True)


def _with_domain(seen: QuerySet[Institution], domains: Collection[str]) -> QuerySet[Institution, int]:
    return seen.filter(domains__domain__in=domains).order_by("pk").distinct().values_list("pk", flat=True)


def _with_name_like(seen: QuerySet[Institution], names: list[str], country: str) -> Iterator[int]:
    wanted = [folded for folded in map(fold, names) if folded]
    neighbours = InstitutionVersion.objects.filter(current_of__in=seen, country=country)
    likenesses = (
        [
            (
                max(
                    fuzz.token_sort_ratio(one, other)
                    for one in wanted
                    for other in [folded, *map(fold, others.values())]
                ),
                key,
            )
            for key, folded, others in neighbours.values_list("institution_id", "name_folded", "names")
        ]
        if wanted
        else []
    )
    for likeness, key in sorted(likenesses, key=lambda pair: (-pair[0], pair[1])):
        if likeness >= ALIKE:
            yield key


def names_like(institutions: Collection[int]) -> dict[int, list[Institution]]:
    """For each of these (keys) the other verified institutions whose names look the same: two queries.

    As in `accounts.confusables`: also where a letter of another script stands for the like one.
    """
    skeletons = dict(
        InstitutionVersion.objects.filter(current_of__in=institutions).values_list(
            "institution", "name_skeleton"
        )
    )
    found: dict[int, list[Institution]] = {}
    for other in public().filter(current__name_skeleton__in=set(skeletons.values())).order_by("pk"):
        assert other.current is not None
        for key, skeleton in skeletons.items():
            if other.pk != key and other.current.name_skeleton == skeleton:
                found.setdefault(key, []).append(other)
    return found


def moved_to(slug: str, reader: Reader, *, at: datetime) -> Institution | None:
    """The institution into which the one with this address was merged, if `reader` may see it."""
    return visible_to(reader, at=at).filter(merged_from__slug=slug).first()


def letter(reader: Reader, slug: str, pk: int, *, at: datetime) -> InstitutionEvidence | None:
    """A letter that this institution sent, for its own people and for registrars."""
    letters = InstitutionEvidence.objects.filter(institution__slug=slug, pk=pk).exclude(sha256="")
    if has_site_role(reader, SiteRole.Role.REGISTRAR):
        return letters.first()
    own = mandates_in_force(reader, at=at).values("institution")
    return letters.filter(institution__in=own).first()


def confirmed_addresses(institutions: Collection[int]) -> dict[int, list[str]]:
    """The confirmed addresses of those who act for each of these institutions (keys): one query."""
    rows = (
        EmailAddress.objects.filter(
            verified=True, user__mandates__institution__in=institutions, user__mandates__ended_at=None
        )
        .order_by("pk")
        .values_list("user__mandates__institution", "email")
    )
    found: dict[int, list[str]] = {}
    for institution, email in rows:
        found.setdefault(institution, []).append(email)
    return found
