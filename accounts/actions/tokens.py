"""Keys for programs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts import rules, tokens
from accounts.models import ApiToken, Scope, User
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.text import UnfitText, clean
from consultation.kit.verb import verb
from consultation.record.steps import record

TOKEN_DAYS = 90
TOKEN_DAYS_LIMIT = 366
TOKEN_NAME_LIMIT = 100


@verb
def issue_token(
    actor: User,
    *,
    name: str,
    at: datetime,
    days: int = TOKEN_DAYS,
    scopes: Collection[str] = tuple(Scope),
) -> tuple[ApiToken, str]:
    """A key for programs that act for `actor`, and its secret, which nobody can read again.

    It allows everything that `actor` may do unless `scopes` say less.
    Refuses: not-signed-in, invalid (by field).
    """
    rules.may_use_an_account(actor).require()
    if not 1 <= days <= TOKEN_DAYS_LIMIT:
        raise invalid(days=_("A token lasts from 1 to 366 days."))
    if not scopes or not set(scopes) <= set(Scope.values):
        raise invalid(scopes=_("Choose what the token allows."))
    secret = tokens.new_secret()
    token = ApiToken.objects.create(
        person=actor,
        name=_token_name(name),
        scopes=[scope.value for scope in Scope if scope in scopes],
        secret_hash=tokens.hash_of(secret),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    record(actor, "token.issued", token)
    return token, secret


@verb
def revoke_token(actor: User, *, token_id: int, at: datetime) -> None:
    """The key opens nothing any more, from this moment on; its row stays.

    Refuses: not-signed-in, not-found.
    """
    rules.may_use_an_account(actor).require()
    token = ApiToken.objects.select_for_update(no_key=True).filter(pk=token_id, person=actor.pk).first()
    if token is None:
        raise NotFound
    if token.expires_at > at:
        token.expires_at = at
        token.save(update_fields=["expires_at"])
        record(actor, "token.revoked", token)


def _token_name(name: str) -> str:
    try:
        kept = clean(name).strip()
    except UnfitText as unfit:
        raise invalid(name=unfit.args[0]) from unfit
    if not kept or len(kept) > TOKEN_NAME_LIMIT:
        raise invalid(name=_("Give the token a name of at most 100 characters."))
    return kept
