"""Machine translations of comments: asking for one, and reading it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from consultation.api import fields
from consultation.api.comments import _CommentCall
from consultation.comments import actions
from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentRevision, MachineTranslation
from consultation.kit import markdown, translator
from consultation.kit.refusal import NotFound
from consultation.web import translating

State = MachineTranslation.State
LOOK_AGAIN = 2  # seconds


class MachineTranslationShape(serializers.Serializer[MachineTranslation]):
    """What a program made of a comment's words. Nobody checked it, and only the original counts."""

    reference = serializers.CharField(source="revision.comment.reference")
    revision = serializers.IntegerField(source="revision.number")
    language = serializers.CharField()
    state = serializers.ChoiceField(source="job_state", choices=State.choices)
    translator = serializers.CharField(help_text="Who made it; empty until then.")
    checked = serializers.SerializerMethodField(help_text="Always false: no person read it.")
    body = serializers.CharField(help_text="Markdown; empty until it is made.")
    body_html = serializers.SerializerMethodField()
    proposed_text = serializers.CharField()
    made_at = fields.Moment(allow_null=True)

    def get_checked(self, _translation: MachineTranslation) -> bool:
        return False

    def get_body_html(self, translation: MachineTranslation) -> str:
        return str(markdown.render(translation.body))


class Translation(_CommentCall):
    # Visitors may ask as well, so many times an hour; no token needs more than to read.
    permission_classes = [AllowAny]
    changing = Scope.READ
    conditional = False

    @extend_schema(responses={200: MachineTranslationShape, 202: MachineTranslationShape})
    def get(self, request: Request, language: str, **place: Any) -> Response:
        """The translation; 202 while it is being made, 404 while nobody asked for it."""
        made = comments.machine_translation(self._read(self.found()), language)
        if made is None:
            raise NotFound
        return self._told(made, 202 if made.job_state == State.WAITING else 200)

    @extend_schema(
        request=None,
        responses={
            200: MachineTranslationShape,
            202: OpenApiResponse(MachineTranslationShape, description="It is being made: look again."),
        },
    )
    def post(self, request: Request, language: str, **place: Any) -> Response:
        """Have the words translated by a program, once for all readers; what failed is tried again."""
        comment = self.found()
        read = self._read(comment)
        translating.count(request._request, comments.machine_translation(read, language))
        self.act(
            actions.ask_translation,
            status=202,
            comment_id=comment.pk,
            revision=read.number,
            language=language,
        )
        made = comments.machine_translation(read, language)
        if made is None:
            raise NotFound
        return self._told(made, 202 if made.job_state == State.WAITING else 200)

    def _read(self, comment: Comment) -> CommentRevision:
        read = comments.read_now(comment)
        if read is None or not translator.is_on():
            raise NotFound
        return read

    def _told(self, made: MachineTranslation, status: int) -> Response:
        address = reverse("api:comment-translation", kwargs={**self.kwargs})
        headers = {"Location": self.request.build_absolute_uri(address)}
        if status == 202:
            headers["Retry-After"] = str(LOOK_AGAIN)
        return Response(MachineTranslationShape(made).data, status, headers=headers)
