"""Waking background work by name. The row is the job; the message only says "look"."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from celery import current_app, shared_task
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

log = logging.getLogger(__name__)
ATTEMPTS = 5
SEND_WITHIN = 0.3
J = TypeVar("J", bound=models.Model)


def wake(name: str, *args: str | int) -> None:
    """Send a wake-up after the commit; if the broker can't be reached, the sweep finds the row."""
    transaction.on_commit(lambda: _send(name, args), robust=True)


def _send(name: str, args: tuple[str | int, ...]) -> None:
    try:
        current_app.send_task(name, args=args, retry=False, ignore_result=True)
    except Exception as error:
        log.warning("wake.lost name=%s error=%s", name, type(error).__name__)


def task(name: str) -> Callable[[Callable[..., Any]], Any]:
    """Declare what runs when `name` is woken; arguments are primitive values."""
    return shared_task(name=name, ignore_result=True)


def lease(waiting: models.QuerySet[J], *, seconds: int) -> J | None:
    """Take the first row of `waiting` that nobody works on, for `seconds`; None when there is none.

    Call inside a transaction. Rows of `kit.models.Job`; each lease counts as an attempt.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    row = (
        waiting.filter(free, job_state="waiting", not_before__lte=Now())
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .order_by("not_before", "pk")
        .first()
    )
    if row is None:
        return None
    type(row)._default_manager.filter(pk=row.pk).update(
        lease_until=Now() + timedelta(seconds=seconds), attempts=F("attempts") + 1
    )
    row.refresh_from_db(fields=["lease_until", "attempts"])
    return row
