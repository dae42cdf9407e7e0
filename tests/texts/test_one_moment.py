"""A version is published while people read: each sees the old state or the new one, as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import Institution
from consultation.texts.models import Consultation
from tests import factories as make

SLUG = "one-moment"
HOME = f"/consultations/{SLUG}/"
API = f"/api/v1/consultations/{SLUG}/"
PRINCIPLE = f"{HOME}principles/1/"
PASSAGE = {"exact": "Systems are open to review", "prefix": "", "suffix": ""}
# What is made anew for each request.
NONCE = re.compile(rb'nonce="[^"]+"|name="(csrfmiddlewaretoken|claim)" value="[^"]+"')


def get(address: str) -> tuple[bytes, str]:
    """What a visitor is answered: the words of the page, and its entity tag."""
    response = Client().get(address)
    assert response.status_code == 200, (address, response.status_code)
    return NONCE.sub(b"", response.content), response.headers["ETag"]


def truly(address: str) -> tuple[bytes, str]:
    """What it says when nothing happens meanwhile and nothing was kept."""
    cache.clear()
    return get(address)


def elsewhere(act: Callable[[], Any]) -> None:
    """Done by somebody else, on a connection of their own, before we go on."""

    def alone() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=alone)
    thread.start()
    thread.join()


@contextmanager
def after_query(number: int, act: Callable[[], Any]) -> Iterator[list[str]]:
    """`act` happens elsewhere once so many queries of this block were answered. Gives all its queries."""
    asked: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        asked.append(sql)
        if len(asked) == number:
            elsewhere(act)
        return result

    with connection.execute_wrapper(watch):
        yield asked


def world() -> tuple[Consultation, Institution]:
    """A principle with comments on a passage and positions, all public; and one of its institutions."""
    consultation = make.consultation(slug=SLUG, policy="post")
    for country in ("KE", "NO"):
        institution = make.verified_institution(f"Institute of {country}", country=country)
        make.sent_comment(consultation, institution, passage=PASSAGE)
        make.endorsement(consultation, institution)
    return consultation, institution


def words(number: int) -> str:
    return f"Text {number} of the principle. Systems are open to review, says number {number}."


def interrupted(address: str, step: int) -> None:
    """A version is published after each query of a request in turn, or after each `step`th."""
    consultation, institution = world()
    number, asked = 1, ["", ""]
    while number < len(asked):
        make.endorsement(consultation, institution)
        before = truly(address)
        with after_query(number, partial(make.new_version, consultation, 1, words(number))) as asked:
            cache.clear()
            seen = get(address)
        left = get(address)
        after = truly(address)
        assert before != after
        assert seen in (before, after), f"a mixture after query {number}: {asked[number - 1]}"
        assert left == after, f"a mixture was kept after query {number}: {asked[number - 1]}"
        number += step
    assert number > 2


PAGES = ["", "text/", "endorsements/", "participation/", "history/", "comments/P1-1/", "feed.atom"]
CALLS = ["", "principles/", "comments/", "endorsements/"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("address", "step"), [(PRINCIPLE, 5), (f"{API}principles/1/", 1)])
def test_whenever_a_version_is_published_a_reader_sees_all_of_it_or_nothing(address, step):
    interrupted(address, step)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address", [PRINCIPLE, *(HOME + page for page in PAGES), *(API + call for call in CALLS)]
)
def test_no_page_and_no_call_mixes_two_states(address):
    interrupted(address, 1)
