"""A server in the place of a translator: on this machine, as fast, slow, broken or wrong as a test asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], tuple[int, Any]]


class StandIn:
    """What was asked of the server, and what it answers: a status, and JSON or bytes."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.keys: list[str | None] = []
        self.answer: Answer = in_brackets
        # Seconds before each of the bytes of an answer.
        self.drips = 0.0


def in_brackets(asked: dict[str, Any]) -> tuple[int, Any]:
    """As LibreTranslate: the words in brackets, after the two languages."""
    return 200, {"translatedText": f"[{asked['source']}>{asked['target']} {asked['q']}]"}


def as_a_model(asked: dict[str, Any]) -> tuple[int, Any]:
    """As OpenAI's: what the user wrote, in brackets after the model's name."""
    words = asked["messages"][-1]["content"]
    return 200, {"choices": [{"message": {"content": f"[{asked['model']} {words}]"}}]}


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """A server on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stand_in.asked.append((self.path, asked))
            stand_in.keys.append(self.headers.get("Authorization"))
            status, content = stand_in.answer(asked)
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{stand_in.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self._send(body)

        def _send(self, body: bytes) -> None:
            try:
                for start in range(0, len(body), 1) if stand_in.drips else [0]:
                    time.sleep(stand_in.drips)
                    self.wfile.write(body[start : start + 1] if stand_in.drips else body)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in = StandIn(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
