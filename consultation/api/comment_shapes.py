"""What comments look like to programs, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import InstitutionType, Power
from consultation.api import fields
from consultation.api.institutions import BriefShape
from consultation.comments import correcting, passages
from consultation.comments.models import (
    Comment,
    CommentRevision,
    CommentState,
    Correction,
    Kind,
    LateAdmission,
    Stance,
    Visibility,
    Words,
)
from consultation.kit import markdown
from consultation.kit.refinding import Fate
from consultation.kit.refusal import Refusal
from consultation.moderation import rules as moderation
from consultation.moderation.handlers import handler_of
from consultation.moderation.models import Action, Case

MOST_AT_ONCE = 500
NO_STANCE = "none"
WORDS = ("kind", "body", "proposed_text", "passage", "language", "translation")
NOT_SENT = Refusal("not-sent", _("It was not sent the first time. Ask again under another key."))

# What an author's powers make of them, the strongest first.
ROLES = ((Power.SIGN, "signatory"), (Power.MANAGE, "manager"), (Power.CONTRIBUTE, "contributor"))
FORMER = "former_representative"


@dataclass(frozen=True)
class Reading:
    """A comment with the words that a reader gets; `revision` is None while they are not sent."""

    comment: Comment
    words: Words
    revision: int | None
    case: Case | None = None
    now: passages.Now | None = None

    @property
    def passage(self) -> dict[str, Any] | None:
        """The passage as it was named; where the text is another by now, with what became of it."""
        named = self.words.passage
        if not named or self.now is None:
            return named
        return {
            **named,
            "now": {"version": self.now.version, "state": self.now.fate, **(self.now.selector or {})},
        }


def reading(comment: Comment) -> Reading:
    """The comment as others than its institution read it: what is or was public, else what was sent last."""
    revision = comment.shown if comment.public_since else comment.latest
    assert revision is not None
    return Reading(comment, revision, revision.number)


def with_passages(readings: Sequence[Reading]) -> list[Reading]:
    """The same, knowing what became of the passages that they are about: one query at most."""
    now = passages.now([(each.comment, each.words) for each in readings])
    return [replace(each, now=now.get(each.comment.pk)) for each in readings]


def own_reading(comment: Comment, case: Case | None) -> Reading:
    """The comment as its own institution reads it: what is not sent yet, else what was sent last."""
    draft = getattr(comment, "draft", None)
    if draft is not None:
        return Reading(comment, draft, None, case)
    assert comment.latest is not None
    return Reading(comment, comment.latest, comment.latest.number, case)


class PassageShape(serializers.Serializer[Any]):
    """A passage of the text by its words (W3C TextQuoteSelector)."""

    exact = fields.Words()
    prefix = fields.Words(required=False, allow_blank=True)
    suffix = fields.Words(required=False, allow_blank=True)


class PassageNowShape(serializers.Serializer[Any]):
    """Where the words stand in the current version; named as a passage, unless they are gone."""

    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[fate.value for fate in Fate])
    exact = fields.Words(required=False)
    prefix = fields.Words(required=False, allow_blank=True)
    suffix = fields.Words(required=False, allow_blank=True)


class ShownPassageShape(PassageShape):
    """A passage as it was named in the version commented on; `now` is there once the text is another."""

    now = PassageNowShape(required=False)


class TranslationShape(serializers.Serializer[Any]):
    """The author's own courtesy translation."""

    language = fields.Language()
    body = fields.Words(help_text="Markdown, at most 20,000 code points.")
    proposed_text = fields.Words(required=False, allow_blank=True)


class CosignsShape(serializers.Serializer[Comment]):
    agree = serializers.IntegerField(source="agreed")
    countries = serializers.IntegerField(source="agreed_countries", help_text="Of those that agree.")
    disagree = serializers.IntegerField(source="disagreed")


class LateShape(serializers.Serializer[LateAdmission]):
    """The round after whose closing the secretariat admitted the comment, and why."""

    round = serializers.IntegerField(source="round.number")
    reason = serializers.CharField()


