from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from consultation.comments.models.late import LateAdmission
from consultation.kit import guards
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


class Comment(models.Model):
    """What an institution says on a principle or on the whole text; its words stand in revisions.

    `former` is the number that takes an erased author's place (DESIGN 6). `late` is what let it in after
    closing; `merged_into` the comment that says the same and stands for it in lists and counts.
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
    late = models.ForeignKey(LateAdmission, models.PROTECT, null=True, related_name="comments")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
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
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | ~Q(merged_into=F("id")) & Q(visibility="named", first_public__isnull=False),
                name="comment_merged_was_public",
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
                    ("published", "pending"),
                    ("rejected", "pending"),
                    ("published", "rejected"),
                    ("pending", "withdrawn"),
                    ("published", "withdrawn"),
                    ("returned", "withdrawn"),
                    ("rejected", "withdrawn"),
                    ("hidden", "withdrawn"),
                ],
            ),
            # A body, not a condition: only the decisions tell whether the last of them was undone.
            pgtrigger.Trigger(
                name="comment_goes_back_only_when_undone",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.state = 'pending' AND OLD.state IN ('published', 'rejected')"
                    " OR NEW.state = 'rejected' AND OLD.state = 'published'"
                ),
                func=(
                    "IF (SELECT undone_at FROM consultation_decision WHERE item_id = NEW.item_id"
                    " ORDER BY at DESC, id DESC LIMIT 1) IS NULL THEN"
                    " RAISE EXCEPTION 'comment_goes_back_only_when_undone';"
                    " END IF; RETURN NEW;"
                ),
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
            # As a body, not a condition: PostgreSQL reads a condition before the column is there.
            pgtrigger.Trigger(
                name="comment_late_from_the_start",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=(
                    "IF OLD.state <> 'draft' AND OLD.late_id IS DISTINCT FROM NEW.late_id THEN"
                    " RAISE EXCEPTION 'A comment that was sent can''t become late or in time.';"
                    " END IF; RETURN NEW;"
                ),
            ),
            guards.former_takes_the_place("comment", "author"),
            guards.only_cleared("comment", "author"),
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
