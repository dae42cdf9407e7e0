from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from consultation.config.places import BASE_DIR
from consultation.kit import clock
from consultation.texts.actions import load_text
from consultation.texts.source import read_folder

FOLDER = BASE_DIR / "consultation" / "texts" / "initiative"
# The demonstration's discussion needs a past in which its round was open.
OPENED_BEFORE = timedelta(days=60)


class Command(BaseCommand):
    help = "Load the consultation on the initiative's ten principles. Again it changes nothing."

    def handle(self, *_: Any, verbosity: int = 1, **__: Any) -> None:
        """The shipped text is there, published, with its policy and its round."""
        at = clock.now()
        if settings.EMBEDDED:
            at -= OPENED_BEFORE
        consultation = load_text(None, source=read_folder(FOLDER), at=at)
        if verbosity:
            self.stdout.write(f"The initiative is at {settings.SITE_URL}/consultations/{consultation.slug}/")
