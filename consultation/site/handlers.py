"""What comes with the tables: the first words of the site's pages."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections, transaction
from django.db.models.signals import post_migrate

from consultation.site import steps
from consultation.site.models import SitePageVersion


def register(app: AppConfig) -> None:
    """From now on whoever migrates the tables of `app` also loads the first texts."""
    post_migrate.connect(load_first_texts, sender=app, dispatch_uid="site.first-texts")


def load_first_texts(using: str, **_: Any) -> None:
    """Load them where their tables are: migrating may stop before, or go back."""
    connection = connections[using]
    if SitePageVersion._meta.db_table in connection.introspection.table_names():
        with transaction.atomic(using=using):
            steps.load_first_texts()
