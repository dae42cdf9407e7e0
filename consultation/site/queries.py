"""Reads of the site's own pages, and of who accepted which terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F, Max, Q, QuerySet

from consultation.site.models import Key, SitePageVersion, TermsAcceptance


@dataclass(frozen=True)
class Current:
    """What a page says now to one reader, and since when the site's own language (English) says more."""

    version: SitePageVersion
    newer_in_english: datetime | None


def current(key: str, language: str) -> Current | None:
    """What the page says now in `language`, else in the site's own language (English): one query."""
    wanted = {language, settings.LANGUAGE_CODE}
    found = {each.language: each for each in newest().filter(page__key=key, language__in=wanted)}
    english = found.get(settings.LANGUAGE_CODE)
    version = found.get(language, english)
    if version is None:
        return None
    newer = english is not None and english.published_at > version.published_at
    return Current(version, english.published_at if english and newer else None)


def newest() -> QuerySet[SitePageVersion]:
    """The newest version of every page in every language, with its page."""
    rows = SitePageVersion.objects.order_by("page", "language", "-number").distinct("page", "language")
    return rows.select_related("page")


def versions(key: str, language: str) -> QuerySet[SitePageVersion]:
    """All versions of a page in one language, the newest first, with who published them."""
    rows = SitePageVersion.objects.filter(page__key=key, language=language)
    return rows.select_related("by", "page").order_by("-number")


def current_terms(language: str) -> SitePageVersion | None:
    """The terms as somebody who reads `language` is asked to accept them."""
    found = current(Key.TERMS, language)
    return found.version if found else None


def is_current_terms(version: int) -> bool:
    """Whether the version with this key is what the terms say now, in whichever language."""
    return newest_of(SitePageVersion.objects.filter(pk=version, page__key=Key.TERMS)).exists()


def newest_of(rows: QuerySet[SitePageVersion]) -> QuerySet[SitePageVersion]:
    """Those of `rows` after which nothing was published in their language."""
    last = Max("page__versions__number", filter=Q(page__versions__language=F("language")))
    return rows.annotate(last=last).filter(number=F("last"))


def has_accepted(person: AbstractBaseUser) -> bool:
    """Whether the person accepted what the terms say now, in the language in which they read them."""
    accepted = TermsAcceptance.objects.filter(person=person.pk).values("version")
    return newest_of(SitePageVersion.objects.filter(pk__in=accepted)).exists()
