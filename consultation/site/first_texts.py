"""The words with which the site's pages begin: `first/LANGUAGE/PAGE.md`, its title in the first line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from consultation.site.models import Key

FOLDER = Path(__file__).parent / "first"


@dataclass(frozen=True)
class FirstText:
    """What one page says in one language before anybody publishes another version."""

    key: str
    language: str
    title: str
    body: str


def shipped() -> Iterator[FirstText]:
    """All texts that come with the software."""
    for folder in sorted(FOLDER.iterdir()):
        for key in Key.values:
            title, _, body = (folder / f"{key}.md").read_text(encoding="utf-8").partition("\n")
            yield FirstText(key, folder.name, title.removeprefix("# "), body.strip() + "\n")
