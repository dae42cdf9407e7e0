"""Where files are kept: under their own hash, so that the same bytes are kept once and never change."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from consultation.digests.models import Format

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
    name = place(form, stored.sha256)
    try:
        _replace(Path(default_storage.path(name)), data)
    except NotImplementedError:
        # A bucket: what it takes appears whole, and there is no name to replace.
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(data))
    return stored


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".draft-", delete=False) as draft:
        try:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def read(form: str, sha256: str) -> File[bytes]:
    """The stored file, opened. Raises FileNotFoundError when the storage lost it."""
    return default_storage.open(place(form, sha256), "rb")
