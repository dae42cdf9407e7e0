"""The claim: a key under which one person runs a verb at most once.

After the IETF draft `idempotency-key-header`; the act and its claim commit together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import rfc8785
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.kit.models import Claim
from consultation.kit.refusal import Refusal

WAIT = "25s"
KEPT = timedelta(hours=24)
Subject = tuple[str, str]


@dataclass(frozen=True)
class ClaimKey:
    """Who claims, under which key, at which path, for which fields (SHA-256, hex)."""

    person_id: int
    key: str
    path: str
    fields_hash: str


@dataclass(frozen=True)
class Settled:
    """What an earlier run under the same key came to: its status and the keys of its subjects."""

    status: int
    subjects: list[Subject]


def fields_hash(fields: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> str:
    """SHA-256 (hex) of the fields as parsed, in RFC 8785 form, with each file by its own hash."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in (files or {}).items()}
    plain = {"fields": _plain(dict(fields)), "files": digests}
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    return str(value)


def lookup(key: ClaimKey) -> Settled | None:
    """What the claim came to, if it was ever taken and committed.

    Raises Refusal `key-reused` when it was taken for other fields.
    """
    row = Claim.objects.filter(person_id=key.person_id, key=key.key, path=key.path).first()
    if row is None or row.status is None:
        return None
    if row.fields_hash != key.fields_hash:
        raise Refusal(
            "key-reused", _("This key was used before for something else. Please start the form anew.")
        )
    return Settled(row.status, [(kind, pk) for kind, pk in row.subjects])


def take(key: ClaimKey) -> Settled | None:
    """Insert the claim inside the verb's own transaction; None when it is ours to act on.

    Waits for an earlier run that has not ended (25 s). Raises Refusal `still-running` after that.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
            cursor.execute(
                f"INSERT INTO {Claim._meta.db_table} (person_id, key, path, fields_hash, subjects)"
                " VALUES (%s, %s, %s, %s, '[]') ON CONFLICT DO NOTHING RETURNING id",
                [key.person_id, key.key, key.path, key.fields_hash],
            )
            ours = cursor.fetchone() is not None
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        raise Refusal(
            "still-running", _("The first attempt is still being written."), retry_after=5
        ) from error
    return None if ours else lookup(key)


def settle(key: ClaimKey, *, status: int, subjects: list[Subject]) -> None:
    """Keep status and subjects, in the transaction of the act itself."""
    Claim.objects.filter(person_id=key.person_id, key=key.key, path=key.path).update(
        status=status, subjects=subjects
    )


def forget_old() -> int:
    """Delete claims older than a day; how many there were."""
    deleted, _by_table = Claim.objects.filter(made_at__lt=Now() - KEPT).delete()
    return deleted
