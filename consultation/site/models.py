"""The site's own pages: their words in numbered versions, and who accepted which terms."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.kit import guards
from consultation.record.steps import Facts


class Key(models.TextChoices):
    """The pages that every site has, by the last part of their address."""

    ABOUT = "about", _("About this site")
    PRIVACY = "privacy", _("Privacy")
    TERMS = "terms", _("Terms")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    CONTACT = "contact", _("Contact")


class SitePage(models.Model):
    """One of the site's own pages; what it says stands in its versions."""

    key = models.CharField(max_length=20, choices=Key, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(key__in=Key.values), name="site_page_is_known"),
        ]

    def __str__(self) -> str:
        return self.key


class SitePageVersion(models.Model):
    """What a page says in one language from `published_at` on, until the next number; fixed for ever."""

    page = models.ForeignKey(SitePage, models.PROTECT, related_name="versions")
    language = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    published_at = models.DateTimeField(db_default=Now())
    # Nobody, where it came with the software.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language", "number"], name="site_page_version_number_once"
            ),
        ]
        triggers = guards.append_only("site_page_version", "by")

    def facts(self) -> Facts:
        return Facts("page", f"{self.page.key}.{self.language}", revision=self.number)


class TermsAcceptance(models.Model):
    """A person accepted these very words of the terms; goes with the person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="terms_accepted")
    version = models.ForeignKey(SitePageVersion, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "version"], name="terms_accepted_once_a_version"),
        ]
        triggers = [
            pgtrigger.Protect(name="terms_acceptance_never_changed", operation=pgtrigger.Update),
        ]
