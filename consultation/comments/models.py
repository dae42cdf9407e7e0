"""What institutions say: comments, their revisions, co-signatures."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, InstitutionVersion
from consultation.kit.ids import uuid7
from consultation.moderation.models import Item
from consultation.record.steps import Facts
from consultation.texts.models import Consultation, Principle, PrincipleVersion, Round


class CommentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waits for a moderator")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned for changes")
    REJECTED = "rejected", _("Not published")
    HIDDEN = "hidden", _("Hidden")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Kind(models.TextChoices):
    GENERAL = "general", _("General")
    TECHNICAL = "technical", _("Technical")
    EDITORIAL = "editorial", _("Editorial")


class Visibility(models.TextChoices):
    NAMED = "named", _("Public, with the institution's name")
    SECRETARIAT = "secretariat", _("For the secretariat only")


class Series(models.Model):
    """The counter of references: of one principle (`P3`), the whole text (`G`), the secretariat's (`S`)."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="+")
    name = models.CharField(max_length=12)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "name"], name="series_once")]


class Words(models.Model):
    """What somebody wrote on a text: shared by a draft and by its fixed revisions."""

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.GENERAL)
    body = models.TextField(blank=True)
    proposed_text = models.TextField(blank=True)
    passage = models.JSONField(null=True)
    language = models.CharField(max_length=20)

    class Meta:
        abstract = True


