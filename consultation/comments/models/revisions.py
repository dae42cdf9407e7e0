from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from accounts.models import InstitutionVersion
from consultation.comments.models.comments import Comment
from consultation.comments.models.words import Words
from consultation.kit import guards


class CommentDraft(Words):
    """Words not sent yet, shared within the institution; `edition` tells two colleagues apart."""

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="draft")
    edition = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()


class CommentRevision(Words):
    """The words as sent, numbered. Only redaction changes them, and never the hash."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    words_hash = models.CharField(max_length=64)
    # Under which name it was sent: what an institution is called later changes nothing here.
    sent_as = models.ForeignKey(InstitutionVersion, models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    former = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True)
    # The number of the policy's clause on which words were redacted last.
    redacted_under = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="revision_number_once")]
        triggers = [
            guards.never_deleted("revision"),
            pgtrigger.Protect(
                name="revision_words_change_only_by_redaction",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.body, OLD.proposed_text, OLD.passage, OLD.translation) IS DISTINCT FROM"
                    " ROW(NEW.body, NEW.proposed_text, NEW.passage, NEW.translation)"
                    " AND (NEW.redacted_at IS NULL OR OLD.redacted_at IS NOT DISTINCT FROM NEW.redacted_at)"
                ),
            ),
            pgtrigger.Protect(
                name="revision_facts_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "comment",
                    "number",
                    "words_hash",
                    "sent_as",
                    "at",
                    "kind",
                    "language",
                    "language_detected",
                ),
            ),
            guards.former_takes_the_place("revision", "author"),
            guards.only_cleared("revision", "author"),
        ]
