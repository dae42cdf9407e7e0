"""Histories are kept for three years (DESIGN 6)."""

from __future__ import annotations

import pgtrigger
import pytest
from django.db import connection
from pghistory.models import Context

from accounts.models import MandateEvent
from consultation.kit import history, tasks
from tests import factories as make

pytestmark = pytest.mark.django_db


def age(years: str) -> None:
    """Everything there is happened that long ago: the database's own clock counts, and cannot be moved."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_mandateevent SET pgh_created_at = now() - %s::interval", [years])
        cursor.execute("UPDATE pghistory_context SET created_at = now() - %s::interval", [years])


def test_what_is_older_than_three_years_goes_and_the_rest_stays() -> None:
    make.institution()
    age("3 years 1 minute")
    kept = make.manager(make.institution())
    tasks.tidy()
    assert [event.person_id for event in MandateEvent.objects.all()] == [kept.pk]
    assert Context.objects.filter(metadata__actor=kept.pk).exists()
    assert Context.objects.exclude(metadata__actor=kept.pk).count() == 0


def test_a_day_less_is_kept() -> None:
    make.institution()
    age("3 years -1 day")
    history.forget_old()
    assert MandateEvent.objects.count() == 1
    assert Context.objects.exists()
