"""A whole site in a folder of its own (servers, web, worker, beat) whose parts a test may end as it likes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, TypeVar

import celery
import psutil
import psycopg

from consultation.config import processes
from consultation.config.embedded import Redis
from consultation.config.places import BASE_DIR, Places
from tests import servers
from tests.config.installation import Installation
from tests.faults.visitor import Visitor

T = TypeVar("T")
REDIS_DATABASE = 0
# Seconds in which a worker that is there answers a question.
ANSWER = 2.0
# Characters of the log that are shown with a test that failed.
SHOWN = 5000


@dataclass(frozen=True)
class Site:
    """What runs under `installation`, and whom it knows."""

    installation: Installation
    port: int
    known: dict[str, str]
    supervisor: psutil.Process
    log: Path

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def consultation(self) -> str:
        """The path of its consultation's pages."""
        return f"/consultations/{self.known['slug']}/"

    @property
    def api(self) -> str:
        """The path of its consultation's calls."""
        return f"/api/v1{self.consultation}"

    @property
    def redis(self) -> Redis:
        """Its Redis."""
        return Redis(self.installation.places)

    def visitor(self) -> Visitor:
        """Somebody who is not signed in."""
        return Visitor(self.address)

    def contributor(self) -> Visitor:
        """Somebody with a token who speaks for a verified institution."""
        return Visitor(self.address, token=self.known["token"])

    def signed_in(self) -> Visitor:
        """The contributor, who signed in by the form."""
        person = self.visitor()
        answer = person.sign_in(self.known["email"], self.known["password"])
        assert "/accounts/login/" not in answer.url, answer.text
        return person

    def ask(self, question: str, *facts: object) -> list[tuple[Any, ...]]:
        """What the database answers."""
        return self.connection.execute(question, facts).fetchall()  # type: ignore[arg-type]

    @cached_property
    def connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        """That on which it is asked, fifty times a second by who waits."""
        return self.connect()

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection beside the site's own."""
        return psycopg.connect(
            host=str(self.installation.places.postgres_sockets),
            user="accord",
            dbname=servers.TEMPLATE,
            password=self.installation.places.database_password.read_text().strip(),
            autocommit=True,
        )

    def ask_for_digest(self, principle: int | None, *formats: str) -> str:
        """The key of a digest that its contributor asked for."""
        chosen = {"formats": list(formats)} if formats else {}
        question = {"principle": principle, "language": "en", **chosen}
        answer = self.contributor().call(f"{self.api}digests/", question)
        assert answer.status == 202, answer.text
        return str(answer.json()["id"])

    def state(self, digest: str) -> str:
        """How far a digest is. Nobody is asked but the database: a page that is opened wakes nothing."""
        [(state,)] = self.ask("SELECT state FROM consultation_digest WHERE id = %s", digest)
        return str(state)

    def until_ready(self, digest: str, *, seconds: float) -> None:
        """Wait for a digest. Fails when it is not ready after `seconds`."""
        eventually(lambda: self.state(digest) == "ready", f"digest {digest}", seconds=seconds)

    @contextmanager
    def celery(self) -> Iterator[celery.Celery]:
        """A way to its broker."""
        broker = f"redis+socket://{self.installation.places.redis_socket}?virtual_host={REDIS_DATABASE}"
        with celery.Celery(broker=broker, set_as_current=False) as app:
            # A connection that was kept would be to a Redis that a test stopped since.
            app.conf.broker_pool_limit = 0
            yield app

    def tasks(self) -> set[str]:
        """The names of the tasks that the running worker knows."""
        with self.celery() as app:
            answers = app.control.inspect(timeout=ANSWER, limit=1).registered() or {}
        return {name.split(" ")[0] for names in answers.values() for name in names}

    def wake(self, name: str, *args: str, times: int) -> None:
        """Send the same wake-up several times."""
        with self.celery() as app:
            for _ in range(times):
                app.send_task(name, args=args, ignore_result=True)

    def nothing_is_queued(self) -> bool:
        """Whether every wake-up was taken and dealt with."""
        with self.celery() as app:
            active = app.control.inspect(timeout=ANSWER, limit=1).active() or {"nobody": ["unknown"]}
        with self.installation.redis() as redis:
            return not any(active.values()) and not redis.llen("celery") and not redis.hlen("unacked")

    def worker(self) -> psutil.Process | None:
        """The worker's main process, if it lives."""
        children = self.supervisor.children()
        return next((child for child in children if "worker" in _arguments(child)), None)

    def kill_worker(self) -> None:
        """End the worker and its children at once."""
        worker = self.worker()
        assert worker is not None
        everybody = [worker, *worker.children(recursive=True)]
        os.killpg(worker.pid, signal.SIGKILL)
        assert processes.ended(everybody, seconds=10)

    @contextmanager
    def redis_stopped(self) -> Iterator[None]:
        """Redis is not there, until the block ends."""
        processes.kill(self.redis._all())
        try:
            yield
        finally:
            self.redis.start()

    @contextmanager
    def redis_hanging(self) -> Iterator[None]:
        """Redis takes connections and answers nothing, until the block ends."""
        hanging = self.redis._all()
        for server in hanging:
            server.suspend()
        try:
            yield
        finally:
            for server in hanging:
                server.resume()

    @contextmanager
    def no_file_is_finished(self) -> Iterator[None]:
        """Who makes a file of a digest gets as far as its last step, and waits there.

        What was asked for before is made first: it would wait there in its place.
        """
        eventually(self.makes_nothing, "an idle worker", seconds=60)
        with self.connect() as connection, connection.transaction():
            connection.execute("LOCK TABLE consultation_file IN SHARE MODE")
            yield

    def makes_nothing(self) -> bool:
        """Whether every digest that was asked for is done with."""
        [(count,)] = self.ask(
            "SELECT count(*) FROM consultation_digest WHERE state IN ('queued', 'building')"
        )
        return not count

    def waiting_to_finish_a_file(self) -> int:
        """How many processes are held by `no_file_is_finished`."""
        [(count,)] = self.ask(
            "SELECT count(*) FROM pg_locks WHERE relation = 'consultation_file'::regclass AND NOT granted"
        )
        return int(count)

    def said_since(self, position: int) -> str:
        """The end of what its processes printed after `position` of their log, in bytes."""
        return self.log.read_bytes()[position:][-SHOWN:].decode(errors="replace")


