"""The history that pghistory writes: what guards it, what an erased person leaves in it, when it ends.

A history names people by key and nothing else of them. Its rows never change, but for two things: a person is
forgotten, and rows older than three years go (DESIGN 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from pghistory.models import Context, Event

YEARS = 3
OLD = f"now() - interval '{YEARS} years'"


def guarded(person: str) -> dict[str, Any]:
    """The `meta` of a history: rows only lose the key in the field `person`, and go after three years."""
    column = f"{person}_id"
    cleared = f"NEW.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}"
    return {
        "triggers": [
            pgtrigger.Protect(
                name="history_kept_three_years",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(f"OLD.pgh_created_at > {OLD}"),
            ),
            pgtrigger.Protect(
                name="history_never_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=[person]),
            ),
            pgtrigger.Protect(
                name="history_person_only_cleared",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(cleared),
            ),
        ]
    }


def forget(person_id: int) -> None:
    """No history and no context of one names this person any longer."""
    for history in _histories():
        for name in _people(history):
            history._default_manager.filter(**{name: person_id}).update(**{name: None})
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Context._meta.db_table} SET metadata = jsonb_set(metadata, '{{actor}}', 'null')"
            " WHERE metadata -> 'actor' = to_jsonb(%s::bigint)",
            [person_id],
        )


def forget_old() -> None:
    """Delete what is older than three years by the database's clock, which guards it as well."""
    for history in _histories():
        _delete_old(history, "pgh_created_at")
    _delete_old(Context, "created_at")


def _delete_old(model: type[models.Model], moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE {moment} <= {OLD}')


def _histories() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed)


def _people(history: type[models.Model]) -> list[str]:
    person = get_user_model()
    return [field.name for field in history._meta.concrete_fields if field.related_model is person]
