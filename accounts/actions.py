"""The public writers of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts import rules, steps, tokens
from accounts.models import ApiToken, Institution, Mandate, Power, User
from accounts.public_data import checked
from consultation.kit.refusal import invalid
from consultation.kit.text import UnfitText, clean
from consultation.kit.verb import verb
from consultation.record.steps import record

TOKEN_DAYS = 90
TOKEN_DAYS_LIMIT = 366
TOKEN_NAME_LIMIT = 100


@verb
def register_institution(
    actor: User,
    *,
    name: str,
    country: str,
    type: str,  # noqa: A002
    at: datetime,
    website: str = "",
    ror: str = "",
    domains: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
) -> Institution:
    """The institution waits for a registrar, has its address for ever, and `actor` holds all powers for it.

    Refuses: not-signed-in, address-unconfirmed, invalid (by field).
    """
    rules.may_register(actor).require()
    data = checked(
        name=name, country=country, type=type, website=website, ror=ror, domains=domains, names=names
    )
    institution = steps.register(data, at=at, demonstration=actor.demonstration)
    mandate = steps.grant_mandate(
        actor, institution, list(Power), evidence=Mandate.Evidence.REGISTERED, at=at
    )
    record(actor, "institution.registered", institution)
    record(actor, "mandate.granted", mandate)
    return institution


@verb
def issue_token(actor: User, *, name: str, at: datetime, days: int = TOKEN_DAYS) -> tuple[ApiToken, str]:
    """A key for programs that act for `actor`, and its secret, which nobody can read again.

    Refuses: not-signed-in, invalid (by field).
    """
    rules.may_use_an_account(actor).require()
    if not 1 <= days <= TOKEN_DAYS_LIMIT:
        raise invalid(days=_("A token lasts from 1 to 366 days."))
    secret = tokens.new_secret()
    token = ApiToken.objects.create(
        person=actor,
        name=_token_name(name),
        secret_hash=tokens.hash_of(secret),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    record(actor, "token.issued", token)
    return token, secret


def _token_name(name: str) -> str:
    try:
        kept = clean(name).strip()
    except UnfitText as unfit:
        raise invalid(name=unfit.args[0]) from unfit
    if not kept or len(kept) > TOKEN_NAME_LIMIT:
        raise invalid(name=_("Give the token a name of at most 100 characters."))
    return kept
