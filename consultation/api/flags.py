"""Flagging a comment: a reader asks for a moderator's look."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consultation.api import fields
from consultation.api.comments import _CommentCall
from consultation.api.errors import NoLongerPublic
from consultation.comments import actions
from consultation.comments import queries as comments
from consultation.comments.models import Comment
from consultation.kit import claims
from consultation.kit.text import NOTE_LIMIT


class NewFlagShape(serializers.Serializer[Any]):
    reason = fields.Words(help_text="The number of the clause of the policy that it breaks.")
    note = fields.Words(
        limit=NOTE_LIMIT, required=False, default="", allow_blank=True, help_text="Moderators alone read it."
    )


class FlagShape(serializers.Serializer[Any]):
    reference = serializers.CharField()
    hidden = serializers.BooleanField(help_text="Enough readers flagged it: hidden until a decision.")


class Flags(_CommentCall):
    conditional = False

    @extend_schema(request=NewFlagShape, responses={201: FlagShape})
    def post(self, request: Request, **place: Any) -> Response:
        """Ask moderators to look at a public comment, once a person and revision (409 `already-flagged`).

        Enough flags, as the consultation's facts say, hide it until a moderator has decided.
        """
        given = self.given(NewFlagShape)
        comment = self._flaggable()
        outcome = self.act(actions.flag_comment, status=201, comment_id=comment.pk, **given)
        hidden = not comments.public().filter(pk=comment.pk).exists()
        said = {"reference": comment.reference, "hidden": hidden}
        return Response(FlagShape(said).data, outcome.status)

    def _flaggable(self) -> Comment:
        """The comment, also where this very flag has hidden it. Raises NotFound or NoLongerPublic."""
        try:
            return self.found()
        except NoLongerPublic:
            claim = self._claim()
            if claim is None or claims.lookup(claim) is None:
                raise
            return comments.once_public().get(**self._place())
