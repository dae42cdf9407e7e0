"""The site's own pages as an administrator edits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from consultation.kit import languages
from consultation.site import queries as site
from consultation.site.models import Key, SitePageVersion
from consultation.site.wording import MARKS


def overview() -> list[dict[str, Any]]:
    """Every page with what is published of it in each language: one query."""
    published = {(each.page.key, each.language): each for each in site.newest()}
    return [
        {
            "name": key.label,
            "url": reverse(f"pages:{key.value}"),
            "editions": [
                {
                    "name": name,
                    "lang": languages.html_lang(code),
                    "version": published.get((key.value, code)),
                    "url": f"{reverse('office:site_page', args=[key.value])}?language={code}",
                }
                for code, name in settings.LANGUAGES
            ],
        }
        for key in Key
    ]


@dataclass(frozen=True)
class Edition:
    """One page in one language, all its versions, and the one from which the form starts."""

    key: Key
    language: str
    versions: Sequence[SitePageVersion]
    start: SitePageVersion | None

    @property
    def newest(self) -> int:
        return self.versions[0].number if self.versions else 0

    @property
    def name(self) -> str:
        return dict(settings.LANGUAGES)[self.language]

    @property
    def lang(self) -> str:
        return languages.html_lang(self.language)

    @property
    def dir(self) -> str:
        return languages.direction(self.language)

    @property
    def mark(self) -> str:
        """What has to stand in the text, where the software says something of its own."""
        return MARKS.get(self.key, "")

    @property
    def languages(self) -> list[dict[str, Any]]:
        """The languages of the site, each with where it is edited."""
        return [
            {
                "name": name,
                "lang": languages.html_lang(code),
                "url": f"{reverse('office:site_page', args=[self.key.value])}?language={code}",
                "current": code == self.language,
            }
            for code, name in settings.LANGUAGES
        ]

    def initial(self) -> dict[str, Any]:
        """What a fresh form holds."""
        words = {"title": self.start.title, "body": self.start.body} if self.start else {}
        return {**words, "after": self.newest}


def edition(key: str, language: str, version: str) -> Edition | None:
    """A page in one language, from its newest version or the one with this number; None for unknown ones."""
    if key not in Key.values or language not in dict(settings.LANGUAGES):
        return None
    versions = list(site.versions(key, language))
    asked = next((each for each in versions if str(each.number) == version), None)
    if version and asked is None:
        return None
    return Edition(Key(key), language, versions, asked or (versions[0] if versions else None))
