"""Who reads what: the languages that moderators state, and a reader's opinion on one case."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from consultation.kit import guards
from consultation.kit.ids import uuid7
from consultation.moderation.models.cases import Case
from consultation.record.steps import Facts


class LanguageRead(models.Model):
    """A person says that they read a language well enough to judge a text in it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="languages_read")
    language = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "language"], name="language_read_once_a_person"),
        ]


class Opinion(models.Model):
    """Somebody without a role is asked to read one case, and answers once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    question = models.CharField(max_length=5000, blank=True)
    asked_at = models.DateTimeField()
    words = models.CharField(max_length=5000, blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="opinion_asked_once_a_person"),
            models.CheckConstraint(
                condition=Q(given_at=None, words="") | (Q(given_at__isnull=False) & ~Q(words="")),
                name="opinion_given_with_words",
            ),
        ]
        triggers = [
            guards.never_deleted("opinion"),
            pgtrigger.Protect(
                name="opinion_question_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("case", "question", "asked_at"),
            ),
            pgtrigger.Protect(
                name="opinion_given_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__given_at__isnull=False)
                & (
                    pgtrigger.Q(old__given_at__df=pgtrigger.F("new__given_at"))
                    | pgtrigger.Q(old__words__df=pgtrigger.F("new__words"))
                ),
            ),
            guards.only_cleared("opinion", "person"),
        ]

    def facts(self) -> Facts:
        return Facts(
            "opinion",
            str(self.pk),
            consultation=self.case.consultation_id,
            institution=self.case.item.institution_id,
            revision=self.case.revision,
        )
