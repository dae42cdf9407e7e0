"""One way to write a value, so that its hash means something."""

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """Return `value` as canonical JSON (RFC 8785), in UTF-8.

    Takes what JSON has: dicts with string keys, lists, tuples, strings, booleans, None, floats, and whole
    numbers within ±(2**53 - 1). Raises ValueError for anything else, lone surrogates among them.
    """
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def text_hash(text: str) -> str:
    """Return the SHA-256 of exactly this text in UTF-8, in hex: nothing is normalized or trimmed."""
    return hashlib.sha256(text.encode()).hexdigest()
