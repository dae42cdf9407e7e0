"""Languages: those of the interface, and tags of the texts that people bring."""

import re
from collections.abc import Collection

from babel import Locale, UnknownLocaleError
from babel.core import get_global

# Each in its own words, in the order of the menu.
INTERFACE = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
    "ar": "العربية",
    "zh-hans": "简体中文",
}

TAG_LIMIT = 35  # code points; RFC 5646, 4.4.1

# RFC 5646, 2.1, without extensions, private use and the grandfathered tags: no text needs them here.
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3}|[a-z]{5,8})(-(?P<script>[a-z]{4}))?(-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(-([a-z\d]{5,8}|\d[a-z\d]{3}))*)",
    re.ASCII,
)

_RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}
_RIGHT_TO_LEFT = {
    "ar", "arc", "ckb", "dv", "fa", "he", "ks", "mzn", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi",
}  # fmt: skip


def canonical_tag(tag: str) -> str | None:
    """Return a language tag (BCP 47) in its usual spelling, such as `zh-Hans`; None if it is not one.

    Languages are checked against CLDR's list and ISO 639's deprecated codes are replaced (`iw` is `he`);
    scripts, regions and variants by their form only.
    """
    found = _TAG.fullmatch(tag.strip().lower().replace("_", "-"))
    if found is None or len(tag) > TAG_LIMIT:
        return None
    language = get_global("language_aliases").get(found["language"], found["language"])
    if "_" in language or language not in _known_languages():
        return None
    subtags = [language, (found["script"] or "").title(), (found["region"] or "").upper()]
    return "-".join(filter(None, subtags)) + found["variants"]


def is_tag(tag: str) -> bool:
    """Return whether `tag` names a language, as `canonical_tag` sees it."""
    return canonical_tag(tag) is not None


def _known_languages() -> Collection[str]:
    return Locale("en").languages.keys()


def html_lang(code: str) -> str:
    """Return the value of a `lang` attribute for a language code: `zh-hans` is written `zh-Hans`.

    A code that is no language tag comes out as `und`, undetermined.
    """
    return canonical_tag(code) or "und"


def direction(code: str) -> str:
    """Return `rtl` for languages and scripts written from right to left, `ltr` for all others."""
    subtags = code.lower().replace("_", "-").split("-")
    scripts = [subtag for subtag in subtags[1:] if len(subtag) == 4 and subtag.isalpha()]
    from_right = scripts[0] in _RIGHT_TO_LEFT_SCRIPTS if scripts else subtags[0] in _RIGHT_TO_LEFT
    return "rtl" if from_right else "ltr"


def locale_of(code: str) -> Locale:
    """Return the CLDR locale nearest to a language code, English where CLDR knows none."""
    try:
        return Locale.parse(canonical_tag(code) or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def name(code: str, language: str) -> str:
    """Return what readers of `language` call the language `code`, from CLDR; the code itself if unknown."""
    tag = canonical_tag(code) or code
    names = locale_of(language).languages
    known = names.get(tag.replace("-", "_")) or names.get(tag.split("-")[0])
    return known or tag


def differ(one: str, other: str) -> bool:
    """Return whether two tags name two languages, and not one language as two countries write it."""
    return one.lower().replace("_", "-").split("-")[0] != other.lower().replace("_", "-").split("-")[0]


def choose(available: Collection[str], wanted: str, authoritative: str) -> str | None:
    """Return which of the `available` languages a reader who wants `wanted` is shown.

    The very same one; else one of the same language (for `pt-BR`, `pt`); else the authoritative one; else
    the first in the order of the codes. None if none is available.
    """
    if not available:
        return None
    spelled = {code.lower().replace("_", "-"): code for code in sorted(available, reverse=True)}
    asked = wanted.lower().replace("_", "-")
    alike = [code for tag, code in sorted(spelled.items()) if tag.split("-")[0] == asked.split("-")[0]]
    fallback = authoritative if authoritative in available else min(available)
    return spelled.get(asked) or (alike[0] if alike else fallback)


def two_letter_codes() -> list[str]:
    """Return the codes of all languages that ISO 639-1 gives two letters, as far as CLDR names them."""
    return sorted(code for code in _known_languages() if len(code) == 2 and is_tag(code))
