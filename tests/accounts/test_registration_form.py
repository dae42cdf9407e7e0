from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from accounts.actions import register_institution
from accounts.forms import RegistrationForm
from consultation.kit.refusal import Refusal
from tests import factories as make

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
OSLO = {"name": "University of Oslo", "country": "NO", "type": "university"}


def form(**fields: Any) -> RegistrationForm:
    return RegistrationForm({**OSLO, **fields})


def test_the_form_gives_what_the_verb_takes() -> None:
    filled = form(
        name_en="Oslo", website="uio.no", ror="01xtthb56", domains="@uio.no, mn.uio.no;\nifi.uio.no"
    )

    assert filled.is_valid()
    assert filled.given() == {
        **OSLO,
        "website": "uio.no",
        "ror": "01xtthb56",
        "domains": ["@uio.no", "mn.uio.no", "ifi.uio.no"],
        "names": {"en": "Oslo"},
    }


def test_names_in_other_languages_are_given_by_their_tags() -> None:
    filled = form(**{"name_fr": "Université d’Oslo", "name_zh-Hans": "奥斯陆大学", "name_ru": " "})

    assert filled.is_valid()
    assert filled.given()["names"] == {"fr": "Université d’Oslo", "zh-Hans": "奥斯陆大学"}


def test_a_wrong_name_in_another_language_is_said_beside_it_in_the_open() -> None:
    filled = form(name_ar="\u202eolsO")

    assert list(filled.errors) == ["name_ar"]
    assert filled.other_names_open


@pytest.mark.django_db
def test_what_the_form_gives_is_registered() -> None:
    filled = form()
    assert filled.is_valid()

    institution = register_institution(make.person(), at=AT, **filled.given())

    assert institution.slug == "university-of-oslo"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": ""}, {"name": ["This field is required."]}),
        (
            {"name_en": "\u202eolsO"},
            {"name_en": ["The name holds invisible signs that turn the direction of writing. Type it anew."]},
        ),
        ({"country": ""}, {"country": ["This field is required."]}),
        ({"website": "x y"}, {"website": ["Give the address of the institution's website."]}),
        ({"domains": "uio"}, {"domains": ["“uio” is no domain. Write it like example.org."]}),
        (
            {"ror": "0"},
            {"ror": ["Give the identifier as ror.org shows it, such as https://ror.org/05dxps055."]},
        ),
    ],
)
def test_errors_stand_beside_their_fields_once(fields: dict[str, str], errors: dict[str, list[str]]) -> None:
    filled = form(**fields)

    assert not filled.is_valid()
    assert filled.errors == errors


def test_a_refusal_that_names_no_field_stands_above_the_form() -> None:
    filled = form()
    assert filled.is_valid()

    filled.show(Refusal("address-unconfirmed", "Please confirm your e-mail address first."))

    assert filled.non_field_errors() == ["Please confirm your e-mail address first."]


def test_countries_are_named_in_the_language_of_the_reader() -> None:
    with translation.override("fr"):
        named = dict(form().fields["country"].choices)

    assert named["DE"] == "Allemagne"
