"""Secrets of programs: made once, shown once, kept as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import ApiToken, User

# Lets people, and those who search for leaked keys, tell what they hold.
PREFIX = "accord_"
BYTES = 32
USE_KEPT_EVERY = timedelta(minutes=1)


def new_secret() -> str:
    """A fresh secret of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(BYTES)


def hash_of(secret: str) -> str:
    """SHA-256 (hex) of a secret. A slow hash would add nothing: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def token_of(secret: str, at: datetime) -> ApiToken | None:
    """The token, with its person, that `secret` is at `at`; None if unknown, over, or the account closed."""
    if not secret.startswith(PREFIX):
        return None
    tokens = ApiToken.objects.select_related("person").filter(
        secret_hash=hash_of(secret), expires_at__gt=at, person__is_active=True
    )
    return tokens.first()


def person_of_token(secret: str, at: datetime) -> User | None:
    """The person for whom `secret` speaks at `at`; None where `token_of` knows none."""
    token = token_of(secret, at)
    return token.person if token else None


def used(token: ApiToken, at: datetime) -> None:
    """Keep that `token` was used at `at`: to the minute is near enough, and one write a minute."""
    before = at - USE_KEPT_EVERY
    if token.last_used_at is None or token.last_used_at <= before:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)
