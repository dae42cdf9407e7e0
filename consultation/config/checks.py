"""What must hold of the database server before anything is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections

OLDEST = 170_000


@register(Tags.database)
def server(databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """The server is PostgreSQL 17 or newer, its database is UTF-8, and it folds case beyond ASCII."""
    errors: list[Error] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
                " current_setting('server_encoding'), lower('É') = 'é'"
            )
            number, version, encoding, folds = cursor.fetchone()
        if number < OLDEST:
            errors.append(Error(f"PostgreSQL 17 or newer is needed; this is {version}.", id="accord.E001"))
        if encoding != "UTF8":
            errors.append(Error(f"The database must be UTF8; this one is {encoding}.", id="accord.E002"))
        if not folds:
            hint = "Create the database with --locale-provider=builtin --locale=C.UTF-8."
            errors.append(Error("The database does not fold case.", hint=hint, id="accord.E003"))
    return errors
