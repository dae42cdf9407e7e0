"""Where the embedded servers keep their data and meet their clients: names only, nothing is touched."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def var_directory() -> Path:
    """``var/`` under the checkout, or what ACCORD_VAR names (each test session has its own)."""
    return Path(os.environ.get("ACCORD_VAR") or BASE_DIR / "var").resolve()


@dataclass(frozen=True)
class Places:
    """The folders of one installation.

    Sockets live under ``/tmp`` under a name derived from the data's: a socket's path may not be longer
    than 107 bytes, and a checkout's may. It is ``/tmp`` by name and not TMPDIR, so that a command run
    with another environment finds the servers that are running.
    """

    var: Path

    @property
    def mark(self) -> str:
        """Ten letters that tell this installation from others on the machine."""
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:10]

    @property
    def postgres_sockets(self) -> Path:
        """The folder of PostgreSQL's socket."""
        return Path(f"/tmp/accord-{self.mark}-postgres")

    @property
    def redis_sockets(self) -> Path:
        """The folder of Redis's socket."""
        return Path(f"/tmp/accord-{self.mark}-redis")

    @property
    def redis_socket(self) -> Path:
        """Redis's socket."""
        return self.redis_sockets / "redis.sock"

    @property
    def postgres_data(self) -> Path:
        """PostgreSQL's data, where its user can reach it under this folder."""
        return self.var / "postgres"

    @property
    def postgres_data_elsewhere(self) -> Path:
        """PostgreSQL's data where it must run as a user who cannot reach ``var``."""
        return Path(f"/var/lib/accord-{self.mark}/postgres")

    @property
    def redis_data(self) -> Path:
        """Redis's append-only file."""
        return self.var / "redis"

    @property
    def locks(self) -> Path:
        """Lock files: who uses the servers, who starts them."""
        return self.var / "locks"

    @property
    def logs(self) -> Path:
        """What the servers print."""
        return self.var / "log"

    @property
    def database_password(self) -> Path:
        """The password of the embedded database's roles, made at first start."""
        return self.var / "secrets" / "database-password"


def places() -> Places:
    """The places of this process's installation."""
    return Places(var_directory())
