"""How programs meet the site: the API framework, and the document that describes its calls."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    # The first one names the challenge of a 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "consultation.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["consultation.api.throttles.CallsAMinute"],
    "DEFAULT_PARSER_CLASSES": ["consultation.api.parsing.ObjectParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "consultation.api.negotiation.JsonAlways",
    "DEFAULT_SCHEMA_CLASS": "consultation.api.schema.CallSchema",
    "EXCEPTION_HANDLER": "consultation.api.errors.handle",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Accord",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Action": "consultation.moderation.models.Action",
        "CommentKind": "consultation.comments.models.Kind",
        "CommentState": "consultation.comments.models.CommentState",
        "ConsultationState": "consultation.texts.models.ConsultationState",
        "DigestState": "consultation.digests.models.DigestState",
        "EndorsementState": "consultation.endorsements.models.EndorsementState",
        "Format": "consultation.digests.models.Format",
        "InstitutionState": "accounts.models.InstitutionState",
        "Position": "consultation.endorsements.models.Position",
        "VerifiedHow": "accounts.models.VerifiedHow",
    },
}
