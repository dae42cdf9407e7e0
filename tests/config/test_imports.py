"""What import-linter cannot say: below the faces, no room's doors know HTTP."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from consultation.config.places import BASE_DIR

FACES = {"api", "config", "management", "migrations", "office", "pages", "web"}
DOORS = {"actions", "forms", "handlers", "models", "queries", "rules", "steps", "tasks"}
HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls")
# django-allauth hands its form the request, which does not look at it; the form links to the terms.
ALLOWED = {("accounts/forms.py", "django.http"), ("accounts/forms.py", "django.urls")}


def doors() -> Iterator[Path]:
    """The files of every room below the faces that are doors."""
    rooms = [BASE_DIR / "accounts", *sorted((BASE_DIR / "consultation").iterdir())]
    for room in rooms:
        if room.is_dir() and room.name not in FACES:
            yield from (path for path in sorted(room.glob("*.py")) if path.stem in DOORS)
            yield from (path for path in sorted(room.glob("*/*.py")) if path.parent.name in DOORS)


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_door_below_the_faces_knows_http() -> None:
    found = {
        (str(path.relative_to(BASE_DIR)), module)
        for path in doors()
        for module in imported(path)
        if module.startswith(HTTP)
    }
    assert found <= ALLOWED


def test_the_doors_are_found() -> None:
    assert {"accounts/actions/joining.py", "accounts/rules.py", "consultation/comments/steps.py"} <= {
        str(path.relative_to(BASE_DIR)) for path in doors()
    }
