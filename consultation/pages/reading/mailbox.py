"""The messages that were written to files, for whoever tries the site on one machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

NEWEST = 50
_NAME = re.compile(r"[0-9A-Za-z.-]+\.eml")


@dataclass(frozen=True)
class Letter:
    """One message."""

    name: str
    to: str
    subject: str
    at: datetime | None
    body: str


def newest() -> list[Letter]:
    """The newest fifty messages; none before the first was written."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return []
    names = sorted((path.name for path in folder.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)
    return [letter for name in names[:NEWEST] if (letter := one(name)) is not None]


def one(name: str) -> Letter | None:
    """One message by the name of its file; None where there is none."""
    path = Path(settings.EMAIL_FILE_PATH) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    plain = message.get_body(("plain", "html"))
    body = plain.get_content() if plain is not None else ""
    date = message.get("Date")
    return Letter(name, message.get("To", ""), message.get("Subject", ""), _moment(date), body)


def _moment(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
