from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.management.volume import (
    comments,
    consultations,
    cosigning,
    endorsements,
    institutions,
    plan,
)
from consultation.management.volume.comments import Ground
from consultation.texts import queries as texts


class Command(BaseCommand):
    help = "Synthetic volume for measurements, the same for the same seed, in any consultation."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, how much, and the seed."""
        parser.add_argument("--consultation", required=True, metavar="SLUG")
        parser.add_argument("--institutions", type=int, required=True, metavar="N")
        parser.add_argument("--comments", type=int, required=True, metavar="N")
        parser.add_argument("--endorsements", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, *_: Any, consultation: str, seed: int, verbosity: int = 1, **amounts: Any) -> None:
        """The consultation holds this much more."""
        started = time.monotonic()
        try:
            fill(
                consultation,
                amounts["institutions"],
                amounts["comments"],
                amounts["endorsements"],
                seed,
                clock.now(),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            self.stdout.write(f"Filled in {time.monotonic() - started:.0f} s.")


def fill(
    slug: str, institutions_count: int, comments_count: int, positions_count: int, seed: int, at: datetime
) -> None:
    """So many institutions, comments and positions more, the comments partly replied to and co-signed.

    Raises CommandError where that can't be, and Refusal where no round is open.
    """
    if min(institutions_count, comments_count, positions_count) < 0:
        raise CommandError("Give numbers from 0 on.")
    if not institutions_count and (comments_count or positions_count):
        raise CommandError("Somebody has to speak: give at least one institution.")
    found = consultations.get(slug, seed=seed, at=at)
    running = consultations.running_round(found, at=at)
    principles = list(texts.principles(found))
    if positions_count > institutions_count * len(principles):
        most = institutions_count * len(principles)
        raise CommandError(f"{institutions_count} institutions can hold {most} positions at most.")
    staff = consultations.staff(None, consultation_id=found.pk, at=running.opens_at)
    clause = found.clauses.all()[0]
    ground = Ground(found, running, principles, clause, staff, seed)
    voices = institutions.make(institutions_count, seed=seed, registrar=staff, opens_at=running.opens_at)
    planned = plan.comments(
        comments_count, voices, places=len(principles), seed=seed, opens_at=running.opens_at, until=at
    )
    comments.write(ground, planned)
    cosigning.write(ground, planned, voices, until=at)
    endorsements.write(ground, positions_count, voices, until=at)
