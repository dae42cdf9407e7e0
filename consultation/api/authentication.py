"""Who calls: the person of a token, or of the browser's session."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import ApiToken, User

SCHEME = "Token"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`, with a secret as the page of tokens or `manage.py api_token` shows it once.

    `request.auth` is the token, whose scopes `consultation.api.call` heeds.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        at = request.received_at  # type: ignore[attr-defined]
        token = tokens.token_of(secret.strip().decode("latin-1"), at)
        if token is None:
            raise AuthenticationFailed(_("This token is not known, or its time is over."))
        tokens.used(token, at)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="api"'
