from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultation.record.steps import Facts
from consultation.texts.models.consultations import Consultation


def _never_emptied(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func=f"RAISE EXCEPTION '{name}';",
    )


class Principle(models.Model):
    """A numbered part of the text. The number is never given again; the order is apart."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="principles")
    number = models.PositiveIntegerField()
    order = models.PositiveIntegerField()
    headings = models.JSONField(default=dict, blank=True)
    current = models.OneToOneField("PrincipleVersion", models.PROTECT, null=True, related_name="current_of")
    withdrawn_at = models.DateTimeField(null=True)
    # Why, by language, for everybody.
    withdrawal_reasons = models.JSONField(default=dict, db_default={}, blank=True)

    class Meta:
        ordering = ["consultation", "order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="principle_number_once"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="principle_never_deleted_once_public",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__current__isnull=False),
            ),
            pgtrigger.Protect(
                name="principle_number_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("consultation", "number"),
            ),
            pgtrigger.Protect(
                name="principle_once_public_keeps_a_text",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__current__isnull=False, new__current__isnull=True),
            ),
            pgtrigger.Protect(
                name="principle_withdrawn_for_ever",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.withdrawn_at IS NOT NULL"
                    " AND ROW(OLD.withdrawn_at, OLD.withdrawal_reasons, OLD.current_id)"
                    " IS DISTINCT FROM ROW(NEW.withdrawn_at, NEW.withdrawal_reasons, NEW.current_id)"
                ),
            ),
            _never_emptied("principle_never_emptied"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def facts(self) -> Facts:
        return Facts("principle", str(self.number), consultation=self.consultation_id, principle=self.number)


class Change(models.TextChoices):
    EDITORIAL = "editorial", _("editorial")
    SUBSTANTIVE = "substantive", _("substantive")


class PrincipleVersion(models.Model):
    """The words of a principle at one time, fixed for ever once published; until then the one draft of it."""

    principle = models.ForeignKey(Principle, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=12, choices=Change, default=Change.SUBSTANTIVE)
    change_notes = models.JSONField(default=dict, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["principle", "number"]
        constraints = [
            models.UniqueConstraint(fields=["principle", "number"], name="principle_version_number_once"),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(text_hash=""),
                name="principle_version_published_has_its_hash",
            ),
            models.UniqueConstraint(
                fields=["principle"],
                condition=Q(published_at=None),
                name="principle_version_one_draft",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="principle_version_fixed_once_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            _never_emptied("principle_version_never_emptied"),
        ]


class Translation(models.Model):
    """A version's title and body in one language; the authoritative one is what is endorsed.

    A current version may gain a language that it lacks: what was endorsed stays as it was.
    """

    version = models.ForeignKey(PrincipleVersion, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    body = models.TextField()
    authoritative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="translation_once_a_language"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(authoritative=True), name="translation_one_authoritative"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="translation_fixed_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM consultation_principleversion
                               WHERE id = OLD.version_id AND published_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'translation_fixed_once_published';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="translation_added_to_the_current_version_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("version_id"),
                func="""
                    IF EXISTS (SELECT 1 FROM consultation_principleversion
                               WHERE id = NEW.version_id AND published_at IS NOT NULL)
                       AND (NEW.authoritative OR NOT EXISTS (
                            SELECT 1 FROM consultation_principle
                            WHERE current_id = NEW.version_id AND withdrawn_at IS NULL)) THEN
                        RAISE EXCEPTION 'translation_added_to_the_current_version_only';
                    END IF;
                    RETURN NEW;
                """,
            ),
            _never_emptied("translation_never_emptied"),
        ]
