"""The moderators' queue: reading it, taking a case, deciding it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from consultation.api import fields
from consultation.api.call import Call, ListCall, etag_of
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.text import STATEMENT_LIMIT
from consultation.kit.verb import Outcome
from consultation.moderation import actions, rules, signals
from consultation.moderation import queries as moderation
from consultation.moderation.filters import WHOLE_TEXT, Age, CaseFilters
from consultation.moderation.handlers import Details, Span, Subject, describe
from consultation.moderation.models import Action, Case, Flag
from consultation.texts import queries as texts
from consultation.texts.rules import has_its_factor
from consultation.web import looking


class SubjectShape(serializers.Serializer[Subject]):
    reference = serializers.CharField()
    url = serializers.SerializerMethodField()
    revision = serializers.IntegerField()
    text = serializers.CharField()
    language = serializers.CharField()

    def get_url(self, subject: Subject) -> str:
        return f"{settings.SITE_URL}{subject.url}"


class ReasonShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    words = serializers.ListField(
        child=serializers.CharField(),
        help_text="Which words made a signal speak up; empty for other reasons.",
    )


class CaseFlagShape(serializers.Serializer[Flag]):
    """A reader's flag; who it was is told on the page of the case alone."""

    reason = serializers.CharField(source="clause.number")
    note = serializers.CharField()
    revision = serializers.IntegerField()
    at = fields.Moment()


class CaseShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="case.id")
    kind = serializers.CharField(source="case.item.kind", help_text="`comment`, `statement` or `withdrawal`.")
    consultation = serializers.SlugField(source="case.consultation.slug")
    subject = SubjectShape()
    institution = serializers.SlugField(source="case.item.institution.slug")
    reasons = ReasonShape(many=True)
    flags = CaseFlagShape(source="case.flags", many=True)
    opened_at = fields.Moment(source="case.opened_at")
    due_at = fields.Moment(source="case.due_at")
    lease_until = fields.Moment(source="case.lease_until", allow_null=True)
    is_appeal = serializers.BooleanField(source="case.is_appeal")


class WaitingShape(serializers.Serializer[Any]):
    """Which of the open cases are meant."""

    consultation = serializers.SlugField(required=False)
    kind = serializers.ChoiceField(choices=["comment", "statement", "withdrawal"], required=False)
    language = fields.Language(required=False)
    principle = serializers.IntegerField(
        min_value=WHOLE_TEXT,
        max_value=fields.KEY_LIMIT,
        required=False,
        help_text="Its number; 0 for the text as a whole.",
    )
    reason = serializers.SlugField(required=False, help_text="The code of a reason for which it is here.")
    country = serializers.RegexField("^[A-Z]{2}$", required=False, help_text="ISO 3166 alpha-2.")
    age = serializers.ChoiceField(
        choices=Age.values, required=False, help_text="Past its target time, or older than a day or a week."
    )


class CaseQuery(WaitingShape):
    reference = serializers.RegexField("^[A-Za-z][0-9]{0,9}(-[0-9]{1,9})?$", required=False)
    is_appeal = serializers.BooleanField(required=False)
    mine = serializers.BooleanField(required=False, help_text="Only what you hold now.")


class NextShape(WaitingShape):
    """Of which cases the next is wanted."""


class SpanShape(serializers.Serializer[Any]):
    """Words to redact: by their place in a field of the newest revision, or quoted, wherever they stand."""

    field = serializers.ChoiceField(
        choices=["body", "proposed_text", "translation.body", "translation.proposed_text"], required=False
    )
    start = serializers.IntegerField(required=False, min_value=0, help_text="In code points.")
    end = serializers.IntegerField(required=False, min_value=1, help_text="After the last one.")
    quote = fields.Words(required=False)


class CorrectedWordsShape(serializers.Serializer[Any]):
    """The words as they would be published, if the author agrees."""

    body = fields.Words(required=False)
    proposed_text = fields.Words(required=False, allow_blank=True)


class DecisionShape(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=Action.choices)
    clause = fields.Words(
        required=False,
        allow_null=True,
        help_text="Its number in the policy; needed but for `approve`, `reverse` and `escalate`.",
    )
    message = fields.Words(limit=STATEMENT_LIMIT, required=False, default="", allow_blank=True)
    spans = SpanShape(many=True, required=False, help_text="What `redact` takes away.")
    correction = CorrectedWordsShape(
        required=False, help_text="With `return`: a small correction to which the author may agree."
    )


def shown_cases(cases: Sequence[Case]) -> list[Any]:
    """Cases with what they are about, for `CaseShape`."""
    subjects = describe([case.item for case in cases])
    return [
        {"case": case, "subject": subjects[case.item_id], "reasons": _reasons(case, subjects[case.item_id])}
        for case in cases
    ]


def _reasons(case: Case, subject: Subject) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "text": each.get_code_display(),
            "words": signals.marks(each.code, subject.said),
        }
        for each in case.reasons.all()
    ]


