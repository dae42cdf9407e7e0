"""Secrets of programs: made once, shown once, kept as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from accounts.models import ApiToken, User

# Lets people, and those who search for leaked keys, tell what they hold.
PREFIX = "accord_"
BYTES = 32


def new_secret() -> str:
    """A fresh secret of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(BYTES)


def hash_of(secret: str) -> str:
    """SHA-256 (hex) of a secret. A slow hash would add nothing: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def person_of_token(secret: str, at: datetime) -> User | None:
    """The person for whom `secret` speaks at `at`; None if it is unknown, over, or the account closed."""
    if not secret.startswith(PREFIX):
        return None
    token = ApiToken.objects.select_related("person").filter(
        secret_hash=hash_of(secret), expires_at__gt=at, person__is_active=True
    )
    return next((found.person for found in token), None)
