"""What the OpenAPI document says of every call: problems, keys, conditions, tokens."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from consultation.api.errors import MEDIA_TYPE, TITLES
from consultation.web.acts import KEY_LIMIT

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT},
    OpenApiParameter.HEADER,
    description="Sent again with the same key and body, the call acts once. Kept 24 hours.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` under which it was read; 412 when it was changed since.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The `ETag` that is known; 304 while it holds."
)
HEADERS = {"GET": [IF_NONE_MATCH], "POST": [IDEMPOTENCY], "PUT": [], "PATCH": [], "DELETE": []}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `errors` are sentences by the path of a field, such as `passage.exact`.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "Ends with the code, such as #own-comment.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "enum": sorted(TITLES)},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}


class CallSchema(AutoSchema):
    """One operation, with what all operations share."""

    def get_override_parameters(self) -> list[Any]:
        conditional = self.method != "GET" and getattr(self.view, "conditional", False)
        return HEADERS[self.method] + [IF_MATCH] * conditional

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removesuffix("Shape")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        problem = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, object="Problem")
        self.registry.register_on_missing(problem)
        answer = {"description": "What went wrong.", "content": {MEDIA_TYPE: {"schema": problem.ref}}}
        return {**bodies, "default": answer}


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "consultation.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, as /accounts/tokens/ or `manage.py api_token` shows it once.",
        }
