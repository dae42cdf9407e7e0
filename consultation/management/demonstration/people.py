"""The accounts of the demonstration, as CONTRACT lists them, and a signatory for each institution."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts import steps as accounts
from accounts.models import Mandate, Power, SiteRole, User
from consultation.kit.verb import verb
from consultation.record.steps import record
from consultation.texts import steps as texts
from consultation.texts.models import Consultation, ConsultationRole

PASSWORD = "accord-demo"
SECRETARIAT = "secretariat@demo.example"
MODERATORS = ("moderator1@demo.example", "moderator2@demo.example")
OBSERVER = "observer@demo.example"
ADMINISTRATOR = "admin@demo.example"

NAMES = {
    SECRETARIAT: "Secretariat (demonstration)",
    MODERATORS[0]: "Moderator 1 (demonstration)",
    MODERATORS[1]: "Moderator 2 (demonstration)",
    OBSERVER: "Observer (demonstration)",
    ADMINISTRATOR: "Administrator (demonstration)",
}
ROLES = {
    SECRETARIAT: ConsultationRole.Role.SECRETARIAT,
    MODERATORS[0]: ConsultationRole.Role.MODERATOR,
    MODERATORS[1]: ConsultationRole.Role.MODERATOR,
    OBSERVER: ConsultationRole.Role.OBSERVER,
}
SITE_ROLES = {SECRETARIAT: SiteRole.Role.REGISTRAR, ADMINISTRATOR: SiteRole.Role.ADMINISTRATOR}


def person(address: str) -> User:
    """The demonstration's person with this address."""
    return User.objects.get(email=address, demonstration=True)


@verb
def admit_staff(actor: None, *, consultation_id: int, at: datetime) -> None:
    """Secretariat (also registrar), moderators, observer and administrator have accounts and roles."""
    consultation = Consultation.objects.get(pk=consultation_id)
    for address, name in NAMES.items():
        member = _account(address, name, may_sign_in=True, at=at)
        if address in ROLES:
            texts.give_role(actor, consultation, member, ROLES[address])
        if address in SITE_ROLES:
            SiteRole.objects.get_or_create(
                person=member, role=SITE_ROLES[address], ended_at=None, defaults={"since": at}
            )


@verb
def admit(actor: None, *, address: str, name: str, may_sign_in: bool, at: datetime) -> User:
    """The person has an account with a confirmed address; only some are for signing in."""
    return _account(address, name, may_sign_in=may_sign_in, at=at)


def _account(address: str, name: str, *, may_sign_in: bool, at: datetime) -> User:
    found = User.objects.filter(email=address, demonstration=True).first()
    if found is None:
        found = User.objects.create_user(address, name=name, demonstration=True, joined_at=at)
        if may_sign_in:
            found.password = _password()
            found.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(
        user=found, email=address, defaults={"verified": True, "primary": True}
    )
    return found


@cache
def _password() -> str:
    """Hashed once: the salt of a password that everybody knows hides nothing."""
    return make_password(PASSWORD)


@verb
def appoint(
    actor: User,
    *,
    person_id: int,
    institution_id: int,
    powers: Collection[Power],
    evidence: Mandate.Evidence,
    at: datetime,
) -> Mandate:
    """The person holds these powers for the institution, if they held none."""
    institution = accounts.lock_institution(institution_id)
    present = Mandate.objects.filter(person=person_id, institution=institution, ended_at=None).first()
    if present is not None:
        return present
    appointed = User.objects.get(pk=person_id)
    mandate = accounts.grant_mandate(appointed, institution, powers, evidence=evidence, at=at)
    record(actor, "mandate.granted", mandate)
    return mandate
