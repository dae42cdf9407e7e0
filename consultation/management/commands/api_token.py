"""``manage.py api_token EMAIL``: a new key for programs that act for a person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import issue_token
from accounts.models import User
from consultation.kit import clock
from consultation.kit.refusal import Refusal


class Command(BaseCommand):
    help = "Prints a new API token for a person, once, alone on its line. It lasts 90 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which the person signs in")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError(f"Nobody signs in with {options['email']}.")
        try:
            _, secret = issue_token(person, name="manage.py api_token", at=clock.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(secret)
