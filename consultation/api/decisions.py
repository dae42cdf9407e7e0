"""What follows a decision: undoing it, appealing against it; and deciding many alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from consultation.api import fields
from consultation.api.call import Call, etag_of
from consultation.api.moderation import CaseCall, CaseShape, shown_cases
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.text import STATEMENT_LIMIT
from consultation.moderation import actions, rules
from consultation.moderation import queries as moderation
from consultation.moderation.actions import MOST_AT_ONCE, Ruling, Undecided
from consultation.moderation.models import Action


class Undo(CaseCall):
    @extend_schema(request=None, responses=CaseShape)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Take back your decision within its minute: the case is open and yours again, and nobody is told."""
        case = self.found(id)
        return self.after(self.act(actions.undo_decision, match=etag_of(self.shown(case)), case_id=id))


class AppealGroundsShape(serializers.Serializer[Any]):
    grounds = fields.Words(limit=STATEMENT_LIMIT, help_text="Why the decision should be another one.")


class Appeal(Call):
    changing = Scope.CONTRIBUTE
    permission_classes = [IsAuthenticated]

    @extend_schema(request=AppealGroundsShape, responses={201: CaseShape})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Your institution appeals against what was decided on this case; another moderator decides then."""
        given = self.given(AppealGroundsShape)
        outcome = self.act(actions.appeal_decision, status=201, case_id=id, **given)
        [(_label, key)] = outcome.subjects
        assert self.person is not None
        case = moderation.with_rows(moderation.told_to(self.person, at=self.at)).get(pk=key)
        return Response(CaseShape(shown_cases([case])[0]).data, outcome.status)


class RevisionOfCaseShape(serializers.Serializer[Any]):
    id = fields.Key()
    revision = fields.Number(help_text="The one that you read.")


class DecideManyShape(serializers.Serializer[Any]):
    cases = serializers.ListField(child=RevisionOfCaseShape(), allow_empty=False, max_length=MOST_AT_ONCE)
    action = serializers.ChoiceField(
        choices=[each for each in Action.choices if each[0] in moderation.ALIKE],
    )
    clause = fields.Words(required=False, allow_null=True, help_text="Its number in the policy.")
    message = fields.Words(limit=STATEMENT_LIMIT, required=False, default="", allow_blank=True)


class DecidedShape(serializers.Serializer[Any]):
    """What became of one case: 200, else the status of its refusal and why."""

    id = serializers.UUIDField()
    status = serializers.IntegerField()
    code = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class DecideMany(Call):
    reading = Scope.OFFICE
    permission_classes = [IsAuthenticated]

    @extend_schema(request=DecideManyShape, responses=DecidedShape(many=True))
    def post(self, request: Request) -> Response:
        """Decide up to 100 cases alike, those that nobody else holds; each has an answer of its own."""
        rules.may_take_cases(self.person).require()
        given = self.given(DecideManyShape)
        ruling = Ruling(given["action"], given.get("clause"), given["message"])
        read = {each["id"]: each["revision"] for each in given["cases"]}
        seen = set(moderation.visible_to(self.person).filter(pk__in=read).values_list("pk", flat=True))
        mine = {key: revision for key, revision in read.items() if key in seen}
        outcome = self.act(actions.decide_cases, revisions=mine, ruling=ruling)
        done = {UUID(key) for _label, key in outcome.subjects}
        refusals = {each.case_id: each.refusal for each in outcome.value or [] if isinstance(each, Undecided)}
        return Response([_came_to(key, done, refusals.get(key, NotFound())) for key in read], outcome.status)


def _came_to(key: UUID, done: set[UUID], refusal: Refusal) -> dict[str, Any]:
    if key in done:
        return {"id": str(key), "status": 200}
    errors = refusal.errors or {"id": [refusal.sentence]}
    return {
        "id": str(key),
        "status": refusal.status,
        "code": refusal.code,
        "errors": {path: [str(each) for each in said] for path, said in errors.items()},
    }
