import os
import runpy
from collections import Counter
from pathlib import Path

import pytest

from accounts import geography
from consultation.kit.fold import sort_key
from consultation.kit.languages import INTERFACE

ROOT = Path(__file__).parents[2]


def test_every_country_and_area_of_iso_3166_is_there() -> None:
    assert len(geography.COUNTRIES) == 249
    assert len(geography.MEMBER_STATES) == 193
    assert geography.MEMBER_STATES < geography.COUNTRIES
    assert not {"VA", "PS", "TW", "XK", "UK"} & geography.MEMBER_STATES


def test_every_place_but_antarctica_lies_in_one_of_five_regions() -> None:
    assert {code for code in geography.COUNTRIES if not geography.region_of(code)} == {"AQ"}
    counted = Counter(map(geography.region_of, geography.MEMBER_STATES))
    assert counted == {"002": 54, "019": 35, "142": 47, "150": 43, "009": 14}
    assert set(counted) == set(geography.REGIONS)


@pytest.mark.parametrize(
    ("code", "region", "sub_region"),
    [
        ("KE", "002", "202"),
        ("JM", "019", "419"),
        ("CN", "142", "030"),
        ("HK", "142", "030"),
        ("TW", "142", "030"),
        ("BQ", "019", "419"),
        ("RU", "150", "151"),
        ("FJ", "009", "054"),
        ("AQ", "", ""),
        ("ZZ", "", ""),
    ],
)
def test_a_place_has_its_region_of_m49(code: str, region: str, sub_region: str) -> None:
    assert (geography.region_of(code), geography.sub_region_of(code)) == (region, sub_region)


@pytest.mark.parametrize("language", INTERFACE)
def test_every_place_and_region_has_a_name_in_every_language(language: str) -> None:
    assert all(geography.name(code, language) != code for code in geography.COUNTRIES)
    subs = {geography.sub_region_of(code) for code in geography.COUNTRIES} - {""}
    assert all(geography.region_name(code, language) != code for code in {*geography.REGIONS, *subs})


def test_names_are_in_the_readers_language() -> None:
    assert geography.name("DE", "fr") == "Allemagne"
    assert geography.name("EG", "ar") == "مصر"
    assert geography.name("BR", "zh-hans") == "巴西"
    assert geography.name("ZZ9", "en") == "ZZ9"
    assert geography.region_name("142", "ru") == "Азия"
    assert geography.region_name("419", "es") == "América Latina y el Caribe"
    assert geography.region_name("", "en") == ""


@pytest.mark.parametrize("language", INTERFACE)
def test_choices_are_all_places_in_alphabetical_order(language: str) -> None:
    offered = geography.choices(language)
    assert {code for code, _ in offered} == geography.COUNTRIES
    keys = [sort_key(name, language) for _, name in offered]
    assert keys == sorted(keys)


def test_accents_do_not_send_a_country_to_the_end() -> None:
    codes = [code for code, _ in geography.choices("fr")]
    assert codes.index("EC") < codes.index("ES") < codes.index("FR")


@pytest.mark.skipif(
    "ACCORD_DATA" not in os.environ, reason="ACCORD_DATA does not name the folder of real inputs"
)
def test_the_data_are_what_the_published_lists_give() -> None:
    maker = runpy.run_path(str(ROOT / "docs" / "data" / "make_geography.py"))
    made = maker["module"](Path(os.environ["ACCORD_DATA"]) / "institutions")
    assert made == (ROOT / "accounts" / "geography_data.py").read_text(encoding="utf-8")
