from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.management.demonstration import clearing, loading, script
from consultation.texts.models import Consultation


class Command(BaseCommand):
    help = "Load demonstration accounts and a small lively discussion, all marked as demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to take the demonstration away, and whether to load it beside a real database."""
        parser.add_argument(
            "--clear", action="store_true", help="take the demonstration away, and nothing else"
        )
        parser.add_argument("--force", action="store_true", help="also where DATABASE_URL is set")
        parser.add_argument(
            "--unless-cleared", action="store_true", help="not where it was taken away: each start asks so"
        )

    def handle(
        self, *_: Any, clear: bool, force: bool, unless_cleared: bool, verbosity: int = 1, **__: Any
    ) -> None:
        """The demonstration is there, or gone; again it changes nothing."""
        if clear:
            said = self._clear()
        elif unless_cleared and loading.was_cleared():
            said = "The demonstration was cleared before, and stays away."
        elif settings.EMBEDDED or force:
            said = self._load()
        else:
            raise CommandError(
                "DATABASE_URL is set: a server for real work gets no accounts whose password everybody "
                "knows. Add --force if this is a test installation."
            )
        if verbosity:
            self.stdout.write(said)

    def _load(self) -> str:
        if loading.is_loaded():
            return "The demonstration is there already. Nothing was changed."
        written = script.read()
        consultation = Consultation.objects.filter(slug=written.consultation).first()
        if consultation is None:
            raise CommandError("Load the initiative first: manage.py load_initiative")
        try:
            loading.load(consultation, written, at=clock.now())
        except Refusal as refusal:
            raise CommandError(f"The demonstration could not be loaded: {refusal}") from refusal
        return "The demonstration is loaded. Institutions, people and comments are imagined."

    def _clear(self) -> str:
        if clearing.clear(script.read(), at=clock.now()):
            return "The demonstration is gone."
        return "There is no demonstration. Nothing was changed."