class CommentShape(serializers.Serializer[Reading]):
    id = serializers.UUIDField(source="comment.id")
    reference = serializers.CharField(source="comment.reference", allow_null=True)
    principle = serializers.IntegerField(
        source="comment.principle.number", allow_null=True, help_text="null for the text as a whole."
    )
    version = serializers.IntegerField(source="comment.version.number", allow_null=True)
    kind = serializers.ChoiceField(source="words.kind", choices=Kind.choices)
    state = serializers.ChoiceField(source="comment.state", choices=CommentState.choices)
    visibility = serializers.ChoiceField(source="comment.visibility", choices=Visibility.choices)
    institution = BriefShape(source="comment.institution")
    author_role = serializers.SerializerMethodField()
    body = serializers.CharField(source="words.body", help_text="Markdown.")
    body_html = serializers.SerializerMethodField()
    proposed_text = serializers.CharField(source="words.proposed_text")
    passage = ShownPassageShape(allow_null=True)
    language = serializers.CharField(source="words.language")
    language_detected = serializers.BooleanField(
        source="words.language_detected", help_text="Whether a program read it from the words."
    )
    translation = TranslationShape(source="words.translation", allow_null=True)
    revision = serializers.IntegerField(allow_null=True, help_text="null while these words are not sent.")
    parent = serializers.CharField(  # type: ignore[assignment]
        source="comment.parent.reference", allow_null=True
    )
    replies_count = serializers.IntegerField(source="comment.replies_count")
    cosigns = CosignsShape(source="comment")
    redacted_at = fields.Moment(
        source="words.redacted_at", allow_null=True, help_text="When words of it were redacted last."
    )
    redacted_under = serializers.CharField(
        source="words.redacted_under", default="", help_text="The clause of the policy on which."
    )
    late = LateShape(source="comment.late", allow_null=True, help_text="null for what came in time.")
    merged_into = serializers.CharField(
        source="comment.merged_into.reference",
        allow_null=True,
        help_text="The reference of the comment that stands for this one in lists and counts.",
    )
    stands_for = serializers.IntegerField(
        source="comment.stands_for", help_text="How many comments are merged into this one."
    )
    disposition = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()
    submitted_at = fields.Moment(source="comment.submitted_at", allow_null=True)
    published_at = fields.Moment(source="comment.first_public", allow_null=True)
    edited_at = fields.Moment(source="comment.edited_at", allow_null=True)
    url = serializers.SerializerMethodField(help_text="The page of the comment; null before it is sent.")

    @extend_schema_field({"type": "string", "enum": [*(name for _power, name in ROLES), FORMER]})
    def get_author_role(self, shown: Reading) -> str:
        powers = shown.comment.author_powers or []  # type: ignore[attr-defined]
        return next((name for power, name in ROLES if power in powers), FORMER)

    def get_body_html(self, shown: Reading) -> str:
        return str(markdown.render(shown.words.body))

    @extend_schema_field({"type": "null"})
    def get_disposition(self, shown: Reading) -> None:
        return None

    @extend_schema_field({"type": "array", "items": {}, "maxItems": 0})
    def get_attachments(self, shown: Reading) -> list[Any]:
        return []

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_url(self, shown: Reading) -> str | None:
        comment = shown.comment
        if comment.reference is None:
            return None
        return f"{settings.SITE_URL}/consultations/{comment.consultation.slug}/comments/{comment.reference}/"


class CaseBriefShape(serializers.Serializer[Case]):
    """The newest case about the comment; what was decided is null while it is open."""

    id = serializers.UUIDField()
    action = serializers.ChoiceField(source="decision.action", choices=Action.choices, allow_null=True)
    clause = serializers.CharField(source="decision.clause.number", allow_null=True)
    message = serializers.CharField(source="decision.message", allow_null=True)
    decided_at = fields.Moment(source="decision.at", allow_null=True)


class AppealShape(serializers.Serializer[Any]):
    """Until when what was decided last can be appealed against, at the address of its case."""

    possible_until = fields.Moment()


class CorrectionShape(serializers.Serializer[Correction]):
    """The words with which a moderator would publish the newest revision."""

    body = serializers.CharField()
    proposed_text = serializers.CharField()


class AnswerShape(serializers.Serializer[Any]):
    accept = fields.YesOrNo()


class OwnCommentShape(CommentShape):
    """The last four members are for the comment's own institution alone."""

    latest_revision = serializers.IntegerField(
        source="comment.latest.number", allow_null=True, help_text="The newest that was sent."
    )
    case = CaseBriefShape(allow_null=True)
    appeal = serializers.SerializerMethodField()
    correction = serializers.SerializerMethodField()

    @extend_schema_field(AppealShape(allow_null=True))
    def get_appeal(self, shown: Reading) -> Any:
        decision = shown.case.decision if shown.case else None
        item = shown.comment.item
        if decision is None or item is None or not handler_of(item).may_appeal(item, decision):
            return None
        return AppealShape({"possible_until": moderation.appeal_until(decision)}).data

    @extend_schema_field(CorrectionShape(allow_null=True))
    def get_correction(self, shown: Reading) -> Any:
        decision = shown.case.decision if shown.case else None
        if decision is None or decision.action != Action.RETURN:
            return None
        waiting = correcting.waiting(shown.comment)
        return CorrectionShape(waiting).data if waiting else None


