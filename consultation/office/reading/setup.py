"""What the installation stands on: whether it answers, and which settings matter."""

from __future__ import annotations

from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation.post import queries as post

# Seconds that the page waits for Redis, and for an answer of a worker.
PATIENCE = 1.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its name, whether it is well, and what was found."""

    name: str
    well: bool
    words: str


def checks() -> list[Check]:
    """Database, tables, Redis, worker, mail and address, looked at now."""
    redis = _redis()
    return [_database(), _tables(), redis, _worker(reachable=redis.well), _mail(), _address()]


def _database() -> Check:
    name = _("Database")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), current_setting('server_encoding')")
            version, encoding = cursor.fetchone()
    except DatabaseError:
        return Check(name, False, _("PostgreSQL does not answer."))
    kind = _("embedded") if settings.EMBEDDED else _("named by DATABASE_URL")
    return Check(name, encoding == "UTF8", f"PostgreSQL {version}, {encoding}, {kind}")


def _tables() -> Check:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    words = (
        ngettext("%(n)d migration is missing.", "%(n)d migrations are missing.", missing) % {"n": missing}
        if missing
        else _("All migrations are applied.")
    )
    return Check(_("Tables"), not missing, words)


def _redis() -> Check:
    try:
        with current_app.connection_for_write(connect_timeout=PATIENCE) as link:
            link.ensure_connection(max_retries=0, timeout=PATIENCE)
    except Exception:
        # Each transport has errors of its own; the page only tells whether it answers.
        return Check("Redis", False, _("It does not answer. The site works without it, but more slowly."))
    return Check("Redis", True, _("embedded") if settings.EMBEDDED_REDIS else _("named by REDIS_URL"))


def _worker(*, reachable: bool) -> Check:
    name = _("Background worker")
    try:
        answers = current_app.control.ping(timeout=PATIENCE) if reachable else []
    except Exception:
        # Redis went away between the two questions.
        answers = []
    if not answers:
        return Check(
            name, False, _("No worker answered within a second. Digests and mails wait until one runs.")
        )
    count = len(answers)
    return Check(name, True, ngettext("%(n)d worker answers.", "%(n)d workers answer.", count) % {"n": count})


def _mail() -> Check:
    waiting, failed = post.backlog()
    how = (
        _("written to files")
        if settings.EMBEDDED and not settings.EMAIL_URL
        else _("sent by the mail server")
    )
    words = _("%(how)s; %(waiting)d wait, %(failed)d failed") % {
        "how": how,
        "waiting": waiting,
        "failed": failed,
    }
    return Check(_("Mail"), not failed, words)


def _address() -> Check:
    words = settings.SITE_URL if settings.HTTPS else _("%(url)s, without https") % {"url": settings.SITE_URL}
    return Check(_("Address"), settings.HTTPS or settings.EMBEDDED, words)
