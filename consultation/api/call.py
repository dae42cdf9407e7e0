"""What calls have in common: person and moment, claim, what was given, conditions and pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseNotModified, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from accounts.models import ApiToken, Scope, User
from consultation.api.errors import ChangedMeanwhile
from consultation.api.paging import KeysetPages
from consultation.kit import claims
from consultation.kit.claims import ClaimKey
from consultation.kit.keyset import Ordering
from consultation.kit.refusal import Refusal
from consultation.kit.snapshot import snapshot
from consultation.kit.verb import Outcome, Status, Verb
from consultation.web.acts import KEY_LIMIT, claim_of, person_of

R = TypeVar("R")
Row = TypeVar("Row", bound=Model)
Data = dict[str, Any]
Handler = Callable[..., HttpResponseBase]
KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(rf"[\x20-\x7e]{{1,{KEY_LIMIT}}}")


def etag_of(data: Any) -> str:
    """The entity tag of a representation: a hash of what is rendered, the same whoever reads."""
    return f'"{_hash(JSONRenderer().render(data))}"'


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def _at_one_instant(read: Handler) -> Handler:
    """What is answered is read at one instant: whatever is published meanwhile, it is no mixture."""

    @wraps(read)
    def reading(*args: Any, **kwargs: Any) -> HttpResponseBase:
        with snapshot():
            return read(*args, **kwargs)

    return reading


class Call(APIView):
    """One address of the API. Answers JSON whatever `Accept` says (RFC 9110, 12.4.1 lets it)."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    # Whether changes at this address heed an `If-Match`.
    conditional = False
    # What a token has to allow to read here, and to change something: the strictest where nothing is said.
    reading = Scope.READ
    changing = Scope.OFFICE

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        read = vars(cls).get("get")
        if read is not None:
            cls.get = _at_one_instant(read)  # type: ignore[attr-defined]

    @property
    def person(self) -> User | None:
        """The signed-in person, or None for a visitor."""
        return person_of(self.request)

    @property
    def at(self) -> datetime:
        """The moment at which the request arrived."""
        return self.request.received_at  # type: ignore[attr-defined]

    def given(self, shape: type[Serializer[Any]]) -> Data:
        """The body in this shape. Raises ValidationError naming every field that is wrong."""
        return _checked(shape, self.request.data)

    def asked(self, shape: type[Serializer[Any]]) -> Data:
        """The parameters of the address in this shape; an empty one counts as not given."""
        return _checked(shape, {name: value for name, value in self.request.query_params.items() if value})

    def act(
        self, verb: Verb[Any, R], *, status: Status[R] = 200, match: str | None = None, **fields: Any
    ) -> Outcome[R]:
        """Run `verb` as the person, at the moment of arrival, under the request's Idempotency-Key.

        `match` is the entity tag that an `If-Match` has to name, unless the claim was settled before.
        Raises Refusal, ChangedMeanwhile.
        """
        claim = self._claim()
        if match is not None and (claim is None or claims.lookup(claim) is None):
            self.require_match(match)
        return verb.claimed(claim, status, self.person, at=self.at, **fields)

    def _claim(self) -> ClaimKey | None:
        key = self.request.headers.get(KEY_HEADER)
        if not key or self.request.method != "POST":
            return None
        if not _KEY.fullmatch(key):
            raise ValidationError({KEY_HEADER: [_("Use 1 to 200 printable ASCII characters.")]})
        fields = self.request.data
        assert isinstance(fields, dict)
        return claim_of(self.request, key, fields)

    def require_match(self, etag: str) -> None:
        """Raise ChangedMeanwhile unless the request has no `If-Match`, or one that holds."""
        wanted = self.request.headers.get("If-Match")
        if wanted is not None and not _names(wanted, etag):
            raise ChangedMeanwhile

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # A client may name any codec of Python's as its charset; everything here is UTF-8.
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before asking who it is: what nobody can do here is not a question of rights.
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        self._require_scope(request)

    def _require_scope(self, request: Request) -> None:
        """Raise Refusal `token-scope` where a token does not allow what the call does."""
        needed = self.reading if request.method in SAFE_METHODS else self.changing
        if isinstance(request.auth, ApiToken) and needed not in request.auth.scopes:
            sentence = _("This token does not allow that: it takes one with the scope “%(scope)s”.")
            raise Refusal("token-scope", sentence % {"scope": needed.value})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Authorization", "Cookie"))
        read = request.method in ("GET", "HEAD") and response.status_code == 200
        if read and isinstance(response, Response):
            return _unless_known(request, response)
        return response


class ListCall(Call):
    """A list in pages. Subclasses name their `ordering`; rows come from a room's gate."""

    pagination_class = KeysetPages
    ordering: Ordering

    def page(self, rows: QuerySet[Row], shape: type[BaseSerializer[Any]]) -> Response:
        """The page of `rows` that is asked for, each in this shape."""
        pages = self.pagination_class()
        found = pages.paginate_queryset(rows, self.request, self)
        return pages.get_paginated_response(self.rendered(found, shape))

    def rendered(self, rows: Sequence[Any], shape: type[BaseSerializer[Any]]) -> Any:
        """The rows of one page in this shape."""
        return shape(rows, many=True, context={"request": self.request}).data


def moved(address: str) -> HttpResponseBase:
    """For ever at another address, whatever the method (308)."""
    return HttpResponsePermanentRedirect(address, preserve_request=True)


def _checked(shape: type[Serializer[Any]], given: Any) -> Data:
    serializer = shape(data=given)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _unless_known(request: Request, response: Response) -> HttpResponseBase:
    """The response with its entity tag, or 304 for who has it already (RFC 9110, 13.1.2)."""
    response.render()
    response.headers.setdefault("ETag", f'"{_hash(response.content)}"')
    known = request.headers.get("If-None-Match")
    if known is None or not _names(known, response.headers["ETag"]):
        return response
    unchanged = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary"):
        unchanged.headers[name] = response.headers[name]
    return unchanged


def _names(condition: str, etag: str) -> bool:
    """Whether a condition names the tag. Weak ones count: proxies that compress make them of ours."""
    tags = parse_etags(condition)
    return tags == ["*"] or etag in (tag.removeprefix("W/") for tag in tags)
