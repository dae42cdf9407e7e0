"""``manage.py up`` as people use it: start, kill, start again, stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import psutil
import pytest

from consultation.config.places import BASE_DIR
from consultation.config.processes import alive, kill, wait_until
from tests import servers
from tests.config.installation import Installation

Up = Callable[..., "subprocess.Popen[str]"]


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def up(installation: Installation) -> Iterator[Up]:
    """A function that starts the site on a port, with what else the environment shall say."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int, **more: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "ACCORD_VAR": str(installation.places.var), "ACCORD_DATABASE": "accord"}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=BASE_DIR,
            env={**environment, "PORT": str(port), **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str, *, seconds: float = 180) -> str:
    """What it prints until `words`."""
    assert process.stdout is not None
    text = ""
    with closing_after(process, seconds=seconds):
        while words not in text:
            line = process.stdout.readline()
            assert line, f"It ended with status {process.wait()}:\n{text}"
            text += line
    return text


@contextmanager
def closing_after(process: subprocess.Popen[str], *, seconds: float) -> Iterator[None]:
    """End a program that a test would wait for without end."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    yield
    timer.cancel()


def answers(port: int) -> bool:
    """Whether the site answers on `port`."""
    try:
        with urlopen(f"http://localhost:{port}/", timeout=10) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def test_a_taken_port_is_refused_politely_and_nothing_is_started(up: Up, installation: Installation) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        process = up(port)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert f"Port {port} is not free" in output
    assert "Traceback" not in output
    assert installation.processes() == []


@pytest.mark.usefixtures("running_servers")
def test_on_a_database_server_named_to_it_it_serves_restarts_what_dies_and_stops_clean(
    up: Up, installation: Installation
) -> None:
    port = free_port()
    name = f"{os.environ['ACCORD_DATABASE']}_up"
    servers.make_database(name)
    site = up(port, DATABASE_URL=servers.database_url(name))
    printed = read_until(site, "Ctrl-C stops everything")
    assert f"Accord is at http://localhost:{port}" in printed
    assert "demo.example" not in printed
    assert [process.name() for process in installation.processes()] == ["valkey-server"]

    running = psutil.Process(site.pid).children()
    kill([process for process in running if "gunicorn" in process.cmdline()])
    assert wait_until(lambda: answers(port), seconds=60)

    site.send_signal(signal.SIGINT)
    output, _ = site.communicate(timeout=30)
    assert output.endswith("Stopped.\n")
    assert site.returncode == 0
    assert installation.gone()
    assert not any(alive(process) for process in running)


@pytest.mark.long
def test_it_survives_being_killed_and_keeps_its_data(up: Up, installation: Installation) -> None:
    port = free_port()
    first = up(port)
    assert "secretariat@demo.example" in read_until(first, "Ctrl-C stops everything", seconds=600)
    installation.write("kept")

    running = [process for process in psutil.Process(first.pid).children(recursive=True) if is_ours(process)]
    first.kill()
    first.wait()
    assert wait_until(lambda: not any(alive(process) for process in running), seconds=30)
    kill(installation.processes())

    second = up(port)
    read_until(second, "Ctrl-C stops everything")
    assert answers(port)
    assert installation.read()[0] == "kept"
    second.send_signal(signal.SIGTERM)
    second.communicate(timeout=30)
    assert installation.gone()


def is_ours(process: psutil.Process) -> bool:
    """Whether it is a child of the supervisor and not one of the servers, which outlive it."""
    return process.name() not in ("postgres", "valkey-server")
