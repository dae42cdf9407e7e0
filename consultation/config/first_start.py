"""What a first start makes under ``var/``: folders and secrets, once, whoever comes first."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def own_directory(path: Path) -> Path:
    """Return `path`, made with mode 0700 if it was missing; a folder that was there keeps its mode."""
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


def secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept in `path`; the first caller writes what `make` gives, with mode 0600.

    Two processes that start together get the same one: the file appears under its name complete, by a
    hard link that only one of them can make.
    """
    if not path.exists():
        own_directory(path.parent)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(make() + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="ascii").strip()
