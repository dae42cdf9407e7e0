"""What is signed in somebody's name asks whoever has a second factor for it, unless they just showed it."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import second_factor
from accounts.models import User


def shown(request: HttpRequest, person: User) -> bool:
    """Whether the person has no second factor, or showed it in this session a few minutes ago at most."""
    if not second_factor.types_of(person):
        return True
    oldest = time.time() - 60 * settings.SIGNING_FACTOR_MINUTES
    records = get_authentication_records(request, person)
    return any(each.get("method") == "mfa" and each.get("at", 0) > oldest for each in records)


def ask(request: HttpRequest, person: User) -> HttpResponse:
    """The way to the second factor; the request as it was sent waits, and is carried out once it is shown."""
    # What waits is found again by its path as the addresses have it: without the language before it.
    request.path = request.path_info
    request.META["QUERY_STRING"] = ""
    has_code = Authenticator.Type.TOTP in second_factor.types_of(person)
    return suspend_request(
        request, reverse("mfa_reauthenticate" if has_code else "mfa_reauthenticate_webauthn")
    )
