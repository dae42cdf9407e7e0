"""The test session's own PostgreSQL and Redis: real servers in a folder that goes when the session ends."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis
from psycopg import sql

from consultation.config.embedded import Servers
from consultation.config.first_start import own_directory
from consultation.config.identity import ENVIRONMENT, wheel_binaries
from consultation.config.places import BASE_DIR, Places, places

PREFIX = "accord-tests-"
TEMPLATE = "accord_template"
# What a developer's shell may hold and tests must not see.
FOREIGN = (
    "ACCORD_PROCESS", "ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "DEFAULT_FROM_EMAIL", "EMAIL_URL",
    "INSECURE_HTTP", "LOG_LEVEL", "LOG_SIGNING_KEY", "MEDIA_ROOT", "PORT", "REDIS_URL", "SECRET_KEY",
    "SITE_NAME", "SITE_URL", "TRANSLATOR_KEY", "TRANSLATOR_KIND", "TRANSLATOR_MODEL", "TRANSLATOR_URL",
    "TRUSTED_PROXIES",
)  # fmt: skip


def claim_environment(environment: MutableMapping[str, str]) -> None:
    """Point this process, and those it starts, at the session's folder and at databases of its own.

    The first process of a session makes the folder; xdist's workers inherit its name.
    """
    if "ACCORD_TEST_SESSION" not in environment:
        for name in FOREIGN:
            environment.pop(name, None)
        folder = tempfile.mkdtemp(prefix=PREFIX, dir="/tmp")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        environment.update(ACCORD_TEST_SESSION=folder, ACCORD_VAR=folder)
    worker = environment.get("PYTEST_XDIST_WORKER", "gw0")
    if environment.get("ACCORD_TEST_WORKER") != worker:
        first = 2 * int(worker.removeprefix("gw"))
        environment.update(ACCORD_TEST_WORKER=worker, ACCORD_DATABASE=f"test_{worker}")
        environment["ACCORD_REDIS_DATABASE"] = str(first)


@contextmanager
def running() -> Iterator[None]:
    """The session's servers, with a migrated template database; everything is gone afterwards."""
    clear_up_after_killed_sessions()
    session = places()
    try:
        with Servers(session, durable=False):
            make_template(session)
            yield
    finally:
        remove(session)


def database_url(name: str) -> str:
    """A database of the session's server as DATABASE_URL says it: to a site, somebody else's server."""
    session = places()
    password = session.database_password.read_text().strip()
    return f"postgres://accord:{password}@/{name}?host={session.postgres_sockets}"


def connect(session: Places) -> psycopg.Connection[tuple[object, ...]]:
    """A connection beside Django's, to make databases with."""
    return psycopg.connect(
        host=str(session.postgres_sockets),
        user="accord",
        password=session.database_password.read_text().strip(),
        dbname="postgres",
        autocommit=True,
    )


def make_template(session: Places) -> None:
    """Migrate one database, from which every process of the session copies its own.

    Migrating takes ten times as long as reading what it came to, so that is kept for the next session
    for as long as migrations and lock stay as they are.
    """
    with connect(session) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    kept = kept_template()
    if kept.exists():
        restore_template(session, TEMPLATE)
        return
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(migrate, cwd=BASE_DIR, env={**os.environ, "ACCORD_DATABASE": TEMPLATE}, check=True)
    own_directory(kept.parent)
    for older in kept.parent.glob("template-*"):
        older.unlink(missing_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    postgres(session, "pg_dump", "--no-owner", "-f", str(draft), TEMPLATE)
    draft.rename(kept)


def restore_template(session: Places, database: str) -> None:
    """Give an empty database the tables that migrating makes."""
    script = str(kept_template())
    postgres(session, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, database)


def kept_template() -> Path:
    """Where what migrating came to is kept; the name tells one state of migrations and lock from another."""
    mark = hashlib.sha256((BASE_DIR / "requirements-dev.txt").read_bytes())
    first_texts = BASE_DIR.glob("consultation/site/first/*/*.md")
    for brought in sorted([*BASE_DIR.glob("*/migrations/*.py"), *first_texts]):
        mark.update(brought.read_bytes())
    return BASE_DIR / "var" / "tests" / f"template-{mark.hexdigest()[:16]}.sql"


def postgres(session: Places, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs as the application's role."""
    address = {"PGHOST": str(session.postgres_sockets), "PGUSER": "accord"}
    password = {"PGPASSWORD": session.database_password.read_text().strip()}
    command = [str(wheel_binaries() / program), *arguments]
    output = subprocess.DEVNULL
    subprocess.run(command, env={**ENVIRONMENT, **address, **password}, stdout=output, check=True)


def make_database(name: str | None = None) -> None:
    """Copy the template into a database (this process's own), in the place of one left by an earlier one."""
    database = sql.Identifier(name or os.environ["ACCORD_DATABASE"])
    with connect(places()) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(create.format(database, sql.Identifier(TEMPLATE)))


def empty_redis() -> None:
    """Empty this process's two databases of Redis: broker and cache."""
    first = int(os.environ["ACCORD_REDIS_DATABASE"])
    for number in (first, first + 1):
        with redis.Redis(unix_socket_path=str(places().redis_socket), db=number) as client:
            client.flushdb()


def remove(session: Places) -> None:
    """Delete what the session's servers leave."""
    folders = [session.var, session.postgres_sockets, session.redis_sockets]
    for folder in (*folders, session.postgres_data_elsewhere.parent):
        shutil.rmtree(folder, ignore_errors=True)


def clear_up_after_killed_sessions() -> None:
    """Stop the servers of sessions that were killed, and delete their folders."""
    for folder in Path("/tmp").glob(f"{PREFIX}*/locks"):
        session = Places(folder.parent)
        if session == places() or folder.stat().st_uid != os.geteuid():
            continue
        with (folder / "in-use").open("a") as share:
            try:
                fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            for part in Servers(session).parts:
                part.stop()
        remove(session)
