from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from consultation.comments.models.revisions import CommentRevision
from consultation.kit import guards
from consultation.moderation.models import Decision


class Correction(models.Model):
    """The words with which a moderator would publish a returned comment, if its author agrees to them."""

    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True, related_name="correction")
    revision = models.ForeignKey(CommentRevision, models.PROTECT, related_name="corrections")
    body = models.TextField(blank=True)
    proposed_text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, accepted=None)
                | Q(answered_at__isnull=False, accepted__isnull=False),
                name="correction_answered_one_way_or_the_other",
            ),
        ]
        triggers = [
            guards.never_deleted("correction"),
            pgtrigger.Protect(
                name="correction_only_answered_or_emptied",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.decision_id, OLD.revision_id) IS DISTINCT FROM"
                    " ROW(NEW.decision_id, NEW.revision_id)"
                    " OR ROW(OLD.body, OLD.proposed_text) IS DISTINCT FROM"
                    " ROW(NEW.body, NEW.proposed_text) AND (NEW.body <> '' OR NEW.proposed_text <> '')"
                    " OR OLD.answered_at IS NOT NULL AND ROW(OLD.answered_at, OLD.accepted)"
                    " IS DISTINCT FROM ROW(NEW.answered_at, NEW.accepted)"
                ),
            ),
        ]
