"""Where files are kept: under their own hash, so that the same bytes are kept once and never change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.files.base import File
from django.core.files.storage import default_storage

from consultation.digests.models import Format
from consultation.kit import uploads

EXTENSIONS = {Format.CSV: "zip"}
MEDIA_TYPES = {
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "application/zip",
    Format.JSON: "application/json",
}


@dataclass(frozen=True)
class Stored:
    """A file that is on disk (or in the bucket) already."""

    sha256: str
    bytes: int


def extension(form: str) -> str:
    """The ending of a file's name, without the dot."""
    return EXTENSIONS.get(Format(form), form)


def media_type(form: str) -> str:
    """What a file of this format is announced as."""
    return MEDIA_TYPES[Format(form)]


def place(form: str, sha256: str) -> str:
    """The name of a file of this format within the storage."""
    return f"digests/{sha256[:2]}/{sha256}.{extension(form)}"


def keep(form: str, data: bytes) -> Stored:
    """Write a file whole or not at all; writing the same again changes nothing."""
    stored = Stored(hashlib.sha256(data).hexdigest(), len(data))
    uploads.keep(place(form, stored.sha256), data)
    return stored


def read(form: str, sha256: str) -> File[bytes]:
    """The stored file, opened. Raises FileNotFoundError when the storage lost it."""
    return default_storage.open(place(form, sha256), "rb")
