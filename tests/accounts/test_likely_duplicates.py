from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Institution
from accounts.queries import Likeness, likely_duplicates
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def oslo(kept: None) -> Institution:
    return make.verified_institution(
        "University of Oslo",
        ror="01xtthb56",
        domains=["uio.no"],
        names={"nb": "Universitetet i Oslo"},
    )


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"name": "Something else", "country": "SE", "ror": "01xtthb56"}, Likeness.ROR),
        ({"name": "Something else", "country": "SE", "domains": ["uio.no", "other.no"]}, Likeness.DOMAIN),
        ({"name": "The university of OSLO", "country": "NO"}, Likeness.NAME),
        ({"name": "Oslo University", "country": "NO"}, Likeness.NAME),
        ({"name": "Universitetet i Oslo", "country": "NO"}, Likeness.NAME),
        ({"name": "奥斯陆大学", "country": "NO", "names": {"en": "University of Oslo"}}, Likeness.NAME),
        ({"name": "University of Oslo", "country": "NO", "ror": "01xtthb56"}, Likeness.ROR),
    ],
)
def test_what_may_be_the_same_is_found_with_the_surest_reason(
    oslo: Institution, facts: dict[str, Any], why: Likeness
) -> None:
    make.verified_institution("Nord University", domains=["nord.no"])

    assert likely_duplicates(make.person(), **facts) == [(oslo, why)]


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "University of Oslo", "country": "SE"},
        {"name": "Oslo Metropolitan University", "country": "NO"},
        {"name": "1 2 3", "country": "NO"},
        {"name": "Something else", "country": "NO", "ror": "", "domains": ["sub.uio.no"]},
    ],
)
def test_what_is_another_is_not_found(oslo: Institution, facts: dict[str, Any]) -> None:
    assert likely_duplicates(make.person(), **facts) == []


def test_what_waits_is_named_to_those_only_who_may_see_it() -> None:
    waiting = make.institution("Academy of Rivers", domains=["rivers.example"])
    asked = {"name": "Academy of Rivers", "country": "NO", "domains": ["rivers.example"]}

    assert likely_duplicates(make.manager(waiting), **asked) == [(waiting, Likeness.DOMAIN)]
    assert likely_duplicates(make.representative(waiting), **asked) == [(waiting, Likeness.DOMAIN)]
    assert likely_duplicates(make.registrar(), **asked) == [(waiting, Likeness.DOMAIN)]
    assert likely_duplicates(make.person(), **asked) == []
    assert likely_duplicates(None, **asked) == []


def test_an_institution_is_not_its_own_duplicate(oslo: Institution) -> None:
    other = make.verified_institution("University of Oslo")

    found = likely_duplicates(None, name="University of Oslo", country="NO", apart_from=other)

    assert found == [(oslo, Likeness.NAME)]


def test_ten_are_enough() -> None:
    for _ in range(12):
        make.verified_institution("Academy of Rivers")

    assert len(likely_duplicates(None, name="Academy of Rivers", country="NO")) == 10
