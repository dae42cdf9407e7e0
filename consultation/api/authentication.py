"""Who calls: the person of a token, or of the browser's session."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.tokens import person_of_token

SCHEME = "Token"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`, with a secret as `manage.py api_token` prints it."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        person = person_of_token(secret.strip().decode("latin-1"), request.received_at)  # type: ignore[attr-defined]
        if person is None:
            raise AuthenticationFailed(_("This token is not known, or its time is over."))
        return person, None

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="api"'
