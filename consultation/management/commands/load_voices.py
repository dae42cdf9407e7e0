from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from consultation.kit.refusal import Refusal
from consultation.management.voices import loading, reading


class Command(BaseCommand):
    help = "Send comments from public sources, by made-up institutions, in consultations of their own."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder with `polis` and `consultations`, and how much of it."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--only", metavar="WORD", default="", help="sources with this word in their name")
        parser.add_argument("--most", type=int, metavar="N", help="at most so many comments of each source")
        parser.add_argument("--force", action="store_true", help="also where DATABASE_URL is set")

    def handle(
        self,
        *_: Any,
        folder: Path,
        only: str,
        most: int | None,
        force: bool,
        verbosity: int = 1,
        **__: Any,
    ) -> None:
        """Each source is in its consultation; again it changes nothing."""
        if not (settings.EMBEDDED or force):
            raise CommandError(
                "DATABASE_URL is set: a server for real work gets no institutions that are made up. "
                "Add --force if this is a test installation."
            )
        try:
            found = [each for each in reading.sources(folder) if only in each.slug]
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"{folder} can't be read: {error}") from error
        if not found:
            raise CommandError(f"There is no such source in {folder}.")
        for source in found:
            self._load(source, most, verbosity)

    def _load(self, source: reading.Source, most: int | None, verbosity: int) -> None:
        try:
            told = loading.load(source, most=most)
        except Refusal as refusal:
            raise CommandError(f"{source.slug} could not be loaded: {refusal}") from refusal
        if verbosity:
            self.stdout.write(f"{settings.SITE_URL}/consultations/{source.slug}/: {told.sent} comments sent")
            for key, met in told.refused:
                said = " ".join(str(each) for lines in met.errors.values() for each in lines)
                self.stdout.write(f"  {key}: {said or met}")
