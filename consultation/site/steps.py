"""Writes about the site's own pages and terms, for verbs and for sign-up."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from consultation.kit.refusal import NotFound, Refusal
from consultation.site import first_texts, queries
from consultation.site.models import SitePage, SitePageVersion, TermsAcceptance


def load_first_texts() -> None:
    """Every page says something in every language; where somebody published something, nothing changes."""
    texts = list(first_texts.shipped())
    keys = dict.fromkeys(text.key for text in texts)
    SitePage.objects.bulk_create([SitePage(key=key) for key in keys], ignore_conflicts=True)
    pages = {page.key: page for page in SitePage.objects.all()}
    SitePageVersion.objects.bulk_create(
        [
            SitePageVersion(
                page=pages[text.key], language=text.language, number=1, title=text.title, body=text.body
            )
            for text in texts
        ],
        ignore_conflicts=True,
    )


def publish(
    actor: AbstractBaseUser, *, key: str, language: str, title: str, body: str, after: int, at: datetime
) -> SitePageVersion:
    """The page says this from `at` on; `after` is the number of the version that it replaces, 0 for none.

    Raises Refusal `not-found`, `edited-meanwhile` (another version was published after that one).
    """
    page = SitePage.objects.select_for_update(no_key=True).filter(key=key).first()
    if page is None:
        raise NotFound
    newest = queries.versions(key, language).values_list("number", flat=True).first() or 0
    if newest != after:
        raise Refusal(
            "edited-meanwhile", _("Somebody published another version of this page meanwhile. Read it first.")
        )
    return SitePageVersion.objects.create(
        page=page,
        language=language,
        number=newest + 1,
        title=title,
        body=body,
        published_at=at,
        by_id=actor.pk,
    )


def accept_terms(person: AbstractBaseUser, *, version_id: int, at: datetime) -> None:
    """The person has accepted this version of the terms; again it changes nothing."""
    acceptance = TermsAcceptance(person_id=person.pk, version_id=version_id, at=at)
    TermsAcceptance.objects.bulk_create([acceptance], ignore_conflicts=True)
