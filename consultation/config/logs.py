"""Logs are events with fields, one line each (logfmt), on standard error. No personal data."""

from __future__ import annotations

import logging
from typing import Any

import structlog

# Fields that Django and Celery hang on a line and that can name a person.
PERSONAL = ("request", "data", "args", "kwargs", "ip")


def without_personal_fields(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drop what a library added and that may say who asked."""
    for field in PERSONAL:
        event.pop(field, None)
    return event


def configuration(level: str) -> dict[str, Any]:
    """Return Django's LOGGING and set up structlog to write through it, so there is one format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*shared, structlog.processors.format_exc_info],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    without_personal_fields,
                    structlog.processors.LogfmtRenderer(key_order=["at", "level", "logger", "event"]),
                ],
            }
        },
        "handlers": {"line": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["line"], "level": level},
        "loggers": {
            # Django mails tracebacks and prints in its own format unless told otherwise.
            "django": {"handlers": [], "propagate": True, "level": level},
            "django.server": {"handlers": [], "propagate": True, "level": level},
            "gunicorn.error": {"handlers": [], "propagate": True, "level": level},
            # One line for each connection and task says nothing a row does not say.
            "celery.worker.strategy": {"level": logging.WARNING},
            "celery.app.trace": {"level": logging.WARNING},
        },
    }
