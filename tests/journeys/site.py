"""A whole installation as ``make run`` starts it, with text and demonstration, for a browser to visit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil

from consultation.config import processes
from consultation.config.embedded import Servers
from consultation.config.places import BASE_DIR, Places
from tests import servers
from tests.faults.site import eventually, free_port

# What this test session's own processes go by, and a fresh installation must not.
OF_THE_SESSION = ("ACCORD_TEST_SESSION", "ACCORD_TEST_WORKER", "ACCORD_DATABASE", "ACCORD_REDIS_DATABASE")
SLUG = "global-ai-governance"


@dataclass(frozen=True)
class Site:
    """What ``manage.py up`` serves from `places`."""

    address: str
    places: Places
    log: Path

    def url(self, path: str) -> str:
        """The full address of a path."""
        return self.address + path

    def consultation(self, path: str = "") -> str:
        """The path of a page of the consultation it ships with."""
        return f"/consultations/{SLUG}/{path}"

    def letter_to(self, address: str, *, about: str) -> str:
        """The words of the newest mail to `address` whose subject holds `about`, once it was sent."""
        return eventually(lambda: self._letter(address, about), f"a mail to {address}: {about}", seconds=30)

    def _letter(self, address: str, about: str) -> str:
        for file in sorted((self.places.var / "mail").glob("[0-9]*.eml"), reverse=True):
            message = message_from_bytes(file.read_bytes(), policy=policy.default)
            plain = message.get_body(preferencelist=("plain",))
            if address in str(message["To"]) and about in str(message["Subject"]) and plain is not None:
                return str(plain.get_content())
        return ""

    def last_words(self) -> str:
        """The end of what its processes printed."""
        return processes.tail(self.log, lines=40)[-4000:]


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """The site, from its first answer on, its data under `folder`; everything it started ends with it."""
    places, port = Places(folder.resolve() / "var"), free_port()
    site = Site(f"http://localhost:{port}", places, folder / "up.log")
    # Held here, the servers need not be durable, and the tables are copied from those that the session made.
    with Servers(places, durable=False), site.log.open("wb") as output:
        servers.make_template(places)
        up = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=environment(places, port),
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, preexec_fn=processes.bound_to_me(),
        )  # fmt: skip
        try:
            eventually(lambda: up.poll() is not None or answers(site), "the first page", seconds=180)
            assert up.poll() is None, site.last_words()
            yield site
        finally:
            stop(up)
    servers.remove(places)


def environment(places: Places, port: int) -> dict[str, str]:
    """The environment of a shell in which nothing but port, folder and database were chosen."""
    foreign = {*servers.FOREIGN, *OF_THE_SESSION, "DJANGO_SETTINGS_MODULE"}
    plain = {name: value for name, value in os.environ.items() if name not in foreign}
    own = {"ACCORD_VAR": str(places.var), "ACCORD_DATABASE": servers.TEMPLATE, "PORT": str(port)}
    return plain | own


def answers(site: Site) -> bool:
    """Whether the site says that it is there."""
    try:
        with urlopen(site.url("/"), timeout=10) as page:
            return bool(page.status == 200)
    except HTTPError as error:
        return error.code < 500
    except (URLError, OSError):
        return False


def stop(up: subprocess.Popen[bytes]) -> None:
    """End the installation, as Ctrl-C does; what has not ended after that is killed."""
    started = psutil.Process(up.pid).children(recursive=True) if up.poll() is None else []
    up.terminate()
    try:
        up.wait(25)
    except subprocess.TimeoutExpired:
        up.kill()
        up.wait()
    processes.kill([each for each in started if processes.alive(each)])