def _called(reference: str) -> Q:
    """Cases about what has this reference: a comment's `P3-42`, or `E3` for statements on principle 3."""
    about = Q(item__in=comments.items_called(reference))
    letter, number = reference[0].upper(), reference[1:]
    if letter == "E" and number.isdigit():
        about |= Q(item__in=endorsements.items_called(int(number)))
    return about


class Cases(ListCall):
    reading = Scope.OFFICE
    permission_classes = [IsAuthenticated]
    ordering = moderation.BY_RANK

    @extend_schema(parameters=[CaseQuery], responses=CaseShape(many=True))
    def get(self, request: Request) -> Response:
        """What waits in the consultations in which you read the queue.

        What was escalated comes first, then what readers flagged, then what is due first. What your own
        institutions have a part in is left to others.
        """
        rules.may_read_queue(self.person).require()
        asked = self.asked(CaseQuery)
        reference = asked.pop("reference", "")
        assert self.person is not None
        others = moderation.open_cases(self.person).exclude(
            item__in=moderation.parties_of(self.person, at=self.at)
        )
        cases = CaseFilters(**asked).apply(moderation.with_flags(others), person=self.person, at=self.at)
        return self.page(cases.filter(_called(reference)) if reference else cases, CaseShape)

    def rendered(self, rows: Sequence[Any], shape: type[serializers.BaseSerializer[Any]]) -> Any:
        shown = shown_cases(rows)
        looking.at_subjects(self.request, [(each["case"].item_id, each["subject"]) for each in shown])
        return super().rendered(shown, shape)


class CaseCall(Call):
    """A call about one case, for those who read the queue of its consultation."""

    reading = Scope.OFFICE
    conditional = True
    permission_classes = [IsAuthenticated]

    def found(self, key: UUID) -> Case:
        """The case, for whoever reads the queue of its consultation. Raises NotFound."""
        cases = moderation.with_flags(moderation.visible_to(self.person))
        seen = moderation.with_rows(cases).filter(pk=key).first()
        if seen is None:
            has_its_factor(self.person).require()
            raise NotFound
        return seen

    def shown(self, case: Case) -> Any:
        return CaseShape(shown_cases([case])[0]).data

    def read(self, case: Case) -> Any:
        """The case as it is answered to the caller, who reads the words in it."""
        [shown] = shown_cases([case])
        looking.at_subjects(self.request, [(case.item_id, shown["subject"])])
        return CaseShape(shown).data

    def after(self, outcome: Outcome[Any]) -> Response:
        """The answer to an act: the case looked up anew, under the status that the act came to."""
        data = self.read(self.found(UUID(outcome.subjects[0][1])))
        return Response(data, outcome.status, headers={"ETag": etag_of(data)})


class OneCase(CaseCall):
    @extend_schema(responses=CaseShape)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One case, decided ones too."""
        return Response(self.read(self.found(id)))


class ClaimNext(CaseCall):
    conditional = False

    @extend_schema(request=NextShape, responses={200: CaseShape, 204: None})
    def post(self, request: Request) -> Response:
        """The next case that nobody holds is yours for 15 minutes; 204 when none is left.

        The languages that you read come first, unless you ask for one.
        """
        rules.may_read_queue(self.person).require()
        asked = self.given(NextShape)
        self._require(asked.get("consultation"))
        outcome = self.act(
            actions.claim_next,
            status=lambda case: 200 if case else 204,
            filters=CaseFilters(**asked),
        )
        return self.after(outcome) if outcome.subjects else Response(status=outcome.status)

    def _require(self, slug: str | None) -> None:
        if slug is not None and not texts.visible_to(self.person).filter(slug=slug).exists():
            raise invalid(consultation=_("There is no consultation with this address."))


class Claim(CaseCall):
    @extend_schema(request=None, responses=CaseShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The case is yours for 15 minutes from now."""
        case = self.found(id)
        return self.after(self.act(actions.claim_case, match=etag_of(self.shown(case)), case_id=id))


class Release(CaseCall):
    @extend_schema(request=None, responses=CaseShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Somebody else may take the case."""
        case = self.found(id)
        return self.after(self.act(actions.release_case, match=etag_of(self.shown(case)), case_id=id))


class Decide(CaseCall):
    @extend_schema(request=DecisionShape, responses=CaseShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Decide the case that you hold; the author is told a minute later.

        An appeal is decided by `uphold` or `reverse`. `escalate` leaves it open, for others.
        """
        given = self.given(DecisionShape)
        spans = tuple(Span(**each) for each in given.pop("spans", []))
        given["details"] = Details(spans, given.pop("correction", None))
        case = self.found(id)
        outcome = self.act(
            actions.decide_case, match=etag_of(self.shown(case)), case_id=id, revision=case.revision, **given
        )
        return self.after(outcome)
