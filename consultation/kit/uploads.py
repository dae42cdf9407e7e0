"""Files that people send or that are made for them: checked, and kept under their own hash."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

PDF_LIMIT = 10 * 1024 * 1024
FILENAME_LIMIT = 200
# ISO 32000-2, 7.5.2 and 7.5.5: the first line, and what stands at the end. Readers look so far for them.
_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_HEADER_WITHIN, _TRAILER_WITHIN = 1024, 2048
_UNFIT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Stored:
    """A private file that is on disk (or in the bucket) already, and how its sender called it."""

    sha256: str
    bytes: int
    filename: str


def keep(name: str, data: bytes) -> None:
    """Write a file of the storage whole or not at all; writing the same again changes nothing."""
    try:
        _replace(Path(default_storage.path(name)), data)
    except NotImplementedError:
        # A bucket: what it takes appears whole, and there is no name to replace.
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(data))


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


def keep_pdf(upload: UploadedFile) -> Stored:
    """Keep a PDF where no address of the site reaches it by itself.

    Raises ValidationError for what is no PDF, or is larger than 10 MB.
    """
    data = read_pdf(upload)
    stored = Stored(hashlib.sha256(data).hexdigest(), len(data), _filename(upload.name or ""))
    keep(_private(stored.sha256), data)
    return stored


def read_pdf(upload: UploadedFile) -> bytes:
    """The bytes of a PDF. Raises ValidationError as `keep_pdf` does."""
    if (upload.size or 0) > PDF_LIMIT:
        raise ValidationError(_("Send a file of at most 10 MB."), code="too-large")
    upload.seek(0)
    data: bytes = upload.read(PDF_LIMIT + 1)
    upload.seek(0)
    if not _HEADER.search(data[:_HEADER_WITHIN]) or not _ends_as_pdf(data[-_TRAILER_WITHIN:]):
        raise ValidationError(_("This is not a whole PDF. Save or scan the letter as PDF."), code="no-pdf")
    return data


def _ends_as_pdf(end: bytes) -> bool:
    return b"startxref" in end and b"%%EOF" in end


def _filename(given: str) -> str:
    name = _UNFIT_IN_NAMES.sub("", PurePosixPath(given.replace("\\", "/")).name).strip() or "letter"
    return f"{name.removesuffix('.pdf')[: FILENAME_LIMIT - 4]}.pdf"


def _private(sha256: str) -> str:
    return f"private/{sha256[:2]}/{sha256}"


def read_private(sha256: str) -> File[bytes]:
    """A private file, opened. Raises FileNotFoundError when the storage lost it."""
    return default_storage.open(_private(sha256), "rb")
