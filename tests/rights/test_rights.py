"""Who may do what (DESIGN 5): every address of the site, asked for by somebody of each kind.

The rows are checked against the URL resolver and the OpenAPI document: a new address without a row fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from tests.contract.calls import visitor
from tests.rights.table import BODIES, ROWS
from tests.rights.world import PERSONAS, SECRETS, World, planted

API = "api/v1/"
# Answers that say nothing of anybody: machines read them, or django-allauth tests them.
ASIDE = re.compile(
    r"^(accounts/(?!(data|settings|tokens)/)|healthz$|readyz$|dev/|api/v1/(docs|schema|digests/schema.json|\^))"
)


pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def world(kept: None) -> World:
    return planted()


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address of the site, as its patterns write it."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, route)
        elif isinstance(each, URLPattern) and not ASIDE.search(route):
            assert isinstance(each.pattern, RoutePattern)
            yield route


def test_every_address_has_its_row(world: World) -> None:
    asked: dict[str, set[str]] = {}
    for row in ROWS:
        method, address = row.format(**world.keys).split(" ", 1)
        asked.setdefault(resolve(address.partition("?")[0]).route, set()).add(method)
    operations = visitor().get("schema/").json()["paths"]
    expected = {route: {"GET", "POST"} for route in addresses()}
    for route in [each for each in expected if each.startswith(API)]:
        expected[route] = {
            each.upper() for each in operations["/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)]
        }
    assert asked == expected


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_may_do_what_the_table_says_and_reads_their_own_secrets_and_no_other(
    world: World, persona: str
) -> None:
    client = Client(raise_request_exception=False)
    if (person := world.people[persona]) is not None:
        client.force_login(person)
    wrong: dict[str, int] = {}
    met: dict[str, str] = {}
    for row, expected in cells(persona):
        answer = ask(client, row, world.keys)
        if answer.status_code != expected:
            wrong[row] = answer.status_code
        met |= {words: row for words in SECRETS if words in body(answer)}
    assert wrong == {}
    assert {words: met[words] for words in met if persona not in SECRETS[words]} == {}
    assert set(met) == {words for words, readers in SECRETS.items() if persona in readers}


def cells(persona: str) -> Iterator[tuple[str, int]]:
    """The rows with what this kind of person is answered.

    What is the same for everybody is asked by those three from whom most is to be kept.
    """
    column = PERSONAS.index(persona)
    for row, statuses in ROWS.items():
        each = statuses.split()
        if len(each) > 1:
            yield row, int(each[column])
        elif persona == "visitor" or (persona in ("other", "contributor") and statuses != "405"):
            yield row, int(statuses)


def ask(client: Client, row: str, keys: dict[str, str]) -> Any:
    """What the site answers; whatever it wrote is taken back."""
    method, address = row.format(**keys).split(" ", 1)
    if address.startswith(f"/{API}"):
        sent, kind = json.dumps(what_is_sent(method, address, keys)), "application/json"
    else:
        sent, kind = "claim=one", "application/x-www-form-urlencoded"
    # A savepoint, not an inner block: verbs make sure that they are in none.
    before = transaction.savepoint()
    answer = client.generic(method, address, sent, kind)
    transaction.savepoint_rollback(before)
    return answer


def what_is_sent(method: str, address: str, keys: dict[str, str]) -> dict[str, Any]:
    """Fields that those who may would succeed with; the pages' forms are sent without any."""
    fields = next((found for ending, found in BODIES.items() if address.endswith(ending)), {})
    return {name: _filled(value, keys) for name, value in fields.items()} if method == "POST" else {}


def _filled(value: Any, keys: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_filled(each, keys) for each in value]
    return keys.get(value, value)


def body(answer: Any) -> str:
    """What is read in an answer."""
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(whole.decode(errors="replace"))
