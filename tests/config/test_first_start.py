"""Secrets are made once, whole, and for their owner alone."""

from __future__ import annotations

import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from consultation.config.first_start import secret


def test_all_who_start_together_get_the_same_secret(tmp_path: Path) -> None:
    path = tmp_path / "var" / "key"
    with ThreadPoolExecutor(16) as pool:
        values = set(pool.map(lambda _: secret(path, secrets.token_hex), range(64)))
    assert values == {path.read_text().strip()}
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_a_secret_is_its_owners_alone(tmp_path: Path) -> None:
    secret(tmp_path / "var" / "key", secrets.token_hex)
    assert stat.S_IMODE((tmp_path / "var" / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_secret_that_was_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("chosen\n")
    assert secret(tmp_path / "key", secrets.token_hex) == "chosen"
