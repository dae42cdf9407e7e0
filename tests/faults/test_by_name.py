"""Whatever is woken by name is known to the worker that is to do it."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from consultation.config.celery import app
from consultation.config.places import BASE_DIR
from tests.faults.site import Site, eventually


def woken(file: Path) -> Iterator[str]:
    """The names that a module wakes. They have to be plain to see: a constant, written out or named."""
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    names = [ast.unparse(call.args[0]) for call in calls if ast.unparse(call.func) in ("wake", "jobs.wake")]
    if names:
        module = importlib.import_module(".".join(file.relative_to(BASE_DIR).with_suffix("").parts))
        yield from (eval(name, vars(module)) for name in names)


def test_a_running_worker_knows_every_name_that_is_woken(site: Site) -> None:
    rooms = [*BASE_DIR.glob("accounts/**/*.py"), *BASE_DIR.glob("consultation/**/*.py")]
    names = {name for file in rooms for name in woken(file)}
    by_the_clock = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert {"digests.build", "post.deliver"} <= names
    known = eventually(site.tasks, "an answer of the worker", seconds=20)
    assert (names | by_the_clock) - known == set()
