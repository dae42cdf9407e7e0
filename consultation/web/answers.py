"""What pages answer with besides pages: the way on, and the door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from accounts.models import User
from consultation.web.acts import person_of

View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """The act is done; what came of it is at another address (RFC 9110, 15.4.4)."""

    status_code = 303


def new_claim() -> str:
    """A key for one sending of one form (DESIGN 2, the claim)."""
    return str(uuid4())


def signed_in(view: View) -> View:
    """Only people come in; visitors sign in first and come back to the same address."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if person_of(request) is None:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        return view(request, *args, **kwargs)

    return wrapped


def the_person(request: HttpRequest) -> User:
    """The person behind a request that `signed_in` let through."""
    person = person_of(request)
    assert person is not None
    return person
