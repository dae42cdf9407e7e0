"""Reading everything at one instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """A read-only transaction in which every query sees the same instant (REPEATABLE READ).

    What is published meanwhile is seen as a whole by the next one, and not at all by this one. Inside
    another transaction, such as a test's, it is that one's and changes nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
