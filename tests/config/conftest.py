"""Installations to try, each removed with whatever it still runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from consultation.config import processes
from tests import servers
from tests.config.installation import Installation, at

Install = Callable[[Path], Installation]


@pytest.fixture
def install() -> Iterator[Install]:
    """A function that makes an installation under a folder."""
    made: list[Installation] = []

    def make(folder: Path) -> Installation:
        folder.mkdir(parents=True, exist_ok=True)
        made.append(at(folder))
        return made[-1]

    yield make
    for installation in made:
        processes.kill(installation.processes())
        servers.remove(installation.places)


@pytest.fixture
def installation(install: Install, tmp_path: Path) -> Iterator[Installation]:
    """An installation in an ordinary folder."""
    yield install(tmp_path / "site")
    shutil.rmtree(tmp_path, ignore_errors=True)
