from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from consultation.comments.models.comments import Comment
from consultation.texts.models import Consultation, Principle, PrincipleVersion


class CommentText(models.Model):
    """What search reads: the vector of the revision that the public sees."""

    comment = models.OneToOneField(Comment, models.CASCADE, primary_key=True, related_name="text")
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="comment_text_by_words")]


class CommentCount(models.Model):
    """How many public comments a principle (or the whole text) has, by the version they were made on."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+")
    principle = models.ForeignKey(Principle, models.CASCADE, null=True, related_name="comment_counts")
    version = models.ForeignKey(PrincipleVersion, models.CASCADE, null=True, related_name="+")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "principle", "version"],
                name="comment_count_once",
                nulls_distinct=False,
            ),
        ]
