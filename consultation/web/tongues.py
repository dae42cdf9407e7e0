"""The languages of a text as links, as `_tongues.html` shows them."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from consultation.kit import languages


def tongues(codes: list[str], current: str, query: str, *, name: str = "text") -> list[dict[str, Any]]:
    """The languages of a text, each leading to the same page with the text in it; `query` is kept."""
    links = []
    for code in codes:
        parameters = QueryDict(query, mutable=True)
        parameters[name] = code
        parameters.pop("cursor", None)
        links.append(
            {
                "code": languages.html_lang(code),
                "name": languages.name(code, code),
                "url": f"?{parameters.urlencode()}",
                "current": code == current,
            }
        )
    return links
