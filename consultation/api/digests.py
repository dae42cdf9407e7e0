"""Digests: those to download, asking for one, its progress, its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.fields import Field
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from consultation.api import consultations, fields
from consultation.api.call import Call, ListCall
from consultation.api.errors import NoLongerPublic
from consultation.digests import queries as digests
from consultation.digests.actions import request_digest
from consultation.digests.models import Audience, Digest, DigestState, File, Format
from consultation.digests.storage import media_type
from consultation.kit.keyset import Key, Ordering
from consultation.kit.refusal import NotFound, Refusal
from consultation.web import downloads, limits

AN_HOUR = 6  # requests of one address


class FileShape(serializers.Serializer[File]):
    format = serializers.ChoiceField(choices=Format.choices)
    url = serializers.SerializerMethodField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    withheld_at = fields.Moment(
        allow_null=True, help_text="Since then it is not served: it quotes what is no longer public."
    )

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, file: File) -> str:
        path = reverse("api:digest-file", args=[file.digest_id, file.format])
        return str(self.context["request"].build_absolute_uri(path))


class DigestShape(serializers.Serializer[Digest]):
    id = serializers.UUIDField()
    consultation = serializers.SlugField(source="consultation.slug")
    principle = serializers.IntegerField(source="principle.number", allow_null=True)
    language = serializers.CharField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    cutoff = serializers.IntegerField(help_text="The record number at which it ends.")
    edition = serializers.IntegerField()
    formats = serializers.ListField(child=serializers.ChoiceField(choices=Format.choices))
    state = serializers.ChoiceField(choices=DigestState.choices)
    progress = serializers.SerializerMethodField()
    step = serializers.SerializerMethodField()
    requested_at = fields.Moment()
    ready_at = fields.Moment(allow_null=True)
    files = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        # `from` is a word of Python's own and can't name an attribute of the class.
        since = serializers.IntegerField(
            source="since", allow_null=True, help_text="The record number after which it begins."
        )
        return super().get_fields() | {"from": since}

    @extend_schema_field(FileShape(many=True))
    def get_files(self, digest: Digest) -> Any:
        """In the order of the formats asked for."""
        files = sorted(digest.files.all(), key=lambda file: digest.formats.index(file.format))
        return [FileShape(file, context=self.context).data for file in files]

    @extend_schema_field({"type": "integer", "minimum": 0, "maximum": 100})
    def get_progress(self, digest: Digest) -> int:
        return digests.progress(digest)[0]

    def get_step(self, digest: Digest) -> str:
        return digests.progress(digest)[1]


@extend_schema_field(
    {"oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer", "minimum": 0}]}
)
class MomentOrNumber(fields.Moment):
    """A moment, RFC 3339, or a record number."""

    def to_internal_value(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= fields.RECORD_LIMIT:
            return value
        if not isinstance(value, str):
            self.fail("invalid", format="RFC 3339")
        return super().to_internal_value(value)


class QuestionShape(serializers.Serializer[Any]):
    principle = fields.Number(required=False, allow_null=True, help_text="The whole text unless given.")
    language = fields.Language(required=False, help_text="That of the request unless given.")
    until = MomentOrNumber(required=False, help_text="Now unless given; needs an account.")
    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=Format.choices),
        required=False,
        allow_empty=False,
        help_text="All unless given.",
    )
    audience = serializers.ChoiceField(choices=Audience.choices, default=Audience.PUBLIC)

    def get_fields(self) -> dict[str, Field[Any, Any, Any, Any]]:
        since = MomentOrNumber(required=False, source="since", help_text="The beginning unless given.")
        return super().get_fields() | {"from": since}


class Digests(ListCall):
    # Asking for a digest changes nothing that anybody said.
    changing = Scope.READ
    ordering = Ordering("newest", (Key("-ready_at", datetime), Key("-id", UUID)))

    @extend_schema(responses=DigestShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The digests that everybody may download, the newest first."""
        return self.page(digests.of_consultation(consultations.of_slug(self, slug)), DigestShape)

    @extend_schema(request=QuestionShape, responses={202: DigestShape})
    def post(self, request: Request, slug: str) -> Response:
        """Ask for a digest; the same question has the same one. Open to visitors for the current state."""
        self._not_too_often()
        consultation = consultations.of_slug(self, slug)
        given = self.given(QuestionShape)
        language = given.pop("language", None) or get_language() or consultation.authoritative
        outcome = self.act(
            request_digest,
            status=202,
            consultation=consultation,
            principle_number=given.pop("principle", None),
            language=language,
            **given,
        )
        [(_label, key)] = outcome.subjects
        digest = of_id(self, UUID(key))
        address = request.build_absolute_uri(reverse("api:digest", args=[digest.pk]))
        shown = DigestShape(digest, context={"request": request}).data
        return Response(shown, outcome.status, headers={"Location": address})

    def _not_too_often(self) -> None:
        if self.person is not None:
            return
        who = limits.visitor(self.request._request)
        wait = limits.wait("digests", who, most=AN_HOUR, seconds=limits.HOUR, at=self.at)
        if wait is not None:
            sentence = _("Without an account you may ask for six digests an hour. Download a present one.")
            raise Refusal("too-many", sentence, retry_after=wait)


def of_id(call: Call, key: UUID) -> Digest:
    """The digest with this id, for whoever may see it. Raises NotFound."""
    found = digests.visible_to(call.person).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


class OneDigest(Call):
    @extend_schema(responses=DigestShape)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """How far a digest is, and its files."""
        return Response(DigestShape(of_id(self, id), context={"request": request}).data)


class DigestFile(Call):
    @extend_schema(
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "The file."),
            (206, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "A range of its bytes."),
            416: OpenApiResponse(description="The range lies outside the file."),
        },
    )
    def get(self, request: Request, id: UUID, form: str) -> HttpResponseBase:  # noqa: A002
        """One file of a digest; 410 once what it quotes is no longer public."""
        file = digests.file_of(of_id(self, id), form)
        if file is None:
            raise NotFound
        if not digests.servable(file):
            raise NoLongerPublic(digest=str(id), format=form, since=file.withheld_at)
        return downloads.send(
            request._request,
            digests.open_file(file),
            name=file.name,
            media_type=media_type(file.format),
            size=file.bytes,
            sha256=file.sha256,
        )
