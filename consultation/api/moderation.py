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
from consultation.moderation import actions, rules
from consultation.moderation import queries as moderation
from consultation.moderation.handlers import Subject, describe
from consultation.moderation.models import Action, Case, CaseReason
from consultation.moderation.queries import CaseFilters
from consultation.texts import queries as texts
from consultation.texts.rules import has_its_factor


class SubjectShape(serializers.Serializer[Subject]):
    reference = serializers.CharField()
    url = serializers.SerializerMethodField()
    revision = serializers.IntegerField()
    text = serializers.CharField()
    language = serializers.CharField()

    def get_url(self, subject: Subject) -> str:
        return f"{settings.SITE_URL}{subject.url}"


class ReasonShape(serializers.Serializer[CaseReason]):
    code = serializers.CharField()
    text = serializers.CharField(source="get_code_display")


class CaseShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="case.id")
    kind = serializers.CharField(source="case.item.kind", help_text="`comment`, `statement` or `withdrawal`.")
    consultation = serializers.SlugField(source="case.consultation.slug")
    subject = SubjectShape()
    institution = serializers.SlugField(source="case.item.institution.slug")
    reasons = ReasonShape(source="case.reasons", many=True)
    opened_at = fields.Moment(source="case.opened_at")
    due_at = fields.Moment(source="case.due_at")
    lease_until = fields.Moment(source="case.lease_until", allow_null=True)
    is_appeal = serializers.BooleanField(source="case.is_appeal")


class CaseQuery(serializers.Serializer[Any]):
    consultation = serializers.SlugField(required=False)
    kind = serializers.ChoiceField(choices=["comment", "statement", "withdrawal"], required=False)
    language = fields.Language(required=False)
    reference = serializers.RegexField("^[A-Za-z][0-9]{0,9}(-[0-9]{1,9})?$", required=False)
    is_appeal = serializers.BooleanField(required=False)


class NextShape(serializers.Serializer[Any]):
    consultation = serializers.SlugField(required=False)
    language = fields.Language(required=False)


class DecisionShape(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=Action.choices)
    clause = fields.Words(
        required=False,
        allow_null=True,
        help_text="Its number in the policy; needed but for `approve` and `restore`.",
    )
    message = fields.Words(limit=STATEMENT_LIMIT, required=False, default="", allow_blank=True)


def _shown(cases: Sequence[Case]) -> list[Any]:
    subjects = describe([case.item for case in cases])
    return [{"case": case, "subject": subjects[case.item_id]} for case in cases]


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
    ordering = moderation.BY_DUE_TIME

    @extend_schema(parameters=[CaseQuery], responses=CaseShape(many=True))
    def get(self, request: Request) -> Response:
        """What waits in the consultations in which you read the queue, the first due first."""
        rules.may_read_queue(self.person).require()
        asked = self.asked(CaseQuery)
        reference = asked.pop("reference", "")
        cases = CaseFilters(**asked).apply(moderation.open_cases(self.person))
        return self.page(cases.filter(_called(reference)) if reference else cases, CaseShape)

    def rendered(self, rows: Sequence[Any], shape: type[serializers.BaseSerializer[Any]]) -> Any:
        return super().rendered(_shown(rows), shape)


class _CaseCall(Call):
    reading = Scope.OFFICE
    conditional = True
    permission_classes = [IsAuthenticated]

    def found(self, key: UUID) -> Case:
        """The case, for whoever reads the queue of its consultation. Raises NotFound."""
        seen = moderation.with_rows(moderation.visible_to(self.person)).filter(pk=key).first()
        if seen is None:
            has_its_factor(self.person).require()
            raise NotFound
        return seen

    def shown(self, case: Case) -> Any:
        return CaseShape(_shown([case])[0]).data

    def after(self, outcome: Outcome[Any]) -> Response:
        """The answer to an act: the case looked up anew, under the status that the act came to."""
        data = self.shown(self.found(UUID(outcome.subjects[0][1])))
        return Response(data, outcome.status, headers={"ETag": etag_of(data)})


class OneCase(_CaseCall):
    @extend_schema(responses=CaseShape)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One case, decided ones too."""
        return Response(self.shown(self.found(id)))


class ClaimNext(_CaseCall):
    conditional = False

    @extend_schema(request=NextShape, responses={200: CaseShape, 204: None})
    def post(self, request: Request) -> Response:
        """The next case that nobody holds is yours for 15 minutes; 204 when none is left."""
        rules.may_read_queue(self.person).require()
        asked = self.given(NextShape)
        outcome = self.act(
            actions.claim_next,
            status=lambda case: 200 if case else 204,
            consultation_id=self._consultation(asked.get("consultation")),
            language=asked.get("language"),
        )
        return self.after(outcome) if outcome.subjects else Response(status=outcome.status)

    def _consultation(self, slug: str | None) -> int | None:
        if slug is None:
            return None
        found = texts.visible_to(self.person).filter(slug=slug).first()
        if found is None:
            raise invalid(consultation=_("There is no consultation with this address."))
        return found.pk


class Claim(_CaseCall):
    @extend_schema(request=None, responses=CaseShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The case is yours for 15 minutes from now."""
        case = self.found(id)
        return self.after(self.act(actions.claim_case, match=etag_of(self.shown(case)), case_id=id))


class Release(_CaseCall):
    @extend_schema(request=None, responses=CaseShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Somebody else may take the case."""
        case = self.found(id)
        return self.after(self.act(actions.release_case, match=etag_of(self.shown(case)), case_id=id))


class Decide(_CaseCall):
    @extend_schema(request=DecisionShape, responses=CaseShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Decide the case that you hold; the author is told a minute later."""
        given = self.given(DecisionShape)
        case = self.found(id)
        outcome = self.act(
            actions.decide_case, match=etag_of(self.shown(case)), case_id=id, revision=case.revision, **given
        )
        return self.after(outcome)
