from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consultation.kit.languages import choose
from consultation.record.steps import Facts


class Policy(models.TextChoices):
    PRE = "pre", _("everything waits for a moderator")
    TRUSTED = "trusted", _("institutions with approved contributions publish at once")
    POST = "post", _("published at once, reviewed after")


class ConsultationState(models.TextChoices):
    UPCOMING = "upcoming", _("Not open yet")
    OPEN = "open", _("Open")
    BETWEEN_ROUNDS = "between_rounds", _("Between two rounds")
    CLOSED = "closed", _("Closed")


class Consultation(models.Model):
    """One published text on which institutions are consulted. Words by language are `{language: text}`."""

    slug = models.SlugField(max_length=80, unique=True)
    titles = models.JSONField()
    leads = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    preambles = models.JSONField(default=dict)
    initiators = models.JSONField(default=dict)
    secretariats = models.JSONField(default=dict)
    source = models.CharField(max_length=500, blank=True)
    issued_on = models.DateField(null=True)
    authoritative = models.CharField(max_length=20)
    languages = ArrayField(models.CharField(max_length=20))
    zone = models.CharField(max_length=60, default="UTC")
    policy = models.CharField(max_length=8, choices=Policy, default=Policy.PRE)
    licence = models.CharField(max_length=100, default="CC BY 4.0")
    target_hours = models.PositiveIntegerField(default=72)
    # From so many approved contributions on, an institution publishes at once under the policy `trusted`.
    trusted_after = models.PositiveSmallIntegerField(default=3, db_default=3)
    # So many readers' flags hide a text for review, whatever the policy.
    flags_to_hide = models.PositiveSmallIntegerField(default=3, db_default=3)
    # Whether institutions may write for the secretariat alone.
    private_comments = models.BooleanField(default=True, db_default=True)
    demonstration = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(languages__len__gte=1), name="consultation_has_a_language"),
            models.CheckConstraint(
                condition=Q(trusted_after__gte=1, flags_to_hide__gte=1),
                name="consultation_trusts_and_hides_after_one_at_least",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="consultation_fixed_once_published",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & (
                    pgtrigger.Q(old__published_at__df=pgtrigger.F("new__published_at"))
                    | pgtrigger.Q(old__slug__df=pgtrigger.F("new__slug"))
                    | pgtrigger.Q(old__authoritative__df=pgtrigger.F("new__authoritative"))
                    | pgtrigger.Q(old__zone__df=pgtrigger.F("new__zone"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def facts(self) -> Facts:
        return Facts("consultation", self.slug, consultation=self.pk)

    def title(self, language: str) -> str:
        """The title in `language`, else in the authoritative one."""
        return self.in_language(self.titles, language)

    def in_language(self, words: dict[str, str], language: str) -> str:
        """One of a dictionary of texts by language; empty when there is none."""
        chosen = choose(list(words), language, self.authoritative)
        return words.get(chosen, "") if chosen else ""


class PolicyClause(models.Model):
    """A numbered clause of the published moderation policy, named by each decision."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="clauses")
    number = models.CharField(max_length=10)
    titles = models.JSONField()
    texts = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="clause_number_once_in_its_policy"
            ),
        ]
        ordering = ["consultation", "id"]
        triggers = [
            # Decisions name clauses: once public, words in further languages come to them, and no others.
            pgtrigger.Trigger(
                name="clause_fixed_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM consultation_consultation
                               WHERE id = OLD.consultation_id AND published_at IS NOT NULL)
                       AND (TG_OP = 'DELETE' OR NEW.consultation_id <> OLD.consultation_id
                            OR NEW.number <> OLD.number OR OLD.withdrawn_at IS NOT NULL
                            OR NOT NEW.titles @> OLD.titles OR NOT NEW.texts @> OLD.texts) THEN
                        RAISE EXCEPTION 'clause_fixed_once_published';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def facts(self) -> Facts:
        return Facts("clause", self.number, consultation=self.consultation_id)


class ConsultationChange(models.Model):
    """What the secretariat changed about a public consultation, at once: each fact before and after."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="consultation_change_number_once"
            ),
        ]
        ordering = ["consultation", "number"]
        triggers = [
            pgtrigger.Protect(
                name="consultation_change_never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]
