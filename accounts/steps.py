"""Writes about institutions and mandates that verbs build on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Greatest

from accounts import geography, slugs
from accounts.models import (
    Institution,
    InstitutionDomain,
    InstitutionState,
    InstitutionVersion,
    Mandate,
    Power,
    User,
    VerifiedHow,
)
from accounts.public_data import PublicData
from consultation.kit.fold import fold, sort_key
from consultation.kit.refusal import NotFound

# One order for readers of all languages: Latin letters as everywhere, Han characters by their sound.
LIST_LANGUAGE = "zh-hans"
FOLDED_LIMIT = 600


def lock_institution(pk: int) -> Institution:
    """The institution, locked until the verb ends, as it stands now and with its current public data.

    Raises Refusal `not-found`.
    """
    if Institution.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first() is None:
        raise NotFound
    # Read anew: what a waiting SELECT … FOR UPDATE joins is older than the row it waited for.
    return Institution.objects.select_related("current").get(pk=pk)


def register(data: PublicData, *, at: datetime, demonstration: bool = False) -> Institution:
    """A pending institution with its first public data, its domains, and an address of its own."""
    institution = _with_a_free_slug(data, at=at, demonstration=demonstration)
    new_version(institution, data, at=at)
    InstitutionDomain.objects.bulk_create(
        InstitutionDomain(institution=institution, domain=domain) for domain in data.domains
    )
    return institution


def _with_a_free_slug(data: PublicData, *, at: datetime, demonstration: bool) -> Institution:
    stem = slugs.stem(data.name, data.names, data.country)
    alike = Institution.objects.filter(Q(slug=stem) | Q(slug__startswith=f"{stem}-"))
    taken = set(alike.values_list("slug", flat=True))
    for slug in slugs.candidates(data.name, data.names, data.country):
        if slug in taken:
            continue
        try:
            with transaction.atomic():
                return Institution.objects.create(slug=slug, registered_at=at, demonstration=demonstration)
        except IntegrityError:
            # Somebody took it between the question and the insert.
            if not Institution.objects.filter(slug=slug).exists():
                raise
    raise AssertionError("Slugs never run out.")


def new_version(institution: Institution, data: PublicData, *, at: datetime) -> InstitutionVersion:
    """The next numbered version of an institution's public data becomes its current one."""
    newest = institution.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = InstitutionVersion.objects.create(
        institution=institution,
        number=newest + 1,
        name=data.name,
        names=dict(data.names),
        name_folded=fold(data.name)[:FOLDED_LIMIT],
        name_sort=sort_key(data.name, LIST_LANGUAGE),
        country=data.country,
        region=geography.region_of(data.country),
        type=data.type,
        website=data.website,
        ror=data.ror,
        made_at=at,
    )
    institution.current = version
    institution.save(update_fields=["current"])
    return version


def set_state(
    institution: Institution,
    state: InstitutionState,
    *,
    actor: User | None,
    at: datetime,
    how: VerifiedHow | None = None,
    note: str = "",
    reason: str = "",
) -> None:
    """The institution is in `state`: settled by whom, when, and how it was verified or why it was not.

    A state without `how` leaves what is known of the last verification.
    """
    institution.state = state
    institution.settled_by = actor
    institution.settled_at = at
    institution.reason = reason
    if how is not None:
        institution.verified_how = how
        institution.verified_note = note
    institution.save(
        update_fields=["state", "settled_by", "settled_at", "reason", "verified_how", "verified_note"]
    )


def grant_mandate(
    person: User,
    institution: Institution,
    powers: Collection[Power],
    *,
    evidence: Mandate.Evidence,
    at: datetime,
    until: date | None = None,
) -> Mandate:
    """From `at`, `person` holds exactly `powers` for the institution; an earlier mandate ends, and stays."""
    earlier = Mandate.objects.filter(person=person, institution=institution, ended_at=None)
    earlier.update(ended_at=Greatest(F("starts_at"), Value(at)))
    return Mandate.objects.create(
        person=person,
        institution=institution,
        powers=[power.value for power in Power if power in powers],
        evidence=evidence,
        starts_at=at,
        until=until,
    )
