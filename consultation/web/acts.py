"""Running a verb for a request: the person, the moment, and the claim that makes a second click harmless."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from accounts.models import User
from consultation.kit.claims import ClaimKey, fields_hash
from consultation.kit.verb import Outcome, Status, Verb

R = TypeVar("R")
KEY_LIMIT = 200
NOT_FIELDS = {"csrfmiddlewaretoken", "claim"}


def person_of(request: HttpRequest) -> User | None:
    """The signed-in person, or None for a visitor."""
    return request.user if isinstance(request.user, User) else None


def claim_of(
    request: HttpRequest, key: str | None, fields: Mapping[str, Any], files: Mapping[str, bytes] | None = None
) -> ClaimKey | None:
    """The claim under which this request acts; visitors and requests without a key take none."""
    person = person_of(request)
    if person is None or not key:
        return None
    return ClaimKey(person.pk, key[:KEY_LIMIT], request.path_info, fields_hash(fields, files))


def claim_of_form(request: HttpRequest) -> ClaimKey | None:
    """The claim of a page's form, from its hidden field `claim`."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_FIELDS}
    files = {}
    for name, upload in request.FILES.items():
        assert isinstance(upload, UploadedFile)
        files[name] = upload.read()
        upload.seek(0)
    return claim_of(request, request.POST.get("claim"), fields, files)


def act(request: HttpRequest, verb: Verb[Any, R], *, status: Status[R] = 303, **fields: Any) -> Outcome[R]:
    """Run `verb` as the request's person, at the moment it arrived, under the form's claim.

    Raises Refusal where the verb refuses.
    """
    claim = claim_of_form(request)
    return verb.claimed(claim, status, person_of(request), at=request.received_at, **fields)  # type: ignore[attr-defined]
