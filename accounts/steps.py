"""Writes about institutions and mandates that verbs build on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet, Value
from django.db.models.functions import Greatest

from accounts import geography, queries, slugs
from accounts.confusables import skeleton
from accounts.models import (
    Institution,
    InstitutionDomain,
    InstitutionState,
    InstitutionVersion,
    Invitation,
    JoinRequest,
    Mandate,
    Power,
    SiteRole,
    User,
    VerifiedHow,
)
from accounts.public_data import PublicData
from consultation.kit import link_keys
from consultation.kit.fold import fold, sort_key
from consultation.kit.refusal import NotFound
from consultation.post import steps as post
from consultation.record.steps import record

# One order for readers of all languages: Latin letters as everywhere, Han characters by their sound.
LIST_LANGUAGE = "zh-hans"
FOLDED_LIMIT = 600
Of = TypeVar("Of", Mandate, Invitation, JoinRequest)


def lock_institution(pk: int) -> Institution:
    """The institution, locked until the verb ends, as it stands now and with its current public data.

    Raises Refusal `not-found`.
    """
    if Institution.objects.select_for_update(no_key=True, of=("self",)).filter(pk=pk).first() is None:
        raise NotFound
    # Read anew: what a waiting SELECT … FOR UPDATE joins is older than the row it waited for.
    return Institution.objects.select_related("current").get(pk=pk)


def lock_institution_of(model: type[Of], pk: UUID, among: Callable[[Institution], QuerySet[Of]]) -> Of:
    """What `among` holds under this key once its institution is locked; with that institution.

    Raises Refusal `not-found`.
    """
    key = model._default_manager.filter(pk=pk).values_list("institution", flat=True).first()
    if key is None:
        raise NotFound
    institution = lock_institution(key)
    row = among(institution).filter(pk=pk).first()
    if row is None:
        raise NotFound
    row.institution = institution
    return row


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
        name_skeleton=skeleton(data.name)[:FOLDED_LIMIT],
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


def set_domains(institution: Institution, domains: Collection[str]) -> None:
    """The institution's addresses are at exactly these domains from now on."""
    institution.domains.exclude(domain__in=domains).delete()
    InstitutionDomain.objects.bulk_create(
        [InstitutionDomain(institution=institution, domain=domain) for domain in domains],
        ignore_conflicts=True,
    )


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


def give_site_role(person: User, role: str, *, at: datetime) -> tuple[SiteRole, bool]:
    """The person holds the role over the whole site; and whether they did not before."""
    return SiteRole.objects.get_or_create(person=person, role=role, ended_at=None, defaults={"since": at})


def lock_site_roles(role_id: int) -> SiteRole | None:
    """The role in force with this key, after all administrators' and this one were locked, read again."""
    affected = SiteRole.objects.filter(ended_at=None).filter(
        Q(pk=role_id) | Q(role=SiteRole.Role.ADMINISTRATOR)
    )
    list(affected.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    return SiteRole.objects.filter(pk=role_id, ended_at=None).select_related("person").first()


def end_mandate(mandate: Mandate, *, at: datetime) -> None:
    """The mandate gives no power any more from this moment on; it stays, with what was done under it."""
    mandate.ended_at = max(mandate.starts_at, at)
    mandate.save(update_fields=["ended_at"])


def admit(
    person: User,
    institution: Institution,
    powers: Collection[Power],
    *,
    evidence: Mandate.Evidence,
    at: datetime,
    by: User,
    until: date | None = None,
) -> Mandate:
    """`person` joins the institution: with a mandate, and nothing asked of it waits any longer."""
    waiting = JoinRequest.objects.filter(
        person=person, institution=institution, state=JoinRequest.State.WAITING
    )
    waiting.update(state=JoinRequest.State.APPROVED, settled_at=at, settled_by=by)
    mandate = grant_mandate(person, institution, powers, evidence=evidence, at=at, until=until)
    record(by, "mandate.granted", mandate)
    tell_of_mandate("mandate-granted", mandate, at=at)
    return mandate


def tell_of_mandate(kind: str, mandate: Mandate, *, at: datetime) -> None:
    """Write to the person of the mandate and to all who manage the institution what became of it."""
    institution, holder = mandate.institution, mandate.person
    powers = {f"can_{power}": True for power in mandate.powers}
    until = mandate.until.isoformat() if mandate.until and not mandate.ended_at else None
    context = {"institution": name_of(institution), "person": str(holder), "until": until, **powers}
    managers = queries.managers(institution, at=at).exclude(pk=holder.pk)
    post.write(kind, person=holder, context={**context, "yours": True, "url": "/desk/"})
    for each in managers:
        post.write(kind, person=each, context={**context, "url": people_url(institution)})


def tell_managers_of(request: JoinRequest, *, at: datetime) -> None:
    """Write to all who manage the institution that somebody asks to join."""
    institution = request.institution
    context = {
        "institution": name_of(institution),
        "person": str(request.person),
        "url": people_url(institution),
    }
    for each in queries.managers(institution, at=at):
        post.write("join-asked", person=each, context=context)


def decline(request: JoinRequest, *, by: User, at: datetime) -> None:
    """Whoever asked to join is told that a manager said no."""
    request.state, request.settled_at, request.settled_by = JoinRequest.State.DECLINED, at, by
    request.save(update_fields=["state", "settled_at", "settled_by"])
    institution = request.institution
    context = {"institution": name_of(institution), "url": f"/institutions/{institution.slug}/"}
    post.write("join-declined", person=request.person, context=context)


def name_of(institution: Institution) -> str:
    """How mails call an institution."""
    return institution.current.name if institution.current else institution.slug


def people_url(institution: Institution) -> str:
    """The path of the page on which an institution's people are."""
    return f"/institutions/{institution.slug}/people/"


@dataclass(frozen=True)
class _Invited:
    """An address to which nobody knows whether an account belongs."""

    email: str
    language: str
    pk: None = None


def send_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Send a fresh link, which opens the invitation from now on; an earlier link opens it no longer."""
    seed = str(uuid4())
    invitation.secret_hash = link_keys.hash_of(link_keys.key_of(seed))
    invitation.invited_by = by
    invitation.sent_at = at
    invitation.expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    post.write(
        "invitation",
        person=_Invited(invitation.email, invitation.language),
        context={
            "institution": name_of(invitation.institution),
            "person": str(by),
            "deadline": invitation.expires_at.isoformat(),
            "url": "/invitations/{key}/",
            "seed": seed,
        },
    )


def settle_invitation(invitation: Invitation, state: Invitation.State, *, at: datetime) -> None:
    """The invitation is accepted or taken back, and its address forgotten."""
    invitation.state, invitation.settled_at, invitation.email = state, at, ""
    invitation.save(update_fields=["state", "settled_at", "email"])
