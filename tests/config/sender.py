"""Send a wake-up over the Redis on a socket, and after a line on the input another; tell what came of it.

A process of its own: the connections that Celery keeps are those of this test and of no other.
"""

from __future__ import annotations

import sys
import time

from celery import Celery
from kombu.exceptions import OperationalError

from consultation.config.celery import app


def main(socket: str) -> None:
    """Tell `sent`, then `sent` or `given up` and after how many seconds."""
    url = f"redis+socket://{socket}"
    sender = Celery("elsewhere", changes=dict(app.conf.changes) | {"broker_url": url}, set_as_current=False)
    sender.send_task("post.sweep", retry=False)
    tell("sent")
    sys.stdin.readline()
    start = time.monotonic()
    try:
        sender.send_task("post.sweep", retry=False)
        outcome = "sent"
    except OperationalError:
        outcome = "given up"
    tell(f"{outcome}\t{time.monotonic() - start}")


def tell(line: str) -> None:
    """Say it to whoever waits for it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
