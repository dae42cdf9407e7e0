"""Who may do what with accounts and institutions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import queries, second_factor
from accounts.models import (
    Institution,
    InstitutionState,
    Invitation,
    Joining,
    JoinRequest,
    Mandate,
    Power,
    SiteRole,
    User,
)
from accounts.queries import Reader
from consultation.kit import clock
from consultation.kit.refusal import GRANTED, Verdict, invalid, refuse

BARRED = (InstitutionState.REJECTED, InstitutionState.SUSPENDED, InstitutionState.MERGED)
INVITATIONS_A_DAY = 50
RENEWED_AFTER = timedelta(hours=1)


def has_its_factor(person: Reader, *roles: QuerySet[Any]) -> Verdict:
    """Whether no role of `person` waits for a second factor: one over the site, or of the rows `roles`."""
    if not isinstance(person, User):
        return GRANTED
    due = second_factor.due(person, queries.site_roles_in_force(), *roles)
    if due is not None and due <= clock.now():
        return refuse("second-factor-needed", _("Your role needs a second factor. Set one up first."))
    return GRANTED


def may_use_an_account(person: Reader) -> Verdict:
    """Whether `person` is signed in, with an account that is in use."""
    if person is None or not person.is_authenticated or not person.is_active:
        return refuse("not-signed-in", _("Please sign in first."))
    return GRANTED


def has_a_confirmed_address(person: Reader) -> Verdict:
    """Whether `person` is signed in, with an address shown to be read."""
    signed_in = may_use_an_account(person)
    if (
        signed_in
        and not EmailAddress.objects.filter(user_id=getattr(person, "pk", None), verified=True).exists()
    ):
        return refuse("address-unconfirmed", _("Please confirm your e-mail address first."))
    return signed_in


def may_register(person: Reader) -> Verdict:
    """Whether `person` may register an institution: whoever has a confirmed address."""
    return has_a_confirmed_address(person)


def may_see_people(person: Reader, institution: Institution, *, at: datetime) -> Verdict:
    """Whether `person` may see who acts for `institution`: those who do."""
    if queries.mandates_in_force(person, at=at).filter(institution=institution).exists():
        return GRANTED
    return refuse("no-mandate", _("You do not act for this institution."))


def may_manage(actor: Reader, institution: Institution, *, at: datetime) -> Verdict:
    """Whether `actor` may change who acts for `institution`."""
    if queries.empowers(actor, institution, Power.MANAGE, at=at):
        return GRANTED
    return refuse("no-mandate", _("You have no mandate to manage this institution."))


def has_signatories(institution: Institution, number: int, *, at: datetime) -> Verdict:
    """Whether so many people sign for the institution at `at`."""
    signing = queries.in_force(Mandate.objects.filter(institution=institution), at=at).filter(
        powers__contains=[Power.SIGN], person__is_active=True
    )
    if signing.count() >= number:
        return GRANTED
    return refuse(
        "too-few-signatories",
        _("Only one person signs for the institution. Give somebody else that power first."),
    )


def may_bring_in(actor: Reader, institution: Institution, *, at: datetime) -> Verdict:
    """Whether `actor` may let others act for `institution`: its managers, while it is not barred."""
    manages = may_manage(actor, institution, at=at)
    return manages and _takes_people(institution)


def may_give_evidence(actor: Reader, institution: Institution, *, at: datetime) -> Verdict:
    """Whether `actor` may show that `institution` is what it says: its managers, while it waits."""
    manages = may_manage(actor, institution, at=at)
    if manages and institution.state != InstitutionState.PENDING:
        return refuse("not-waiting", _("This was decided already: the institution is in another state."))
    return manages


def _takes_people(institution: Institution) -> Verdict:
    if institution.state in BARRED:
        return refuse("institution-barred", _("Nobody can be added to this institution at present."))
    return GRANTED


def leaves_a_manager(mandate: Mandate, *, at: datetime) -> Verdict:
    """Whether somebody would manage the institution still if `mandate` gave no power to do so."""
    others = queries.managers(mandate.institution_id, at=at).exclude(pk=mandate.person_id)
    if Power.MANAGE not in mandate.powers or others.exists():
        return GRANTED
    return refuse(
        "last-manager", _("Nobody else manages this institution. Give somebody else that power first.")
    )


def may_accept(person: Reader, invitation: Invitation, *, at: datetime) -> Verdict:
    """Whether `person` may accept: with a confirmed address, an invitation that holds, and no mandate yet."""
    if not (confirmed := has_a_confirmed_address(person)):
        return confirmed
    institution = invitation.institution
    if not (holds := invitation_holds(invitation, at=at)):
        return holds
    if may_see_people(person, institution, at=at):
        return refuse(
            "acts-already", _("You act for this institution already. Its managers can change your powers.")
        )
    return _takes_people(institution)


def may_invite(institution: Institution, email: str, *, at: datetime) -> Verdict:
    """Whether another invitation may go out, to this address: one at a time, and not too many a day."""
    if queries.open_invitations(institution).filter(email=email).exists():
        return refuse("invited-already", _("This address was invited already. You can send the link again."))
    sent = institution.invitations.filter(sent_at__gt=at - timedelta(days=1))
    if sent.count() >= INVITATIONS_A_DAY:
        return refuse("too-many", _("Many invitations went out today. Please send more tomorrow."))
    return GRANTED


def may_renew(invitation: Invitation, *, at: datetime) -> Verdict:
    """Whether the link may be sent again: an hour after the last time."""
    if invitation.sent_at > at - RENEWED_AFTER:
        return refuse(
            "too-many", _("The link was sent within the last hour. Please wait before sending it again.")
        )
    return GRANTED


def invitation_holds(invitation: Invitation, *, at: datetime) -> Verdict:
    """Whether the invitation is open, in time, and from somebody who manages the institution still."""
    in_time = invitation.state == Invitation.State.OPEN and invitation.expires_at > at
    lasts = invitation.until is None or invitation.until >= at.astimezone(UTC).date()
    if (
        in_time
        and lasts
        and queries.empowers(invitation.invited_by, invitation.institution_id, Power.MANAGE, at=at)
    ):
        return GRANTED
    return refuse("invitation-over", _("This invitation is over. Ask whoever sent it for a new one."))


def may_ask_to_join(person: Reader, institution: Institution, *, at: datetime) -> Verdict:
    """Whether `person` may ask: with a confirmed address at a domain of the institution, once."""
    if not (confirmed := has_a_confirmed_address(person)):
        return confirmed
    assert person is not None
    if may_see_people(person, institution, at=at):
        return refuse(
            "acts-already", _("You act for this institution already. Its managers can change your powers.")
        )
    asked = set(institution.join_requests.filter(person=person.pk).values_list("state", flat=True))
    if JoinRequest.State.WAITING in asked:
        return refuse("asked-already", _("You asked already. A manager of the institution decides."))
    if JoinRequest.State.DECLINED in asked:
        return refuse(
            "declined", _("A manager said no to this. Somebody who manages it can still invite you.")
        )
    return has_an_address_at(person, institution) and _takes_people(institution)


def joins_at_once(person: User, institution: Institution) -> bool:
    """Whether no manager is asked: they chose so, and the person never acted for the institution before."""
    return (
        institution.joining == Joining.AUTOMATIC and not institution.mandates.filter(person=person).exists()
    )


def has_an_address_at(person: Reader, institution: Institution) -> Verdict:
    """Whether `person` has a confirmed address at a domain that is the institution's own."""
    if person is not None and person.pk and queries.addresses_at(institution, [person.pk]):
        return GRANTED
    return refuse("address-elsewhere", _("This takes a confirmed address at a domain of the institution."))


