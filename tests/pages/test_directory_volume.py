"""The directory with 20,000 institutions: it asks the database no more often than with sixty."""

from __future__ import annotations

import json
import os
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution, InstitutionType
from consultation.kit import clock, keyset
from consultation.management.volume import bulk, institutions, words
from consultation.pages.reading.institutions import BY_NAME, SIZE
from tests import factories as make
from tests.pages.page import Page, read

pytestmark = [pytest.mark.long, pytest.mark.django_db]
FEW, MANY = 60, 20_000  # the second page begins after SIZE
LISTS = {
    "the first page": "",
    "a region": "?region=150",
    "a country": "?country=de",
    "a type": "?type=academy",
    "a name": "?q=univ",
    "a name that nobody has": "?q=zzzzzz",
    "everything at once": "?q=univ&region=150&country=de&type=academy",
}


@pytest.fixture
def visitor() -> Client:
    """Somebody who has been here: what is kept for all readers is kept already."""
    client = Client()
    client.get("/institutions/")
    return client


def real_names() -> list[tuple[str, str]]:
    """Names of universities, each with a country; none unless ACCORD_DATA names the folder of real inputs."""
    if "ACCORD_DATA" not in os.environ:
        return []
    file = Path(os.environ["ACCORD_DATA"]) / "institutions/world_universities_and_domains.json"
    listed = json.loads(file.read_text(encoding="utf-8"))
    member = [each for each in listed if geography.is_member_state(each["alpha_two_code"])]
    return [(each["name"], each["alpha_two_code"]) for each in member]


def fill_up_to(count: int) -> None:
    """So many institutions are in the directory; their names are real ones as far as those go."""
    registrar, names = make.registrar(), real_names()
    rows = [_row(number, names) for number in range(Institution.objects.count() + 1, count + 1)]
    for batch in bulk.batches(rows, institutions.BATCH):
        institutions.register(registrar, rows=batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert accounts.public().count() == count


def _row(number: int, names: list[tuple[str, str]]) -> dict[str, Any]:
    dice, at = random.Random(f"directory {number}"), clock.now() - timedelta(days=30)
    synthetic = words.institution(dice, number), dice.choice(institutions.COUNTRIES)
    name, country = names[number - 1] if number <= len(names) else synthetic
    return {
        "number": number,
        "name": name,
        "country": country,
        "type": dice.choice(InstitutionType.values),
        "registered_at": at,
        "verified_at": at,
        "mandate": bulk.identifier(dice, at),
    }


def lists() -> dict[str, str]:
    """Every list, and the page that begins in the midst of all."""
    middle = keyset.page(accounts.public(), BY_NAME, size=accounts.public().count() // 2)
    return {**LISTS, "the middle": f"?cursor={middle.next_cursor}"}


def opened(visitor: Client, query: str) -> tuple[Page, list[str]]:
    """The page, and what it asked the database."""
    with CaptureQueriesContext(connection) as asked:
        answer = visitor.get(f"/institutions/{query}")
    assert answer.status_code == 200
    return read(answer), [each["sql"] for each in asked.captured_queries]


def plan_of(sql: str) -> str:
    """How the database would go about it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_every_list_takes_as_many_queries_with_twenty_thousand_institutions_as_with_sixty(visitor):
    asked = {}
    for count in (FEW, MANY):
        fill_up_to(count)
        # Whether there is a demonstration is asked once a minute, and then kept.
        opened(visitor, "")
        asked[count] = {name: len(opened(visitor, query)[1]) for name, query in lists().items()}
    assert asked[MANY] == asked[FEW]
    for query in ("", lists()["the middle"]):
        page, queries = opened(visitor, query)
        assert len([link for link in page.links if link.startswith("/institutions/volume-")]) == SIZE
        # By the index of names, not by sorting them all.
        plans = [plan_of(sql) for sql in queries]
        assert any("institution_by_name" in plan for plan in plans)
        assert not any("Seq Scan on accounts_institution" in plan for plan in plans)
