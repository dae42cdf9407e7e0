from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from consultation.record.steps import Facts
from consultation.texts.models.consultations import Consultation


class Act(models.TextChoices):
    COMMENT = "comment", _("comment")
    DISCUSS = "discuss", _("discuss")
    ENDORSE = "endorse", _("endorse")


def _no_two_rounds_open(act: str) -> ExclusionConstraint:
    # A range of one key stands for equality: btree_gist is not among the core extensions.
    same = Func(F("consultation_id"), F("consultation_id"), Value("[]"), function="int8range")
    span = Func(F("opens_at"), F("closes_at"), function="tstzrange")
    return ExclusionConstraint(
        name=f"round_alone_opens_{act}",
        expressions=[(same, "&&"), (span, "&&")],
        condition=Q(**{f"opens_{act}": True}),
    )


def _fixed_once_opened() -> pgtrigger.Trigger:
    # A minute's grace: what was asked before the opening may be written after it.
    return pgtrigger.Trigger(
        name="round_fixed_once_opened",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF OLD.opens_at > now() - interval '1 minute' OR NOT EXISTS (
                SELECT 1 FROM consultation_consultation
                WHERE id = OLD.consultation_id AND published_at IS NOT NULL
            ) THEN
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            END IF;
            IF TG_OP = 'DELETE'
                OR ROW(NEW.consultation_id, NEW.number, NEW.opens_at,
                       NEW.opens_comment, NEW.opens_discuss, NEW.opens_endorse)
                   IS DISTINCT FROM
                   ROW(OLD.consultation_id, OLD.number, OLD.opens_at,
                       OLD.opens_comment, OLD.opens_discuss, OLD.opens_endorse)
                OR NEW.closes_at IS DISTINCT FROM OLD.closes_at AND NOT EXISTS (
                    SELECT 1 FROM consultation_roundextension
                    WHERE round_id = OLD.id AND closed_at = OLD.closes_at AND closes_at = NEW.closes_at
                )
            THEN
                RAISE EXCEPTION 'round_fixed_once_opened';
            END IF;
            RETURN NEW;
        """,
    )


class Round(models.Model):
    """A span of time and the acts it opens, by the clock alone. `closes_at` may be open for endorsing."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    purposes = models.JSONField(default=dict)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    opens_comment = models.BooleanField(default=False)
    opens_discuss = models.BooleanField(default=False)
    opens_endorse = models.BooleanField(default=False)
    # By which calendars know a newer telling of the same round (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="round_number_once_in_its_consultation"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="round_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=False) | Q(opens_comment=False, opens_discuss=False),
                name="round_without_end_opens_endorsing_only",
            ),
            _no_two_rounds_open("comment"),
            _no_two_rounds_open("discuss"),
            _no_two_rounds_open("endorse"),
        ]
        triggers = [_fixed_once_opened()]

    def runs(self, *, at: datetime) -> bool:
        """Whether the round is running: from its first instant until just before its closing time."""
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)

    def opens(self, act: Act, *, at: datetime) -> bool:
        """Whether `act` may be done at `at`."""
        return bool(getattr(self, f"opens_{act.value}")) and self.runs(at=at)

    @property
    def acts(self) -> list[Act]:
        """The acts it opens, in their usual order."""
        return [act for act in Act if getattr(self, f"opens_{act.value}")]

    def facts(self) -> Facts:
        return Facts("round", str(self.number), consultation=self.consultation_id)


class RoundExtension(models.Model):
    """A round was made to close later, and why: a public fact, never changed."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="extensions")
    closed_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reasons = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["round", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("closed_at")), name="extension_closes_later"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="round_extension_never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def facts(self) -> Facts:
        return Facts("extension", str(self.pk), consultation=self.round.consultation_id)
