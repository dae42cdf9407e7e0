"""Keys in the links of mails. They are made from a seed when a mail is written, and stand in no table."""

from __future__ import annotations

import base64
import hashlib

from django.utils.crypto import salted_hmac


def key_of(seed: str) -> str:
    """The key for `seed`: 256 bits that nobody can make without the site's own secret, fit for an address."""
    digest = salted_hmac("consultation.links", seed, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(key: str) -> str:
    """SHA-256 (hex) of a key: what is kept to know it again."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
