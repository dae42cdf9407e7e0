"""An embedded installation in a folder of its own, and questions a test asks about it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import redis

from consultation.config import processes
from consultation.config.embedded import Postgres, Servers
from consultation.config.places import BASE_DIR, Places


@dataclass(frozen=True)
class Installation:
    """The servers under `places`, seen from outside."""

    places: Places

    def servers(self) -> Servers:
        """A share in the servers; without fsync, as no test pulls the plug."""
        return Servers(self.places, durable=False)

    def connect(self, *, password: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the application."""
        return psycopg.connect(
            host=str(self.places.postgres_sockets),
            user="accord",
            dbname="accord",
            password=password or self.places.database_password.read_text().strip(),
            autocommit=True,
        )

    def redis(self) -> redis.Redis:
        """A client of the embedded Redis."""
        return redis.Redis(unix_socket_path=str(self.places.redis_socket), decode_responses=True)

    def processes(self) -> list[psutil.Process]:
        """The server processes that run now."""
        parts = self.servers().parts
        return [process for part in parts for process in part._all()]

    def server_id(self) -> int:
        """The process id of the running PostgreSQL."""
        server = Postgres(self.places)._server()
        assert server is not None
        return server.pid

    def hold(self, **environment: str) -> subprocess.Popen[str]:
        """Another program that holds the servers until its input is closed."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.config.holder"],
            cwd=BASE_DIR,
            env={**os.environ, "ACCORD_VAR": str(self.places.var), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def kill_everything(self) -> None:
        """End the servers as a power cut would: PostgreSQL's own process first, its backends left alone."""
        postgres = psutil.Process(self.server_id())
        valkey = [process for process in self.processes() if process.name() == "valkey-server"]
        processes.kill([postgres, *valkey])

    def write(self, words: str) -> None:
        """Put `words` into both servers."""
        with self.connect() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS note (words text)")
            connection.execute("INSERT INTO note VALUES (%s)", [words])
        with self.redis() as client:
            client.set("note", words)

    def read(self) -> tuple[object, object]:
        """What `write` put there: from PostgreSQL, from Redis."""
        with self.connect() as connection, self.redis() as client:
            row = connection.execute("SELECT words FROM note").fetchone()
            return row and row[0], client.get("note")

    def gone(self) -> bool:
        """Whether no server runs, given a moment."""
        return processes.wait_until(lambda: not self.processes(), seconds=10)


def at(folder: Path) -> Installation:
    """An installation whose ``var/`` is under `folder`."""
    return Installation(Places(folder.resolve() / "var"))