def eventually(question: Callable[[], T | None], what: str, *, seconds: float) -> T:
    """The answer, once there is one. Fails when there is none after `seconds`."""
    answers: list[T] = []

    def answered() -> bool:
        answer = question()
        if answer:
            answers.append(answer)
        return bool(answers)

    assert processes.wait_until(answered, seconds=seconds), f"{what}: not within {seconds} seconds"
    return answers[0]


@contextmanager
def running() -> Iterator[Site]:
    """A site from its first answer on, in a folder of its own; everything it started ends with it."""
    # Under this name the next session clears up after one that was killed.
    folder = Path(tempfile.mkdtemp(prefix=servers.PREFIX, dir="/tmp"))
    installation = Installation(Places(folder))
    try:
        with installation.servers():
            servers.make_template(installation.places)
            port = free_port()
            environment = environment_of(folder, port)
            known = json.loads(run("tests.faults.people", environment))
            with started(installation, port, known, environment) as site:
                yield site
    finally:
        servers.remove(installation.places)


def environment_of(folder: Path, port: int) -> dict[str, str]:
    """What the site's processes learn of where they are."""
    return {
        **os.environ,
        "ACCORD_VAR": str(folder),
        # That is what the migrated database is called; nothing has to be copied.
        "ACCORD_DATABASE": servers.TEMPLATE,
        "ACCORD_REDIS_DATABASE": str(REDIS_DATABASE),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORT": str(port),
    }


@contextmanager
def started(
    installation: Installation, port: int, known: dict[str, str], environment: dict[str, str]
) -> Iterator[Site]:
    """Web server, worker and beat under the supervisor, until the block ends."""
    log = installation.places.var / "site.log"
    with log.open("wb") as output:
        supervisor = start("tests.faults.serving", environment, output)
    site = Site(installation, port, known, psutil.Process(supervisor.pid), log)
    try:
        if not processes.wait_until(lambda: answers(site), seconds=60):
            raise AssertionError(f"The site does not answer after a minute.\n{site.said_since(0)}")
        yield site
    finally:
        site.connection.close()
        end(site.supervisor)
        supervisor.wait()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(program: str, environment: dict[str, str]) -> str:
    """What a program of the tests prints."""
    command = [sys.executable, "-m", program]
    return subprocess.run(
        command, cwd=BASE_DIR, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def start(program: str, environment: dict[str, str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a program of the tests that ends at the latest when this process does."""
    return subprocess.Popen(
        [sys.executable, "-m", program], cwd=BASE_DIR, env=environment, stdin=subprocess.DEVNULL,
        stdout=output, stderr=output, start_new_session=True, preexec_fn=processes.bound_to_me(),
    )  # fmt: skip


def end(supervisor: psutil.Process) -> None:
    """End the supervisor and whatever it started, at once: how it stops in order is tried elsewhere."""
    processes.kill([supervisor, *supervisor.children(recursive=True)])


def answers(site: Site) -> bool:
    """Whether web server and worker are there."""
    try:
        return site.visitor().get("/").status < 500 and bool(site.tasks())
    except OSError:
        return False


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
