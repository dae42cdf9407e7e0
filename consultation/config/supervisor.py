"""One process that runs the others: it starts them, restarts what dies, and stops them all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

from consultation.config import processes
from consultation.config.places import BASE_DIR

log = structlog.get_logger(__name__)

SHORTEST_WAIT, LONGEST_WAIT = 0.5, 30.0
# A program that ran this long is in order: the next death is not one in a row.
SETTLED = 30.0
# Longer than a request may take; a task killed after it is taken up again from its row.
GRACE = 20.0
TICK, TENDING = 0.2, 5.0
# Celery says at each start that root should not run it; whoever runs the site as root knows.
QUIET = {"PYTHONWARNINGS": "ignore:::celery.platforms"}


@dataclass
class Program:
    """A program to keep running; `kind` is what it learns as ACCORD_PROCESS."""

    kind: str
    arguments: Sequence[str]
    descriptors: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = SHORTEST_WAIT
    start_at: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor alone, which then asks in order."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.arguments], cwd=BASE_DIR, stdin=subprocess.DEVNULL,
            env={**os.environ, **QUIET, "ACCORD_PROCESS": self.kind}, pass_fds=tuple(self.descriptors),
            start_new_session=True, preexec_fn=processes.bound_to_me(),
        )  # fmt: skip
        self.started = time.monotonic()

    def look(self, now: float) -> None:
        """Start it if it is its time; after each early death it waits twice as long."""
        if self.process is not None and self.process.poll() is not None:
            if now - self.started > SETTLED:
                self.wait = SHORTEST_WAIT
            log.warning("process.died", process=self.kind, status=self.process.returncode, again_in=self.wait)
            self.process, self.start_at = None, now + self.wait
            self.wait = min(self.wait * 2, LONGEST_WAIT)
        if self.process is None and now >= self.start_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Let it finish what it is doing."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait for it until `deadline` (monotonic seconds), then end it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process.killed", process=self.kind)
            self.process.kill()
            self.process.wait()


@dataclass
class Supervisor:
    """Runs `programs` until SIGINT, SIGTERM or SIGHUP, and calls `tend` every few seconds."""

    programs: Sequence[Program]
    tend: Callable[[], None]
    stopping: bool = field(default=False, init=False)

    def run(self) -> None:
        """Return once everything that was started has ended."""
        before = {number: signal.signal(number, self._leave) for number in (signal.SIGINT, signal.SIGTERM)}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._leave)
        try:
            self._watch()
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _watch(self) -> None:
        tend_at = time.monotonic() + TENDING
        while not self.stopping:
            now = time.monotonic()
            for program in self.programs:
                program.look(now)
            if now >= tend_at:
                tend_at = now + TENDING
                self._tend()
            time.sleep(TICK)

    def _tend(self) -> None:
        try:
            self.tend()
        except (OSError, RuntimeError) as error:
            log.error("servers.not_revived", error=str(error))

    def _stop(self) -> None:
        for program in self.programs:
            program.ask_to_stop()
        deadline = time.monotonic() + GRACE
        for program in self.programs:
            program.stop(deadline)

    def _leave(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
