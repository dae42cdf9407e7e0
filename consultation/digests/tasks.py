from __future__ import annotations

from uuid import UUID

from consultation.digests import actions, building, queries, steps
from consultation.kit import clock, jobs


@jobs.task("digests.build")
def build(digest_id: str) -> None:
    """Make what is still to be made of one digest."""
    building.build(UUID(digest_id))


@jobs.task("digests.sweep")
def sweep() -> None:
    """Withhold what readers lost, give up what killed five workers, wake what nobody works on."""
    for consultation in queries.behind():
        actions.withhold(None, consultation_id=consultation, at=clock.now())
    for digest in queries.exhausted():
        actions.give_up(None, digest_id=digest.pk)
    for key in queries.unattended():
        jobs.wake(steps.TASK, str(key))