class Comment(models.Model):
    """What an institution says on a principle or on the whole text; its words stand in revisions.

    `former` is the number that takes an erased author's place (DESIGN 6).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    round = models.ForeignKey(Round, models.PROTECT, related_name="comments")
    principle = models.ForeignKey(Principle, models.PROTECT, null=True, related_name="comments")
    version = models.ForeignKey(PrincipleVersion, models.PROTECT, null=True, related_name="comments")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    former = models.PositiveIntegerField(null=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.NAMED)
    state = models.CharField(max_length=10, choices=CommentState, default=CommentState.DRAFT)
    # Null, not empty: drafts have none, and it is unique.
    reference = models.CharField(max_length=24, null=True)  # noqa: DJ001
    latest = models.ForeignKey("CommentRevision", models.PROTECT, null=True, related_name="+", db_index=False)
    shown = models.ForeignKey("CommentRevision", models.PROTECT, null=True, related_name="+", db_index=False)
    item = models.OneToOneField(Item, models.PROTECT, null=True, related_name="comment")
    made_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)
    public_since = models.DateTimeField(null=True)
    first_public = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "reference"], name="comment_reference_once"),
            models.CheckConstraint(
                condition=Q(public_since=None)
                | Q(
                    state="published",
                    visibility="named",
                    shown__isnull=False,
                    reference__isnull=False,
                    first_public__isnull=False,
                ),
                name="comment_public_is_published_and_named",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", reference=None, latest=None)
                | ~Q(state="draft")
                & Q(reference__isnull=False, latest__isnull=False, submitted_at__isnull=False),
                name="comment_sent_has_reference_and_words",
            ),
            models.CheckConstraint(
                condition=Q(principle=None, version=None) | Q(principle__isnull=False, version__isnull=False),
                name="comment_on_a_principle_names_its_version",
            ),
        ]
        indexes = [
            models.Index(
                fields=["consultation", "principle", "-public_since", "-id"],
                name="comment_public_of_principle",
                condition=Q(public_since__isnull=False),
            ),
            models.Index(
                fields=["consultation", "-public_since", "-id"],
                name="comment_public_newest_first",
                condition=Q(public_since__isnull=False),
            ),
            models.Index(fields=["institution", "state"], name="comment_of_institution"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="comment_states",
                field="state",
                transitions=[
                    ("draft", "pending"),
                    ("pending", "published"),
                    ("pending", "returned"),
                    ("pending", "rejected"),
                    ("returned", "pending"),
                    ("published", "hidden"),
                    ("hidden", "published"),
                    ("rejected", "published"),
                    ("pending", "withdrawn"),
                    ("published", "withdrawn"),
                    ("returned", "withdrawn"),
                    ("rejected", "withdrawn"),
                    ("hidden", "withdrawn"),
                ],
            ),
            pgtrigger.Protect(
                name="comment_born_a_draft",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state="draft"),
            ),
            pgtrigger.Protect(
                name="comment_only_drafts_are_deleted",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
            pgtrigger.Protect(
                name="comment_reference_for_ever",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__reference__isnull=False, old__reference__df=pgtrigger.F("new__reference")
                ),
            ),
            pgtrigger.Protect(
                name="comment_once_sent_stays_in_its_place",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND ROW(OLD.consultation_id, OLD.round_id, OLD.principle_id,"
                    " OLD.version_id, OLD.parent_id, OLD.visibility, OLD.made_at, OLD.submitted_at)"
                    " IS DISTINCT FROM ROW(NEW.consultation_id, NEW.round_id, NEW.principle_id,"
                    " NEW.version_id, NEW.parent_id, NEW.visibility, NEW.made_at, NEW.submitted_at)"
                ),
            ),
            pgtrigger.Protect(
                name="comment_former_takes_the_place_of_author",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.former IS DISTINCT FROM NEW.former"
                    " AND (OLD.author_id IS NULL OR NEW.author_id IS NOT NULL)"
                ),
            ),
            pgtrigger.Protect(
                name="comment_author_only_cleared",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__author__isnull=False, old__author__df=pgtrigger.F("new__author")),
            ),
            pgtrigger.Protect(
                name="comment_first_public_for_ever",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__first_public__isnull=False, old__first_public__df=pgtrigger.F("new__first_public")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or str(self.pk)

    def facts(self) -> Facts:
        return Facts(
            "comment",
            str(self.pk),
            consultation=self.consultation_id,
            institution=self.institution_id,
            principle=self.principle.number if self.principle else None,
            revision=self.latest.number if self.latest else None,
        )


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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="revision_number_once")]
        triggers = [
            pgtrigger.Protect(name="revision_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="revision_words_change_only_by_redaction",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.body, OLD.proposed_text, OLD.passage) IS DISTINCT FROM"
                    " ROW(NEW.body, NEW.proposed_text, NEW.passage)"
                    " AND (NEW.redacted_at IS NULL OR OLD.redacted_at IS NOT DISTINCT FROM NEW.redacted_at)"
                ),
            ),
            pgtrigger.Protect(
                name="revision_facts_never_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "comment", "number", "words_hash", "sent_as", "at", "kind", "language"
                ),
            ),
            pgtrigger.Protect(
                name="revision_former_takes_the_place_of_author",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.former IS DISTINCT FROM NEW.former"
                    " AND (OLD.author_id IS NULL OR NEW.author_id IS NOT NULL)"
                ),
            ),
            pgtrigger.Protect(
                name="revision_author_only_cleared",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__author__isnull=False, old__author__df=pgtrigger.F("new__author")),
            ),
        ]


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


class Stance(models.TextChoices):
    AGREE = "agree", _("co-signs")
    DISAGREE = "disagree", _("disagrees")


class Cosignature(models.Model):
    """Another institution agrees or disagrees with a comment; each act is a row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="cosignatures")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    stance = models.CharField(max_length=8, choices=Stance)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    former = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "institution"], condition=Q(ended_at=None), name="cosignature_one_in_force"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="cosignature_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="cosignature_only_ends",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("comment", "institution", "stance", "at"),
            ),
            pgtrigger.Protect(
                name="cosignature_former_takes_the_place_of_person",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.former IS DISTINCT FROM NEW.former"
                    " AND (OLD.person_id IS NULL OR NEW.person_id IS NOT NULL)"
                ),
            ),
            pgtrigger.Protect(
                name="cosignature_person_only_cleared",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__person__isnull=False, old__person__df=pgtrigger.F("new__person")),
            ),
            pgtrigger.Protect(
                name="cosignature_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__ended_at__isnull=False, old__ended_at__df=pgtrigger.F("new__ended_at")
                ),
            ),
        ]

    def facts(self) -> Facts:
        return Facts(
            "cosignature",
            str(self.pk),
            consultation=self.comment.consultation_id,
            institution=self.institution_id,
            principle=self.comment.principle.number if self.comment.principle else None,
        )
