from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from consultation.kit.snapshot import snapshot
from consultation.texts import export, queries


class Command(BaseCommand):
    help = "Write the current text of a consultation into a folder, as load_text reads it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and the consultation."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--consultation", required=True, metavar="SLUG")

    def handle(self, *_: Any, folder: Path, consultation: str, verbosity: int = 1, **__: Any) -> None:
        """The folder, made where it is missing, holds the text. Other files in it are left alone."""
        with snapshot():
            found = queries.with_slug(consultation)
            if found is None:
                raise CommandError(f"There is no consultation with the address {consultation}.")
            files = export.files(found)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        if verbosity:
            self.stdout.write(f"Written to {folder}: {', '.join(files)}")
