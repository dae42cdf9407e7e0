"""The digest as one web page that stands alone: nothing is loaded, nothing runs."""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from consultation.digests.composing import Issue, compose
from consultation.digests.content import Content


def make(content: Content, issue: Issue) -> bytes:
    """Return the page, in UTF-8. Its Content-Security-Policy allows its one style sheet and nothing else."""
    style = style_sheet()
    context = {
        "document": compose(content, issue),
        "site": settings.SITE_NAME,
        "policy": content_security_policy(),
        "style": mark_safe(style),
    }
    with translation.override(issue.language):
        return render_to_string("digests/digest.html", context).encode()


def style_sheet() -> str:
    """The style sheet that every page carries, as it stands between its tags."""
    return render_to_string("digests/digest.css")


def content_security_policy() -> str:
    """The policy under which the page shows as it should; who serves it inline sends the same one."""
    digest = base64.b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
