"""Identifiers that are unique without asking anybody."""

import os
import time
from datetime import datetime
from uuid import UUID


def uuid7() -> UUID:
    """Return a new identifier whose order is that of its making, to a quarter of a microsecond.

    RFC 9562, version 7: 48 bits of milliseconds since 1970, 12 bits of the fraction of a millisecond
    (method 3 of its section 6.2), 62 random bits.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)


def least_at(moment: datetime) -> UUID:
    """The least identifier of `uuid7` that can have been made at the moment or after."""
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)
