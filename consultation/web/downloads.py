"""Sending a stored file: conditions and byte ranges (RFC 9110, 13 and 14), under the name it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.files.base import File
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from consultation.kit.uploads import read_private

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


def send(
    request: HttpRequest, opened: File[bytes], *, name: str, media_type: str, size: int, sha256: str
) -> HttpResponseBase:
    """The file as a download called `name`: whole, the one range asked for, or 304 for who has it already.

    `size` is in bytes; the entity tag is the file's SHA-256. `opened` is closed when all is sent.
    """
    etag = f'"{sha256}"'
    if etag in _tags(request.headers.get("If-None-Match", "")):
        opened.close()
        return _with_facts(HttpResponseNotModified(), etag)
    span = _span(request, etag, size)
    if span is None:
        response: HttpResponseBase = FileResponse(opened, content_type=media_type)
        response.headers["Content-Length"] = str(size)
    elif span[0] >= size or span[0] > span[1]:
        opened.close()
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        response = _part(opened, *span, size=size, media_type=media_type)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return _with_facts(response, etag)


def send_private_letter(request: HttpRequest, *, sha256: str, name: str, size: int) -> HttpResponseBase:
    """A letter (PDF) out of the private store, for whoever was found to be allowed to read it; 404 if gone.

    No cache keeps it, and no browser takes it for something else.
    """
    try:
        opened = read_private(sha256)
    except FileNotFoundError:
        raise Http404 from None
    response = send(request, opened, name=name, media_type="application/pdf", size=size, sha256=sha256)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _tags(condition: str) -> list[str]:
    return [tag.removeprefix("W/") for tag in parse_etags(condition)]


def _with_facts(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    # What a file quotes may be withheld at any moment: whoever kept it asks again before showing it.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _span(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the range asked for; None for the whole file.

    Several ranges, and what is no range, may be answered with the whole (RFC 9110, 14.2).
    """
    if request.headers.get("If-Range", etag) != etag:
        return None
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or not (asked["first"] or asked["last"]):
        return None
    if not asked["first"]:
        length = min(int(asked["last"]), size)
        return (size - length, size - 1) if length else (size, size)
    first = int(asked["first"])
    last = int(asked["last"]) if asked["last"] else size - 1
    if asked["last"] and last < first:
        return None
    return first, min(last, size - 1)


def _part(opened: File[bytes], first: int, last: int, *, size: int, media_type: str) -> StreamingHttpResponse:
    length = last - first + 1
    return StreamingHttpResponse(
        _bytes(opened, first, length),
        status=206,
        content_type=media_type,
        headers={"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(length)},
    )


def _bytes(opened: File[bytes], first: int, length: int) -> Iterator[bytes]:
    with opened:
        opened.seek(first)
        while length > 0 and (chunk := opened.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
