"""The certificate in print: PDF/UA-1."""

from __future__ import annotations

from typing import Any

from consultation.kit import typeset
from consultation.kit.glyphs import printable

TEMPLATE = "pages/certificate.typ"
# What is an address or told in letters that every font has, and must not be broken.
AS_IT_IS = ("address", "check", "hash")


def make(told: dict[str, Any]) -> bytes:
    """Return the PDF of what `pages.reading.certificate.printing` tells."""
    data = {name: value for name, value in told.items() if name != "at"}
    return typeset.pdf(TEMPLATE, _fitted(data), at=told["at"], ground=typeset.GROUND)


def _fitted(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in AS_IT_IS else printable(value)
    if isinstance(value, dict):
        return {inner: _fitted(each, inner) for inner, each in value.items()}
    if isinstance(value, list):
        return [_fitted(each) for each in value]
    return value
