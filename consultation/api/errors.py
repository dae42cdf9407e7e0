"""Answers to what went wrong: RFC 9457. `type` names the problem for programs, `errors` speaks by field."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from math import ceil
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from consultation.kit.keyset import CursorRefused
from consultation.kit.refusal import NotFound, Refusal, Sentence

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

TITLES: dict[int, Sentence] = {
    400: _("The request can't be read, or is not complete"),
    401: _("This needs somebody who is signed in"),
    403: _("You may not do that"),
    404: _("There is nothing here"),
    405: _("This can't be done at this address"),
    409: _("This conflicts with how things stand"),
    410: _("This is no longer public"),
    412: _("It was changed meanwhile"),
    413: _("The request is too large"),
    415: _("Requests are read as JSON only"),
    422: _("This key was used for something else"),
    429: _("There were too many requests"),
    500: _("Something failed on our side"),
    503: _("The site is busy"),
}


@dataclass(frozen=True)
class Problem:
    """What is answered. `facts` are further members; `retry_after` is in seconds."""

    status: int
    code: str
    detail: Sentence
    errors: Mapping[str, Sequence[Sentence]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None

    def body(self, address: str) -> dict[str, Any]:
        """The members of the problem document; `address` is where problems are explained."""
        document = {
            "type": f"{address}#{self.code}",
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": str(self.detail),
            **self.facts,
        }
        if self.errors:
            document["errors"] = {path: [str(each) for each in said] for path, said in self.errors.items()}
        return document


class ChangedMeanwhile(exceptions.APIException):
    """The condition of an `If-Match` does not hold any more (RFC 9110, 13.1.1)."""

    status_code = 412
    default_code = "changed-meanwhile"
    default_detail = _("It was changed since you read it. Read it again and decide anew.")


class TooLarge(exceptions.APIException):
    """The body is longer than what is read here."""

    status_code = 413
    default_code = "too-large"
    default_detail = _("The request is larger than this site reads. Send less at once.")


class NoLongerPublic(Exception):
    """Once public, now hidden or withdrawn: what may still be said of it, and never a word of its text."""

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts


class RoundClosed(Exception):
    """What was sent came after the closing time, and is kept as a draft at this address."""

    def __init__(self, draft: str) -> None:
        super().__init__()
        self.draft = draft


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to whatever a call raised: the EXCEPTION_HANDLER of Django REST framework."""
    problem = problem_of(error)
    if problem.status == 500:
        if settings.DEBUG:
            return None
        got_request_exception.send(sender=handle, request=context["request"]._request)
        log.error("api.failed", exc_info=error)
    headers = {}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(ceil(problem.retry_after))
    if problem.status == 401:
        headers["WWW-Authenticate"] = context["view"].get_authenticate_header(context["request"])
    address = context["request"].build_absolute_uri(reverse("api:docs"))
    return Response(problem.body(address), problem.status, headers=headers, content_type=MEDIA_TYPE)


@singledispatch
def problem_of(error: Exception) -> Problem:
    """The problem to which an exception amounts; 500 for what nobody foresaw."""
    return Problem(500, "failed", _("This is our fault, and on record. Please try again later."))


@problem_of.register
def _refusal(error: Refusal) -> Problem:
    return Problem(error.status, error.code, error.sentence, error.errors, retry_after=error.retry_after)


@problem_of.register
def _cursor(error: CursorRefused) -> Problem:
    return _invalid({"cursor": [str(error)]})


@problem_of.register
def _fields(error: exceptions.ValidationError) -> Problem:
    errors: dict[str, list[Sentence]] = {}
    for path, sentence in flat(error.detail):
        errors.setdefault(path, []).append(sentence)
    return _invalid(errors)


def _invalid(errors: dict[str, list[Sentence]]) -> Problem:
    of_the_whole = errors.pop("", [])
    return Problem(
        400, "invalid", of_the_whole[0] if of_the_whole else _("Please correct what is marked."), errors
    )


def flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each sentence of a nested error with the path of its field, such as `passage.exact` or `ids.3`.

    What is said of the whole body has the path "".
    """
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from flat(inner, path if whole else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from flat(inner, f"{path}.{index}".lstrip(".") if nested else path)
    else:
        yield path, str(detail)


@problem_of.register
def _gone(error: NoLongerPublic) -> Problem:
    return Problem(410, "gone", _("This was public and is not any more."), facts=error.facts)


@problem_of.register
def _closed(error: RoundClosed) -> Problem:
    sentence = _("This round has closed. What you wrote is kept as a draft within your institution.")
    return Problem(409, "round-closed", sentence, facts={"draft": error.draft})


@problem_of.register
def _missing(error: Http404) -> Problem:
    return problem_of(NotFound())


@problem_of.register
def _denied(error: PermissionDenied) -> Problem:
    return Problem(403, "permission-denied", str(error) or TITLES[403])


@problem_of.register
def _suspicious(error: SuspiciousOperation) -> Problem:
    return Problem(400, "unreadable", TITLES[400])


@problem_of.register
def _too_big(error: RequestDataTooBig) -> Problem:
    return problem_of(TooLarge())


@problem_of.register
def _of_the_framework(error: exceptions.APIException) -> Problem:
    code = str(error.default_code).replace("_", "-")
    return Problem(error.status_code, code, str(error.detail))


@problem_of.register
def _visitor(error: exceptions.NotAuthenticated) -> Problem:
    return Problem(401, "not-signed-in", _("Please sign in first, or send a token."))


@problem_of.register
def _throttled(error: exceptions.Throttled) -> Problem:
    sentence = _("There were too many requests from you. Wait as long as Retry-After says.")
    return Problem(429, "too-many", sentence, retry_after=getattr(error, "wait", None) or 1)
