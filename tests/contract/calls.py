"""Calling the API inside a test's own process."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.test import APIClient

from accounts.models import User
from tests import factories as make

BASE = "/api/v1/"
JSON = "application/json"


class Caller:
    """Somebody who calls the API with a token, or a visitor. Paths are relative to the API's own."""

    def __init__(self, person: User | None = None) -> None:
        self.client = APIClient(raise_request_exception=True)
        if person is not None:
            self.client.credentials(HTTP_AUTHORIZATION=f"Token {make.token(person)}")

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(_address(path), headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(_address(path), json.dumps(body or {}), content_type=JSON, headers=headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.patch(_address(path), json.dumps(body), content_type=JSON, headers=headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(_address(path), headers=headers)

    def raw(self, path: str, body: bytes, content_type: str = JSON) -> Any:
        """POST these bytes."""
        return self.client.post(_address(path), body, content_type=content_type)


def _address(path: str) -> str:
    return path if path.startswith(("/", "http")) else BASE + path


def by(person: User | None) -> Caller:
    """The calls of somebody."""
    return Caller(person)


def visitor() -> Caller:
    """The calls of somebody without an account."""
    return Caller()


def results(answer: Any) -> list[dict[str, Any]]:
    """The results of a page of a list."""
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def pages(caller: Caller, path: str) -> list[list[dict[str, Any]]]:
    """The results of every page of a list, following `next`."""
    found, address = [], path
    while address:
        answer = caller.get(address)
        found.append(results(answer))
        address = answer.json()["next"]
    return found


def problem(answer: Any, status: int, code: str, *fields: str) -> dict[str, Any]:
    """The problem document of an answer: this status and code, and sentences for exactly these fields."""
    document: dict[str, Any] = answer.json()
    assert answer["Content-Type"] == "application/problem+json", answer.content
    assert (answer.status_code, document["type"].partition("#")[2]) == (status, code), document
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    assert sorted(document.get("errors", {})) == sorted(fields), document
    return document
