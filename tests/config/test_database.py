"""What the settings promise of database, cache and headers, asked of the real thing."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection

from consultation.config import checks


@pytest.mark.django_db
def test_the_server_passes_the_startup_check() -> None:
    assert checks.server(["default"]) == []


@pytest.mark.django_db
def test_a_waiter_for_a_lock_gives_up_after_five_seconds() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('transaction_timeout')")
        assert cursor.fetchone() == ("5s", "0")


@pytest.mark.usefixtures("running_servers")
def test_the_cache_is_there_and_each_test_finds_it_empty() -> None:
    assert cache.add("one", 1)


@pytest.mark.usefixtures("running_servers")
def test_the_cache_is_there_and_each_test_finds_it_empty_again() -> None:
    assert cache.add("one", 1)
