from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.texts import queries
from consultation.texts.actions import load_text
from consultation.texts.models import Change
from consultation.texts.source import BadText, read_folder


class Command(BaseCommand):
    help = "Load a whole text from a folder: consultation.yaml, and one Markdown file for each language."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, the consultation, and what kind of change a new version is."""
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--consultation", required=True, metavar="SLUG")
        parser.add_argument(
            "--publish",
            choices=Change.values,
            help="publish words that changed as a new version of this kind",
        )

    def handle(
        self, *_: Any, folder: Path, consultation: str, publish: str | None, verbosity: int = 1, **__: Any
    ) -> None:
        """The consultation has this text; what is wrong with the files is said in a sentence."""
        change = Change(publish) if publish else None
        try:
            source = read_folder(folder)
            loaded = load_text(None, source=source, slug=consultation, change=change, at=clock.now())
        except BadText as error:
            raise CommandError(str(error)) from error
        except Refusal as refusal:
            raise CommandError(sentences(refusal)) from refusal
        if verbosity:
            for principle in queries.principles(loaded):
                if principle.number not in source.authoritative.sections:
                    self.stdout.write(f"Principle {principle.number} is not in {folder}: it stays as it is.")
            where = f"{settings.SITE_URL}/consultations/{loaded.slug}/"
            if loaded.published_at is None:
                where = f"{settings.SITE_URL}/secretariat/{loaded.slug}/, as a draft: nothing of it is public"
            self.stdout.write(f"The text is at {where}")


def sentences(refusal: Refusal) -> str:
    """What a refusal says, its fields included, in one line."""
    return " ".join(map(str, [refusal.sentence, *chain.from_iterable(refusal.errors.values())]))
