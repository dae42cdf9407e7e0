"""Files of the text, made once for each text, language and format, one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from consultation.kit import uploads
from consultation.kit.refusal import Refusal
from consultation.texts.formats import print as printing
from consultation.texts.formats import word
from consultation.texts.formats.document import Document

MAKERS: dict[str, Callable[[Document], bytes]] = {"docx": word.make, "pdf": printing.make}
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
# Code points in one file: setting it in print takes about five seconds and half a gigabyte.
MOST = 600_000
PATIENCE = 20  # seconds that somebody waits while another file is made
# What makes a file look as it does: when any of it changes, files are made anew.
SOURCES = (
    "consultation/texts/formats",
    "consultation/kit/word_file.py",
    "templates/texts",
    "templates/typst",
)

_one_at_a_time = Lock()


def place(document: Document, form: str) -> str:
    """The name within the storage of the file that says this in this format."""
    told = f"{_release()}\n{asdict(document)!r}"
    key = hashlib.sha256(told.encode()).hexdigest()
    return f"texts/{key[:2]}/{key}.{form}"


def is_kept(name: str) -> bool:
    """Whether the file of this name was made before."""
    return default_storage.exists(name)


def kept(document: Document, form: str) -> bytes:
    """The file, made now if it was never made before. Raises Refusal as `made` does."""
    name = place(document, form)
    if not is_kept(name):
        uploads.keep(name, made(document, form))
    with default_storage.open(name, "rb") as file:
        return bytes(file.read())


def made(document: Document, form: str) -> bytes:
    """The file, made now.

    Raises Refusal `too-large` for a text beyond MOST code points, and `busy` while others are being made.
    """
    if _length(document) > MOST:
        raise Refusal("too-large", _("This text is too long for a file. Print its page instead."))
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refusal("busy", _("Other files are being made. Try again in a minute."), retry_after=60)
    try:
        return MAKERS[form](document)
    finally:
        _one_at_a_time.release()


def _length(document: Document) -> int:
    lines = [*document.preamble, *(line for section in document.sections for line in section.lines)]
    return sum(len(line.text) for line in lines)


@cache
def _release() -> str:
    found = (Path(settings.BASE_DIR) / source for source in SOURCES)
    files = [file for each in found for file in ([each] if each.is_file() else sorted(each.glob("*.*")))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files if file.is_file())).hexdigest()
