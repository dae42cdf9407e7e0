"""Running a management command beside the servers it needs."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from contextlib import AbstractContextManager, nullcontext
from types import FrameType
from typing import NoReturn

from django.core.management import execute_from_command_line

# These read files, not tables; `up` starts the servers itself, once it has its port.
WITHOUT_SERVERS = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages",
    "makemigrations", "messages", "startapp", "up", "version",
}  # fmt: skip


def needs_servers(argv: list[str]) -> bool:
    """Whether the command line reaches for the database or Redis; an unknown command does."""
    if len(argv) < 2 or argv[1].startswith("-") or {"-h", "--help"} & set(argv[2:]):
        return False
    return argv[1] not in WITHOUT_SERVERS or "--database" in argv


def servers() -> AbstractContextManager[object]:
    """Return a share in whatever servers the environment does not name elsewhere."""
    postgres, redis = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if not (postgres or redis):
        return nullcontext()
    from consultation.config.embedded import Servers
    from consultation.config.places import places

    return Servers(places(), postgres=postgres, redis=redis)


def leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End as an exit does, not as a kill, so that the servers are let go."""
    raise SystemExit(128 + number)


def run(argv: list[str]) -> None:
    """Run one management command; a server that does not start ends it with a sentence."""
    # Asked for beside no server, whether migrations are consistent with its tables cannot be answered.
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    if not needs_servers(argv):
        execute_from_command_line(argv)
        return
    from consultation.config.identity import EmbeddedError

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    try:
        with servers():
            execute_from_command_line(argv)
    except EmbeddedError as error:
        sys.exit(f"Accord cannot start its servers. {error}")
