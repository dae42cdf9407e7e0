"""A command starts the servers only if it reaches for them."""

from __future__ import annotations

import pytest

from consultation.config.commands import needs_servers


@pytest.mark.parametrize(
    "line",
    ["", "help", "help migrate", "--version", "check --deploy", "makemigrations --check", "collectstatic",
     "messages compile", "migrate --help", "up"],
)  # fmt: skip
def test_what_reads_files_alone_starts_nothing(line: str) -> None:
    assert not needs_servers(["manage.py", *line.split()])


@pytest.mark.parametrize("line", ["migrate", "shell", "load_demo --clear", "check --database default", "new"])
def test_what_reaches_for_tables_or_is_unknown_has_servers(line: str) -> None:
    assert needs_servers(["manage.py", *line.split()])
