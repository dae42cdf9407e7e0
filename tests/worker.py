"""A real Celery worker beside a test, on the same database, Redis and files; it sees committed rows only."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from consultation.config import processes
from consultation.config.places import BASE_DIR
from consultation.management.commands.up import background


@contextmanager
def running(log: Path) -> Iterator[None]:
    """The product's own worker, until the block ends; what it prints goes to `log`."""
    command = next(program.arguments for program in background() if "worker" in program.arguments)
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=BASE_DIR, env={**os.environ, "ACCORD_PROCESS": "worker"},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            preexec_fn=processes.bound_to_me(),
        )  # fmt: skip
        try:
            yield
        finally:
            worker.terminate()
            try:
                worker.wait(15)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
