"""With Redis away, people read, sign in and comment: the cache misses, limits allow, and nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.faults.site import Site

SOON = 5.0


@pytest.fixture(params=[Site.redis_stopped, Site.redis_hanging], ids=["stopped", "hanging"])
def site_without(site: Site, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The site while Redis is stopped, and while it hangs."""
    away: Callable[[Site], AbstractContextManager[None]] = request.param
    with away(site):
        yield site


@pytest.mark.parametrize("page", ["", "text/", "principles/1/", "comments/P1-1/", "digests/", "history/"])
def test_a_page_is_read(site_without: Site, page: str) -> None:
    visitor = site_without.visitor()

    assert visitor.get(site_without.consultation + page).status == 200
    assert visitor.waited < SOON


def test_somebody_signs_in_and_comments_by_the_form(site_without: Site) -> None:
    person = site_without.signed_in()
    form = person.form(person.get(f"{site_without.consultation}write/?principle=1"), "body")

    over = person.send(form, body="Written while Redis was away.", do="look")
    sent = person.send(person.form(over, "do", "body"), do="send")

    assert "/comments/P1-" in sent.url
    assert "Written while Redis was away." in sent.text
    assert person.waited < SOON


def test_a_program_comments(site_without: Site) -> None:
    contributor = site_without.contributor()
    institution = site_without.known["institution"]
    comment = {"institution": institution, "principle": 2, "kind": "general", "body": "By a program."}

    sent = contributor.call(f"{site_without.api}comments/", comment)

    assert (sent.status, sent.json()["state"]) == (201, "pending")
    assert contributor.waited < SOON


def test_limits_allow(site_without: Site) -> None:
    visitor = site_without.visitor()
    question = {"language": "fr", "formats": ["csv"]}

    answers = [visitor.call(f"{site_without.api}digests/", question) for _ in range(7)]

    assert [each.status for each in answers] == [202] * 7
    assert visitor.waited < SOON
