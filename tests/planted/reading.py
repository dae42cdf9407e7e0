"""What an answer holds, whatever its form: files inside files, letters inside pictures of pages."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from pypdf import PdfReader

ZIP, PDF = b"PK\x03\x04", b"%PDF-1.7\n%"


def content(answer: Any) -> bytes:
    """All that can be read in an answer: its headers, its words, and those inside its files."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return b"\n".join([str(answer.headers).encode(), *_opened(body)])


def _opened(body: bytes) -> list[bytes]:
    if body.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(body)) as files:
            return [each for name in files.namelist() for each in (name.encode(), *_opened(files.read(name)))]
    if body.startswith(PDF):
        reader = PdfReader(io.BytesIO(body))
        said = [page.extract_text() for page in reader.pages]
        return [str(reader.metadata).encode(), *(each.encode() for each in said)]
    return [body]
