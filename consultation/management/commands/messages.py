from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultation.kit import catalogue


class Command(BaseCommand):
    help = "Keeps the translations of the interface: update, check or compile them. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "act",
            choices=["update", "check", "compile"],
            help="update: take new sentences into the catalogues; check: list what is missing or wrong, and"
            " end with 1 if anything is; compile: write what is older than its catalogue",
        )

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        {"update": self.update, "check": self.check_all, "compile": self.compile}[act]()

    def update(self) -> None:
        for language, lacking in catalogue.update(settings.BASE_DIR).items():
            self.stdout.write(f"{language}: {lacking} to translate")

    def check_all(self) -> None:
        found = catalogue.problems(settings.BASE_DIR)
        for problem in found:
            self.stderr.write(str(problem))
        if found:
            raise CommandError(f"{len(found)} translations are missing or wrong.")
        self.stdout.write("Every sentence is translated.")

    def compile(self) -> None:
        written = catalogue.compile_all(settings.BASE_DIR)
        self.stdout.write(f"{len(written)} catalogues compiled.")
