"""Bringing colleagues in: invitations, and requests to join."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import queries, rules, steps
from accounts.mandates import fit_address, fit_language, fit_powers, fit_until
from accounts.models import Institution, Invitation, Joining, JoinRequest, Mandate, Power, User
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.verb import verb
from consultation.record.steps import record


@verb
def invite_colleague(
    actor: User,
    *,
    institution_id: int,
    email: str,
    powers: Collection[str],
    language: str,
    at: datetime,
    until: date | None = None,
) -> Invitation:
    """A link goes to `email`; whoever opens it may accept these powers, once, within INVITATION_DAYS days.

    Nobody learns whether the address has an account.
    Refuses: not-found, no-mandate, institution-barred, invited-already, too-many, invalid (by field).
    """
    address, held = fit_address(email), fit_powers(powers)
    last_day, language = fit_until(until, at=at), fit_language(language)
    institution = steps.lock_institution(institution_id)
    rules.may_bring_in(actor, institution, at=at).require()
    rules.may_invite(institution, address, at=at).require()
    invitation = Invitation(
        institution=institution, email=address, powers=held, until=last_day, language=language
    )
    steps.send_invitation(invitation, by=actor, at=at)
    record(actor, "invitation.sent", invitation)
    return invitation


@verb
def renew_invitation(actor: User, *, invitation_id: UUID, at: datetime) -> Invitation:
    """A fresh link goes to the same address, in the name of `actor`; the earlier one opens nothing any more.

    Refuses: not-found, no-mandate, institution-barred, too-many.
    """
    invitation = steps.lock_institution_of(Invitation, invitation_id, queries.open_invitations)
    rules.may_bring_in(actor, invitation.institution, at=at).require()
    rules.may_renew(invitation, at=at).require()
    steps.send_invitation(invitation, by=actor, at=at)
    record(actor, "invitation.renewed", invitation)
    return invitation


@verb
def withdraw_invitation(actor: User, *, invitation_id: UUID, at: datetime) -> Invitation:
    """The invitation is taken back: its link opens nothing any more.

    Refuses: not-found, no-mandate.
    """
    invitation = steps.lock_institution_of(Invitation, invitation_id, queries.open_invitations)
    rules.may_manage(actor, invitation.institution, at=at).require()
    steps.settle_invitation(invitation, Invitation.State.WITHDRAWN, at=at)
    record(actor, "invitation.withdrawn", invitation)
    return invitation


@verb
def accept_invitation(actor: User, *, key: str, at: datetime) -> Mandate:
    """`actor` holds the powers of the invitation whose link holds `key`. One person can accept, once.

    Refuses: not-found, not-signed-in, address-unconfirmed, invitation-over, acts-already, institution-barred.
    """
    found = queries.invitation_of(key)
    if found is None:
        raise NotFound
    institution = steps.lock_institution(found.institution_id)
    # Read anew: it may have been accepted while the institution was waited for.
    invitation = queries.invitation_of(key)
    if invitation is None:
        raise NotFound
    invitation.institution = institution
    rules.may_accept(actor, invitation, at=at).require()
    assert invitation.invited_by is not None
    powers, evidence = [Power(power) for power in invitation.powers], Mandate.Evidence.INVITATION
    steps.settle_invitation(invitation, Invitation.State.ACCEPTED, at=at)
    record(actor, "invitation.accepted", invitation)
    return steps.admit(
        actor, institution, powers, evidence=evidence, at=at, by=invitation.invited_by, until=invitation.until
    )


@verb
def ask_to_join(actor: User, *, institution_id: int, at: datetime) -> JoinRequest:
    """A manager is asked to let `actor` act for the institution; or, where managers chose so, they
    contribute at once. Whoever acted for it before waits for a manager in any case.

    Refuses: not-found, not-signed-in, address-unconfirmed, address-elsewhere, acts-already, asked-already,
    declined, institution-barred.
    """
    rules.has_a_confirmed_address(actor).require()
    institution = steps.lock_institution(institution_id)
    if not institution.verified:
        raise NotFound
    rules.may_ask_to_join(actor, institution, at=at).require()
    request = JoinRequest.objects.create(institution=institution, person=actor, asked_at=at)
    record(actor, "join.asked", request)
    if rules.joins_at_once(actor, institution):
        evidence = Mandate.Evidence.DOMAIN
        steps.admit(actor, institution, [Power.CONTRIBUTE], evidence=evidence, at=at, by=actor)
        request.refresh_from_db()
    else:
        steps.tell_managers_of(request, at=at)
    return request


@verb
def admit_colleague(
    actor: User, *, request_id: UUID, powers: Collection[str], at: datetime, until: date | None = None
) -> Mandate:
    """Whoever asked to join holds these powers, if their address is at the institution's domain still.

    Refuses: not-found, no-mandate, institution-barred, address-elsewhere, invalid (powers, until).
    """
    held, last_day = fit_powers(powers), fit_until(until, at=at)
    request = steps.lock_institution_of(JoinRequest, request_id, queries.waiting_to_join)
    institution, person = request.institution, request.person
    rules.may_bring_in(actor, institution, at=at).require()
    rules.has_an_address_at(person, institution).require()
    evidence = Mandate.Evidence.DOMAIN
    return steps.admit(person, institution, held, evidence=evidence, at=at, by=actor, until=last_day)


@verb
def decline_colleague(actor: User, *, request_id: UUID, at: datetime) -> JoinRequest:
    """Whoever asked to join is told no; they can be invited still.

    Refuses: not-found, no-mandate.
    """
    request = steps.lock_institution_of(JoinRequest, request_id, queries.waiting_to_join)
    rules.may_manage(actor, request.institution, at=at).require()
    steps.decline(request, by=actor, at=at)
    record(actor, "join.declined", request)
    return request


@verb
def choose_joining(actor: User, *, institution_id: int, joining: str, at: datetime) -> Institution:
    """Whether people with a confirmed address at the institution's domain wait for a manager (`Joining`).

    Refuses: not-found, no-mandate, invalid (joining).
    """
    if joining not in Joining.values:
        raise invalid(joining=_("Choose one of the two."))
    institution = steps.lock_institution(institution_id)
    rules.may_manage(actor, institution, at=at).require()
    if institution.joining != joining:
        institution.joining = joining
        institution.save(update_fields=["joining"])
        record(actor, "institution.joining_chosen", institution)
    return institution