def may_keep_the_registry(actor: Reader) -> Verdict:
    """Whether `actor` may see which institutions wait, and settle them: a registrar."""
    signed_in = may_use_an_account(actor)
    if signed_in and not queries.has_site_role(actor, SiteRole.Role.REGISTRAR):
        return has_its_factor(actor) and refuse("no-role", _("Only a registrar can do this."))
    return signed_in


def may_settle_institution(actor: Reader, institution: Institution, *, at: datetime) -> Verdict:
    """Whether `actor` may verify, reject or suspend `institution`: a registrar, and not of its own."""
    if not (registrar := may_keep_the_registry(actor)):
        return registrar
    if queries.mandates_in_force(actor, at=at).filter(institution=institution).exists():
        return refuse("own-institution", _("You act for this institution. Another registrar has to decide."))
    return GRANTED


def may_run_the_site(actor: Reader) -> Verdict:
    """Whether `actor` may change what belongs to the whole site, its roles and pages: an administrator."""
    signed_in = may_use_an_account(actor)
    if signed_in and not queries.has_site_role(actor, SiteRole.Role.ADMINISTRATOR):
        return has_its_factor(actor) and refuse("no-role", _("Only an administrator can do this."))
    return signed_in


def may_hold_a_role(person: User | None) -> Verdict:
    """Whether `person` can be given a role: an account in use, at an address shown to be read."""
    if person is None or not may_register(person):
        return Verdict(invalid(person=_("There is no account with this confirmed address.")))
    return GRANTED


def may_end_site_role(role: SiteRole) -> Verdict:
    """Whether the site can be left without this role: somebody has to run it."""
    others = queries.site_roles_in_force().filter(role=SiteRole.Role.ADMINISTRATOR, person__is_active=True)
    if role.role == SiteRole.Role.ADMINISTRATOR and not others.exclude(pk=role.pk).exists():
        return refuse(
            "last-administrator", _("This is the last administrator. Give the role to somebody else first.")
        )
    return GRANTED
