"""Late admissions: who may still comment after closing, until when and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from consultation.api import consultations, fields, institutions
from consultation.api.call import Call, ListCall
from consultation.api.institutions import BriefShape
from consultation.comments import actions
from consultation.comments import queries as comments
from consultation.comments.models import LateAdmission
from consultation.kit.keyset import Key, Ordering
from consultation.kit.refusal import NotFound
from consultation.kit.text import TITLE_LIMIT
from consultation.kit.verb import Outcome


class LateAdmissionShape(serializers.Serializer[LateAdmission]):
    id = serializers.UUIDField()
    round = serializers.IntegerField(source="round.number", help_text="The round that closed.")
    institution = BriefShape()
    reason = serializers.CharField()
    at = fields.Moment()
    until = fields.Moment()
    ended_at = fields.Moment(allow_null=True, help_text="Since when it admits nothing more, before `until`.")


class NewLateAdmissionShape(serializers.Serializer[Any]):
    institution = serializers.SlugField()
    until = fields.Moment()
    reason = fields.Words(limit=TITLE_LIMIT, help_text="Everybody reads it.")


def _shown(outcome: Outcome[LateAdmission]) -> Response:
    [(_label, key)] = outcome.subjects
    return Response(LateAdmissionShape(comments.late_admission(UUID(key))).data, outcome.status)


class LateAdmissions(ListCall):
    permission_classes = [IsAuthenticatedOrReadOnly]
    ordering = Ordering("late", (Key("-at", datetime), Key("-id", UUID)))

    @extend_schema(responses=LateAdmissionShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Whom the secretariat admitted after closing, the newest first."""
        consultation = consultations.of_slug(self, slug)
        return self.page(comments.late_admissions(consultation), LateAdmissionShape)

    @extend_schema(request=NewLateAdmissionShape, responses={201: LateAdmissionShape})
    def post(self, request: Request, slug: str) -> Response:
        """The secretariat lets an institution comment after closing; everybody reads why."""
        consultation, given = consultations.of_slug(self, slug), self.given(NewLateAdmissionShape)
        institution = institutions.speaker(self, given["institution"])
        outcome = self.act(
            actions.admit_late,
            status=201,
            consultation_id=consultation.pk,
            institution_id=institution.pk,
            until=given["until"],
            reason=given["reason"],
        )
        return _shown(outcome)


class EndLateAdmission(Call):
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(request=None, responses=LateAdmissionShape)
    def post(self, request: Request, **place: UUID) -> Response:
        """The institution may send nothing more; what it sent stays."""
        admission = comments.late_admission(place["id"])
        if admission is None:
            raise NotFound
        consultations.of_slug(self, admission.round.consultation.slug)
        return _shown(self.act(actions.end_late_admission, admission_id=admission.pk))
