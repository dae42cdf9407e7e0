"""The site's own pages as readers see them: what an administrator wrote, and what the site itself knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from consultation.kit import languages, markdown
from consultation.site import queries as site
from consultation.site.models import Key, SitePageVersion
from consultation.site.wording import MARKS


@dataclass(frozen=True)
class Page:
    """One page: its words, in which language they are, and what there is to say about that."""

    key: str
    version: SitePageVersion
    html: SafeString
    # The page is not there in the reader's language.
    in_english_only: bool
    # The English words changed after these, which were not translated anew yet.
    newer_in_english: datetime | None

    @property
    def lang(self) -> str:
        return languages.html_lang(self.version.language)

    @property
    def dir(self) -> str:
        return languages.direction(self.version.language)


def page(key: str, language: str) -> Page | None:
    """The page for a reader of `language`: one query."""
    found = site.current(key, language)
    if found is None:
        return None
    version = found.version
    html = html_of(key, version.language, version.body)
    return Page(key, version, html, version.language != language, found.newer_in_english)


def html_of(key: str, language: str, body: str) -> SafeString:
    """A page's body as HTML, with what the site itself says, in that language, in the place of its mark."""
    if key == Key.CONTACT:
        body = body.replace(MARKS[Key.CONTACT], f"<{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>")
    html = markdown.render_page(body)
    if key == Key.PRIVACY:
        with translation.override(language):
            kept = render_to_string("pages/site/_kept.html")
        html = mark_safe(html.replace(f"<p>{MARKS[Key.PRIVACY]}</p>", kept))
    return html


def has_terms_to_accept(person: User | None) -> bool:
    """Whether the terms changed since this person accepted them, or were never shown to them."""
    return person is not None and not person.demonstration and not site.has_accepted(person)
