"""Celery: wake-up calls and the clock. What is to be done stands in rows; losing Redis loses nothing."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

from celery import Celery, signals
from django.conf import settings

from consultation.config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation.config.settings")

# The rooms that have tasks. One that is not built yet is passed over.
ROOMS = [
    "accounts",
    "consultation.kit",
    "consultation.post",
    "consultation.comments",
    "consultation.endorsements",
    "consultation.digests",
]
TASKS = [f"{room}.tasks" for room in ROOMS if find_spec(f"{room}.tasks")]

# Seconds between two looks. Each sweep finds rows whose wake-up was lost, so nothing waits longer.
CLOCK = {
    "digests.sweep": 15,
    "post.sweep": 15,
    "comments.sweep": 60,
    "kit.tidy": 3600,
    "post.tidy": 3600,
    "accounts.tidy": 3600,
}


def beat() -> dict[str, dict[str, Any]]:
    """The schedule: a look that could not be had before the next one is due is dropped."""
    return {
        name: {"task": name, "schedule": float(seconds), "options": {"expires": seconds}}
        for name, seconds in CLOCK.items()
        if any(module.endswith(f"{name.split('.')[0]}.tasks") for module in TASKS)
    }


def transport_options() -> dict[str, Any]:
    """Sending gives up at once and leaves the row to the sweep; a worker waits for Redis however long."""
    options: dict[str, Any] = {
        # Above the longest task: a message that comes back while its task still runs would run it again.
        "visibility_timeout": 3600,
        "max_retries": 0,
        "socket_connect_timeout": 0.3,
    }
    if settings.PROCESS != "worker":
        options["socket_timeout"] = 0.3
    return options


app = Celery("accord", broker=settings.BROKER_URL, set_as_current=True)
app.set_default()
app.conf.update(
    imports=TASKS,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=1,
    broker_transport_options=transport_options(),
    task_publish_retry=False,
    timezone="UTC",
    beat_schedule=beat(),
    beat_schedule_filename=str(settings.VAR / "beat-schedule"),
    beat_max_loop_interval=5,
)


@signals.worker_process_init.connect
def die_with_worker(**_: Any) -> None:
    """A worker killed by SIGKILL takes its children along, so that none works beside the next one."""
    end_with_parent()
