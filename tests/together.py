"""Acts of several people at the same moment, each in a thread with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from consultation.kit.refusal import Refusal

PEOPLE = 8
LONG_ENOUGH = 30  # seconds
Act = Callable[[], Any]


def at_once(acts: Sequence[Act], *, people: int = PEOPLE) -> list[Any]:
    """What each of these acts came to, in their order, done by so many people; a Refusal where it met one."""
    with ThreadPoolExecutor(people) as pool:
        running = [pool.submit(_alone, act) for act in acts]
        return [each.result(LONG_ENOUGH) for each in running]


@contextmanager
def one_after_the_other(gate: QuerySet[Any]) -> Iterator[Callable[[Act], Future[Any]]]:
    """Gives a function that starts an act, and returns once that act waits for a lock.

    The rows of `gate` are locked until the block ends: an act that needs them waits there, and holds what
    it locked before; the next one may wait for that. When the block ends all of them have ended.
    """
    started: list[Future[Any]] = []
    with ThreadPoolExecutor(PEOPLE) as pool:

        def start(act: Act) -> Future[Any]:
            started.append(pool.submit(_alone, act))
            _until_waiting(len(started))
            return started[-1]

        with transaction.atomic():
            assert list(gate.select_for_update()), "There is no gate to wait at."
            yield start
        for each in started:
            each.result(LONG_ENOUGH)


def _alone(act: Act) -> Any:
    try:
        return act()
    except Refusal as refusal:
        return refusal
    finally:
        connection.close()


def _until_waiting(number: int) -> None:
    waiting = """SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    with connection.cursor() as cursor:
        for _ in range(1000):
            # What is read about others stays the same within a transaction unless it is asked anew.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= number:
                return
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("Nobody came to wait.")
