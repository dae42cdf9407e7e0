"""Countries and areas (ISO 3166-1), their regions (UN M49) and the Member States of the United Nations.

Names come from CLDR through babel, in any language. TW and AQ are in ISO 3166 but in no region of M49: TW is
counted in Asia with its neighbours, AQ in no region.
"""

from functools import lru_cache

from accounts.geography_data import MEMBER_STATES, PLACES
from consultation.kit.fold import sort_key
from consultation.kit.languages import locale_of

__all__ = [
    "COUNTRIES",
    "MEMBER_STATES",
    "REGIONS",
    "choices",
    "is_member_state",
    "name",
    "region_name",
    "region_of",
    "regions",
    "sub_region_of",
]

COUNTRIES = frozenset(PLACES)  # ISO 3166-1 alpha-2
REGIONS = ("002", "019", "142", "150", "009")  # M49: Africa, Americas, Asia, Europe, Oceania

# CLDR's name for this one is that of a smaller area; these are the names of the United Nations.
_LATIN_AMERICA_AND_THE_CARIBBEAN = {
    "en": "Latin America and the Caribbean",
    "fr": "Amérique latine et Caraïbes",
    "es": "América Latina y el Caribe",
    "ru": "Латинская Америка и Карибский бассейн",
    "ar": "أمريكا اللاتينية ومنطقة البحر الكاريبي",
    "zh": "拉丁美洲和加勒比",
}


def name(code: str, language: str) -> str:
    """Return what readers of `language` call the country or area `code`; the code itself if unknown."""
    return _cldr_name(code, language)


def region_of(code: str) -> str:
    """Return the M49 code of the region in which a country or area lies; empty for AQ and unknown codes."""
    return PLACES.get(code, ("", ""))[0]


def sub_region_of(code: str) -> str:
    """Return the M49 code of the sub-region, such as `034` for Southern Asia; empty like `region_of`."""
    return PLACES.get(code, ("", ""))[1]


def region_name(region: str, language: str) -> str:
    """Return the name of a region or sub-region by its M49 code; empty for an empty code."""
    if region == "419":
        names = _LATIN_AMERICA_AND_THE_CARIBBEAN
        return names.get(locale_of(language).language) or _cldr_name(region, language)
    return _cldr_name(region, language)


def _cldr_name(code: str, language: str) -> str:
    return locale_of(language).territories.get(code) or locale_of("en").territories.get(code) or code


@lru_cache(maxsize=64)
def choices(language: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country and area, in the alphabetical order of `language`."""
    named = [(code, name(code, language)) for code in COUNTRIES]
    return tuple(sorted(named, key=lambda place: (sort_key(place[1], language), place[0])))


@lru_cache(maxsize=64)
def regions(language: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of the five regions, in the alphabetical order of `language`."""
    named = [(code, region_name(code, language)) for code in REGIONS]
    return tuple(sorted(named, key=lambda region: sort_key(region[1], language)))


def is_member_state(code: str) -> bool:
    """Return whether this is one of the 193 Member States of the United Nations."""
    return code in MEMBER_STATES
