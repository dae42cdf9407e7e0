"""Redlines as the eye sees them: without the words that stand in them for the ear."""

from __future__ import annotations

import re

from django.http import HttpResponse

_EAR = re.compile(r'<bdi class="unseen".*?</bdi>')


def seen(html: str | HttpResponse) -> str:
    """The HTML of a redline, or of a page that has one, with `<ins>` and `<del>` around bare words."""
    return _EAR.sub("", html if isinstance(html, str) else html.content.decode())
