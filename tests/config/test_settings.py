"""Transport follows SITE_URL, and what is unsafe does not start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from consultation.config.places import BASE_DIR

ASKED = [
    "ALLOWED_HOSTS", "BIND_ADDRESSES", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE", "SECURE_PROXY_SSL_HEADER", "SITE_URL", "DEBUG",
]  # fmt: skip
PLAIN = {
    "ALLOWED_HOSTS": ["localhost", "localhost", "127.0.0.1", "[::1]"],
    "BIND_ADDRESSES": ["127.0.0.1", "::1"],
    "SECURE_SSL_REDIRECT": False,
    "SECURE_HSTS_SECONDS": 0,
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
    "SECURE_PROXY_SSL_HEADER": None,
    "SITE_URL": "http://localhost:8000",
    "DEBUG": False,
}
ENCRYPTED = {
    "BIND_ADDRESSES": ["0.0.0.0"],
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    "DEBUG": False,
}
SERVER = "postgres://accord:secret@db.example/accord"


def load(var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process that has only `environment`, and print what is asked."""
    asked = f"{{name: getattr(settings, name) for name in {ASKED}}}"
    show = f"import json; from consultation.config import settings; print(json.dumps({asked}))"
    return subprocess.run(
        [sys.executable, "-c", show],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "ACCORD_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings(var: Path, **environment: str) -> dict[str, Any]:
    """What the settings come to."""
    return json.loads(load(var, **environment).stdout)


def test_with_nothing_set_it_serves_this_machine_alone(tmp_path: Path) -> None:
    assert settings(tmp_path) == PLAIN


def test_https_turns_on_redirect_hsts_and_secure_cookies(tmp_path: Path) -> None:
    found = settings(tmp_path, SITE_URL="https://accord.example/", DATABASE_URL=SERVER)
    assert found == ENCRYPTED | {"SITE_URL": "https://accord.example", "ALLOWED_HOSTS": ["accord.example"]}


def test_the_port_is_part_of_the_default_address(tmp_path: Path) -> None:
    assert settings(tmp_path, PORT="8123")["SITE_URL"] == "http://localhost:8123"


def test_an_ipv6_loopback_address_is_loopback(tmp_path: Path) -> None:
    assert settings(tmp_path, SITE_URL="http://[::1]:8000")["ALLOWED_HOSTS"][0] == "[::1]"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://accord.example", "without https, passwords would travel readable"),
        ("accord.example", "SITE_URL must read like https://accord.example"),
        ("ftp://accord.example", "SITE_URL must read like https://accord.example"),
    ],
)
def test_an_unsafe_or_unreadable_address_is_refused(tmp_path: Path, address: str, sentence: str) -> None:
    answer = load(tmp_path, SITE_URL=address)
    assert answer.returncode == 1
    assert sentence in answer.stderr


def test_plain_http_on_another_host_is_had_by_saying_so(tmp_path: Path) -> None:
    found = settings(tmp_path, SITE_URL="http://accord.test", INSECURE_HTTP="1")
    assert (found["BIND_ADDRESSES"], found["SECURE_SSL_REDIRECT"]) == (["0.0.0.0"], False)


def test_loading_them_starts_no_server_and_makes_only_secrets(tmp_path: Path) -> None:
    settings(tmp_path / "var")
    assert sorted(path.name for path in (tmp_path / "var").rglob("*")) == [
        "database-password", "log-signing-key", "secret-key", "secrets",
    ]  # fmt: skip


def test_secrets_that_are_given_are_written_nowhere(tmp_path: Path) -> None:
    settings(tmp_path / "var", SECRET_KEY="given", LOG_SIGNING_KEY="00" * 32, DATABASE_URL=SERVER)
    assert not (tmp_path / "var").exists()
