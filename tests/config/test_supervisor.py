"""The supervisor restarts what dies, stops what it started, and takes it along when it is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from consultation.config.places import BASE_DIR
from consultation.config.processes import alive, kill, wait_until


@pytest.fixture
def supervisor() -> Iterator[psutil.Popen]:
    """A supervisor with two programs, both running."""
    process = psutil.Popen(
        [sys.executable, "-m", "tests.config.supervised"],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert wait_until(lambda: len(programs(process)) == 2, seconds=10)
    yield process
    if alive(process):
        kill([*programs(process), process])
    process.wait(5)


def programs(supervisor: psutil.Popen) -> list[psutil.Process]:
    """What it runs now."""
    return [child for child in supervisor.children() if alive(child) and serves(child)]


def serves(child: psutil.Process) -> bool:
    """Whether it is one of the programs; what died since it was counted is none."""
    try:
        return "http.server" in child.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def test_what_dies_is_started_again(supervisor: psutil.Popen) -> None:
    before = programs(supervisor)
    before[0].kill()
    assert wait_until(lambda: len(set(programs(supervisor)) - set(before)) == 1, seconds=10)
    assert before[1] in programs(supervisor)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_stops_what_it_started(supervisor: psutil.Popen, number: signal.Signals) -> None:
    running = programs(supervisor)
    supervisor.send_signal(number)
    output, _ = supervisor.communicate(timeout=10)
    assert output.endswith("stopped\n")
    assert supervisor.returncode == 0
    assert not any(alive(process) for process in running)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_killed_it_takes_its_programs_along(supervisor: psutil.Popen) -> None:
    running = programs(supervisor)
    supervisor.kill()
    assert wait_until(lambda: not any(alive(process) for process in running), seconds=10)
