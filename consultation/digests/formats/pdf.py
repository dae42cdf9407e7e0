"""The digest in print: PDF/UA-1, set by Typst from data that is never read as markup."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from django.conf import settings

from consultation.digests.composing import Issue, compose, moment
from consultation.digests.content import Content
from consultation.digests.document import Document, Prose
from consultation.kit import typeset
from consultation.kit.glyphs import printable

TEMPLATE = "digests/digest.typ"


def make(content: Content, issue: Issue) -> bytes:
    """Return the PDF. The same content gives the same text, and under one version of Typst the same bytes."""
    document = compose(content, issue)
    return typeset.pdf(TEMPLATE, _data(document, content, issue), at=content.cutoff_at, ground=typeset.GROUND)


def _data(document: Document, content: Content, issue: Issue) -> dict[str, Any]:
    furniture = {
        "site": settings.SITE_NAME,
        "short-as-of": moment(content, issue.language),
        "address": f"{content.address}/consultations/{content.slug}/digests/{issue.id}/",
    }
    fitted: dict[str, Any] = _fitted(document)
    return {**fitted, **furniture}


def _fitted(value: Any) -> Any:
    """Plain values, with every text in letters that the fonts have. Addresses of links stay what they are."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Prose):
        return {
            "blocks": _fitted(value.blocks),
            "language": value.language,
            "direction": value.direction,
        }
    if is_dataclass(value):
        return {
            each.name: getattr(value, each.name)
            if each.name == "address"
            else _fitted(getattr(value, each.name))
            for each in fields(value)
        }
    if isinstance(value, tuple):
        return [_fitted(inner) for inner in value]
    return value
