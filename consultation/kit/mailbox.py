"""Mail as files: one ``.eml`` a message, which any mail reader opens."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Write each message into EMAIL_FILE_PATH under a name that sorts by time."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently, **options)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; return how many.

        Raises OSError if the folder cannot be written, unless `fail_silently`.
        """
        written = 0
        for message in email_messages:
            try:
                self._write(message)
            except OSError:
                if not self.fail_silently:
                    raise
            else:
                written += 1
        return written

    def _write(self, message: EmailMessage) -> None:
        """The file appears complete or not at all; it may hold a link that signs in, so it is the owner's."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(3)}.eml"
        draft = self.folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(message.message().as_bytes())
        draft.rename(self.folder / name)


class Mail(NamedTuple):
    """A message in the folder: when it was written, to whom, about what, and its plain text."""

    at: datetime
    to: str
    subject: str
    body: str


def messages(limit: int = 100) -> list[Mail]:
    """The newest `limit` messages in EMAIL_FILE_PATH, newest first; none where the folder is not there."""
    newest = sorted(Path(settings.EMAIL_FILE_PATH).glob("[0-9]*.eml"), reverse=True)[:limit]
    return [_read(file) for file in newest]


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    plain = message.get_body(preferencelist=("plain",))
    return Mail(
        at=parsedate_to_datetime(str(message["Date"])).astimezone(UTC),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        body=plain.get_content() if plain else "",
    )
