"""Finding, ending and outliving processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1


def named(name: str) -> list[psutil.Process]:
    """All processes of that name that we may see."""
    return [process for process in psutil.process_iter(["name"]) if process.info["name"] == name]


def kill(processes: list[psutil.Process]) -> None:
    """End `processes` at once and return when they are gone."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    ended(processes, seconds=10)


def wait_until(true: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `true` until it says so; False after `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def alive(process: psutil.Process) -> bool:
    """Whether the process still runs (one that only waits to be buried does not)."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ended(processes: list[psutil.Process], *, seconds: float) -> bool:
    """Wait until all `processes` ended; False if one has not after `seconds`."""
    return wait_until(lambda: not any(map(alive, processes)), seconds=seconds)


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however it dies.

    Not in order: one that takes its time would still be at work beside the next one.

    Linux only; elsewhere a supervisor killed by SIGKILL leaves its children to be ended by hand.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def bound_to_me() -> Callable[[], None]:
    """Return what a child runs before its program, so that it never outlives this process."""
    parent = os.getpid()

    def in_child() -> None:
        end_with_parent()
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def tail(path: Path, *, lines: int = 8) -> str:
    """The last lines of a log, for an error message."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return "\n".join(text.splitlines()[-lines:])
