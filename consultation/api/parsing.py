"""Bodies of requests: one JSON object in UTF-8 (RFC 8259), of a bounded size, that a database can hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser

from consultation.api.errors import TooLarge
from consultation.kit.text import UnfitText, clean

DEPTH = 20
# Statements of their full length on fifty principles, every sign of them escaped.
LIMIT = 4 * 1024 * 1024  # bytes
CHUNK = 64 * 1024
# Who still sends when the answer comes does not read it: so much is heard out first.
HEARD_OUT = 32 * 1024 * 1024


class ObjectParser(BaseParser):
    """Reads a body that is one JSON object; a string in it that can't be kept is named by its path."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Raises ParseError, ValidationError (NUL, lone surrogates) or TooLarge."""
        given = _decode(_read(stream))
        errors = {path: [sentence] for path, sentence in _unfit(given, "")}
        if errors:
            raise ValidationError(errors)
        return given


def _read(stream: IO[bytes]) -> bytes:
    body = stream.read(LIMIT + 1)
    if len(body) <= LIMIT:
        return body
    for _chunk in range(HEARD_OUT // CHUNK):
        if not stream.read(CHUNK):
            break
    raise TooLarge


def _decode(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
        _too_deep(given, DEPTH)
    except RecursionError:
        raise ParseError(_("This JSON is nested too deeply.")) from None
    except ValueError as error:
        raise ParseError(_("This is not JSON in UTF-8: %(why)s") % {"why": error}) from error
    if not isinstance(given, dict):
        raise ParseError(_("The body has to be one JSON object."))
    return given


def _no_number(name: str) -> None:
    raise ValueError(name)


def _too_deep(value: Any, room: int) -> None:
    if not isinstance(value, dict | list):
        return
    if room == 0:
        raise RecursionError
    for inner in value.values() if isinstance(value, dict) else value:
        _too_deep(inner, room - 1)


def _unfit(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        try:
            clean(value)
        except UnfitText as unfit:
            yield path, str(unfit.args[0])
    elif isinstance(value, dict):
        for name, inner in value.items():
            if any(_unfit(name, path)):
                yield path, str(_("The name of a field can't be read."))
            else:
                yield from _unfit(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unfit(inner, f"{path}.{index}".lstrip("."))
