"""A program that knows the API by its contract alone, over real connections."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from consultation.config import processes

PATIENCE = 30  # seconds for one answer


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)


@dataclass(frozen=True)
class Program:
    """Calls a site (scheme, host, port) with somebody's token, or without one."""

    site: str
    token: str = ""

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """One call; `path` is relative to the API's own, or a whole address that an answer gave."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = Request(urljoin(f"{self.site}/api/v1/", path), data, headers, method=method)
        try:
            with urlopen(request, timeout=PATIENCE) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read())

    def get(self, path: str) -> Any:
        """What a call that succeeds answers."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.content
        return answer.json()

    def post(self, path: str, body: dict[str, Any], *, status: int) -> Any:
        """What a call that comes to this status answers."""
        answer = self.ask("POST", path, body)
        assert answer.status == status, answer.content
        return answer.json()

    def until(self, path: str, holds: Callable[[Any], bool], *, seconds: float) -> Any:
        """What `path` answers, as soon as `holds` says so of it."""
        seen: list[Any] = []

        def asked() -> bool:
            seen.append(self.get(path))
            return holds(seen[-1])

        assert processes.wait_until(asked, seconds=seconds), seen[-1:]
        return seen[-1]
