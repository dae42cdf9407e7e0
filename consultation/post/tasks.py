"""Woken: send one message. By the clock: send what was left behind."""

from uuid import UUID

from consultation.kit import clock
from consultation.kit.jobs import task
from consultation.post import actions

AT_MOST = 200


@task("post.deliver")
def deliver(message_id: str) -> None:
    """Send the message with this key, if it is due."""
    actions.deliver(UUID(message_id))


@task("post.sweep")
def sweep() -> None:
    """Send what is due, until nothing is, or the next sweep may as well go on."""
    for _ in range(AT_MOST):
        if not actions.deliver_next():
            return


@task("post.tidy")
def tidy() -> None:
    """Forget what mails said, and later that there were any."""
    actions.forget_old(None, at=clock.now())