class RevisionShape(serializers.Serializer[CommentRevision]):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    body = serializers.CharField(help_text="Markdown.")
    body_html = serializers.SerializerMethodField()
    proposed_text = serializers.CharField()
    passage = PassageShape(allow_null=True)
    language = serializers.CharField()
    translation = TranslationShape(allow_null=True)
    words_hash = serializers.CharField(
        help_text="SHA-256 of the RFC 8785 form of an object with the comment's `reference`, `revision` "
        "(this number), and `kind`, `body`, `proposed_text`, `passage`, `language` as they stand here; "
        "`translation` only where it is not null."
    )
    at = fields.Moment()
    redacted_at = fields.Moment(allow_null=True)
    redacted_under = serializers.CharField(help_text="The clause of the policy; empty where nothing was.")

    def get_body_html(self, revision: CommentRevision) -> str:
        return str(markdown.render(revision.body))


class NewCommentShape(serializers.Serializer[Any]):
    institution = serializers.SlugField(help_text="For whom this is said.")
    principle = fields.Number(allow_null=True, help_text="Its number; null for the text as a whole.")
    kind = serializers.ChoiceField(choices=Kind.choices)
    body = fields.Words(allow_blank=True, help_text="Markdown, at most 20,000 code points.")
    proposed_text = fields.Words(required=False, allow_blank=True, help_text="At most 20,000 code points.")
    passage = PassageShape(required=False, allow_null=True)
    language = fields.Language(required=False, help_text="Of the body; the caller's own unless given.")
    translation = TranslationShape(required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.NAMED)
    parent = fields.Words(  # type: ignore[assignment]
        required=False, allow_null=True, help_text="The reference of the comment answered."
    )
    draft = fields.YesOrNo(default=False, help_text="Keep it unsent, within the institution.")


class ChangesShape(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    body = fields.Words(required=False, allow_blank=True)
    proposed_text = fields.Words(required=False, allow_blank=True)
    passage = PassageShape(required=False, allow_null=True)
    language = fields.Language(required=False)
    translation = TranslationShape(required=False, allow_null=True)
    institution = fields.Fixed()
    principle = fields.Fixed()
    parent = fields.Fixed()  # type: ignore[assignment]
    visibility = fields.Fixed()


def words_in(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Wording` among what was given."""
    return {name: given[name] for name in WORDS if name in given}


class CosignShape(serializers.Serializer[Any]):
    institution = serializers.SlugField(help_text="For whom this is said.")
    position = serializers.ChoiceField(choices=[*Stance.values, NO_STANCE])


class StanceShape(serializers.Serializer[Any]):
    """How many institutions say so, and how many of them in each country (ISO 3166)."""

    institutions = serializers.IntegerField()
    countries = serializers.DictField(child=serializers.IntegerField())


class StancesShape(serializers.Serializer[Any]):
    agree = StanceShape()
    disagree = StanceShape()


class MergeShape(serializers.Serializer[Any]):
    references = serializers.ListField(
        child=fields.Words(),
        allow_empty=False,
        max_length=100,
        help_text="Of the comments that say the same.",
    )


class IdsShape(serializers.Serializer[Any]):
    ids = serializers.ListField(child=fields.Key(), allow_empty=False, max_length=MOST_AT_ONCE)


class SentShape(serializers.Serializer[Any]):
    """What became of one draft: 200 with its reference, else the status of its refusal and why."""

    id = serializers.UUIDField()
    status = serializers.IntegerField()
    reference = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class CommentQuery(serializers.Serializer[Any]):
    principle = fields.NumberOrNull(required=False, help_text="A number; `null` for the text as a whole.")
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    institution = serializers.SlugField(required=False)
    type = serializers.ChoiceField(
        choices=InstitutionType.choices, required=False, help_text="Of the institution."
    )
    country = fields.Country(required=False)
    region = fields.Region(required=False)
    language = fields.Language(required=False)
    proposal = serializers.BooleanField(default=False, help_text="Only those that propose a wording.")
    unanswered = serializers.BooleanField(
        default=False, help_text="Only those that begin a thread in which there is no public reply yet."
    )
    disposition = serializers.ChoiceField(
        choices=["accepted", "accepted_in_part", "not_accepted", "noted", "out_of_scope"],
        required=False,
        help_text="What the secretariat answered. No comment has an answer yet.",
    )
    late = serializers.BooleanField(
        required=False, help_text="Only those admitted after closing, or only those in time."
    )
    parent = fields.Words(  # type: ignore[assignment]
        required=False, help_text="A reference: the replies to that comment."
    )
    q = fields.Words(required=False, help_text='All words; `"…"` a phrase; `-word` not that one.')
    since = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=fields.RECORD_LIMIT,
        help_text="A record number: what appeared or was changed after it.",
    )
    order = serializers.ChoiceField(choices=["newest", "oldest", "most_cosigned"], default="newest")
