"""Who may do what with accounts and institutions."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.models import Institution, SiteRole
from accounts.queries import Reader
from consultation.kit.refusal import GRANTED, Verdict, refuse


def may_use_an_account(person: Reader) -> Verdict:
    """Whether `person` is signed in, with an account that is in use."""
    if person is None or not person.is_authenticated or not person.is_active:
        return refuse("not-signed-in", _("Please sign in first."))
    return GRANTED


def may_register(person: Reader) -> Verdict:
    """Whether `person` may register an institution: signed in, with an address shown to be read."""
    signed_in = may_use_an_account(person)
    if (
        signed_in
        and not EmailAddress.objects.filter(user_id=getattr(person, "pk", None), verified=True).exists()
    ):
        return refuse("address-unconfirmed", _("Please confirm your e-mail address first."))
    return signed_in


def may_keep_the_registry(actor: Reader) -> Verdict:
    """Whether `actor` may see which institutions wait, and settle them: a registrar."""
    signed_in = may_use_an_account(actor)
    if signed_in and not queries.has_site_role(actor, SiteRole.Role.REGISTRAR):
        return refuse("no-role", _("Only a registrar can do this."))
    return signed_in


def may_settle_institution(actor: Reader, institution: Institution, *, at: datetime) -> Verdict:
    """Whether `actor` may verify, reject or suspend `institution`: a registrar, and not of its own."""
    if not (registrar := may_keep_the_registry(actor)):
        return registrar
    if queries.mandates_in_force(actor, at=at).filter(institution=institution).exists():
        return refuse("own-institution", _("You act for this institution. Another registrar has to decide."))
    return GRANTED
