"""What the API says of itself, in English: the OpenAPI document and its page, the schema of digests in JSON.

And where nothing is.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from consultation.api.call import Call, moved
from consultation.digests.formats import data_json
from consultation.kit.refusal import NotFound

CONVENTIONS = """
Reading what is public needs no account. Changes are made by the person of a session, or of a token sent as
`Authorization: Token …`. `institution` is the slug of an institution.

Lists are `{next, previous, results}`; follow `next` as it is, and use no cursor that was not given.
Moments are RFC 3339 in UTC. Every text is kept code point for code point, but for line ends; NUL and lone
surrogates are refused.

Problems are RFC 9457. The part of `type` after `#` is the code, such as `round-closed`; `errors` are
sentences by the path of the field, such as `passage.exact`. A 429 or 503 says in `Retry-After` when to
come back.

`ETag` is the same whoever reads. `If-None-Match` on reads, `If-Match` on changes.
"""


@cache
def schema() -> dict[str, Any]:
    """The OpenAPI 3.1 document of all calls."""
    with translation.override("en"):
        document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    document["info"]["description"] = CONVENTIONS.strip()
    return document


class Schema(Call):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The OpenAPI document."""
        return Response(schema())


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, to read and to try."""
    return render(request, "api/docs.html")


@cache
def _digest_schema(address: str) -> bytes:
    return json.dumps(data_json.schema(address), ensure_ascii=False, indent=2).encode()


def _digest_schema_tag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_digest_schema(settings.SITE_URL)).hexdigest()}"'


@require_safe
@cache_control(public=True, max_age=3600)
@etag(_digest_schema_tag)
def digest_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema that digests in JSON name as theirs."""
    return HttpResponse(
        _digest_schema(settings.SITE_URL),
        content_type="application/schema+json",
        headers={"Content-Language": "en"},
    )


class Nowhere(Call):
    """Every other address under the API's: moved if the slash at its end was forgotten, else nothing."""

    changing = Scope.READ

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str) -> HttpResponseBase:
        if rest.endswith("/") or not rest:
            raise NotFound
        return moved(request.get_full_path(force_append_slash=True))

    post = put = patch = delete = get
