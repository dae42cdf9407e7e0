"""What is fixed about a consultation besides its text: shaped and checked, and known by a fingerprint."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation.kit import canonical
from consultation.kit.languages import canonical_tag
from consultation.kit.refusal import Refusal, Sentence, invalid
from consultation.kit.text import BODY_LIMIT, NOTE_LIMIT, TITLE_LIMIT, UnfitText, clean, too_long
from consultation.texts.models import Consultation, Policy

# Each said in every language: the field of the model, and its limit in code points.
WORDS = {
    "title": ("titles", TITLE_LIMIT),
    "lead": ("leads", NOTE_LIMIT),
    "note": ("notes", NOTE_LIMIT),
    "preamble": ("preambles", BODY_LIMIT),
    "initiators": ("initiators", NOTE_LIMIT),
    "secretariat": ("secretariats", TITLE_LIMIT),
}
# By the names of the model's fields.
LABELS = {
    "titles": gettext_lazy("Title"),
    "leads": gettext_lazy("Lead"),
    "notes": gettext_lazy("Note"),
    "preambles": gettext_lazy("Preamble"),
    "initiators": gettext_lazy("Initiators"),
    "secretariats": gettext_lazy("Name of the secretariat"),
    "authoritative": gettext_lazy("Authoritative language"),
    "languages": gettext_lazy("Languages"),
    "zone": gettext_lazy("Time zone"),
    "policy": gettext_lazy("Moderation policy"),
    "licence": gettext_lazy("Licence of contributions"),
    "target_hours": gettext_lazy("Hours within which a moderator decides"),
    "trusted_after": gettext_lazy("Approved contributions after which an institution is trusted"),
    "flags_to_hide": gettext_lazy("Readers’ flags that hide a text for review"),
    "private_comments": gettext_lazy("Comments for the secretariat only"),
}
ONE_LINE = {"title", "secretariat"}
PLAIN = (
    "authoritative",
    "languages",
    "zone",
    "policy",
    "licence",
    "target_hours",
    "trusted_after",
    "flags_to_hide",
    "private_comments",
)
# What was announced or agreed to with it: endorsed words, closing times, the terms of what was written.
FIXED_ONCE_PUBLIC = ("authoritative", "zone", "licence")
# Addresses of pages that stand where a consultation's would.
NO_SLUGS = {"new", "id", "latest"}
SLUG_LIMIT = 80
LANGUAGES_LIMIT = 40
HOURS_LIMIT = 24 * 60
COUNT_LIMIT = 1000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SPACES = re.compile(r"\s+")
ASK_FOR_A_SLUG = gettext_lazy("Give an address in Latin letters and digits, such as river-charter-2027.")
SLUG_TAKEN = gettext_lazy("Another consultation has this address. Choose another one.")

Errors = dict[str, list[Sentence]]


def slug_given(slug: str) -> str:
    """The address that somebody chose. Raises Refusal `invalid` where it can't be one."""
    chosen = slug.strip().lower()
    if not _SLUG.fullmatch(chosen) or len(chosen) > SLUG_LIMIT:
        raise invalid(slug=ASK_FOR_A_SLUG)
    if chosen in NO_SLUGS:
        raise invalid(slug=_("This word has another meaning in addresses. Choose another one."))
    return chosen


def slug_from(title: str, taken: Collection[str]) -> str:
    """A free address made from the title. Raises Refusal `invalid` where its script gives none."""
    made = slugify(title)[: SLUG_LIMIT - 4].strip("-_").replace("_", "-")
    if len(made) < 3 or not _SLUG.fullmatch(made):
        raise invalid(slug=ASK_FOR_A_SLUG)
    spelled = (made if number == 1 else f"{made}-{number}" for number in range(1, 1000))
    return next(each for each in spelled if each not in taken and each not in NO_SLUGS)


def language(tag: str) -> str | None:
    """A language tag as it is kept, such as `zh-hans`; None if it is not one (BCP 47)."""
    canonical_form = canonical_tag(tag)
    return canonical_form.lower() if canonical_form else None


def plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of PLAIN that are given, as they are kept. Raises Refusal `invalid` that names each bad one."""
    errors: Errors = {}
    kept: dict[str, Any] = {name: CHECKS[name](given[name], errors) for name in PLAIN if name in given}
    if "authoritative" in kept and "languages" in kept and kept["authoritative"]:
        others = [each for each in kept["languages"] if each != kept["authoritative"]]
        kept["languages"] = [kept["authoritative"], *others]
    require(errors)
    return kept


def words(given: Mapping[str, str]) -> dict[str, str]:
    """Those of WORDS that are given, in one language, as they are kept. Raises Refusal `invalid`."""
    errors: Errors = {}
    kept = {name: fit(name, str(given[name]), errors) for name in WORDS if name in given}
    require(errors)
    return kept


def fit(name: str, text: str, errors: Errors, *, path: str = "", limit: int = 0) -> str:
    """The text without outer white space; what can't be kept is told in `errors` under `path`."""
    path = path or name
    try:
        kept = clean(text).strip()
    except UnfitText as unfit:
        errors[path] = [unfit.args[0]]
        return ""
    if name in ONE_LINE:
        kept = _SPACES.sub(" ", kept)
    if sentence := too_long(kept, limit or WORDS[name][1]):
        errors[path] = [sentence]
    return kept


def require(errors: Errors) -> None:
    """Raises Refusal `invalid` where there are errors."""
    if errors:
        raise Refusal("invalid", gettext_lazy("Please correct what is marked."), errors)


def fingerprint(facts: Mapping[str, Any]) -> str:
    """By which two states of some facts are told apart: short, and the same in every process."""
    return canonical.digest(dict(facts))[:32]


def plain_of(consultation: Consultation) -> dict[str, Any]:
    """Those of PLAIN as they stand."""
    return {name: getattr(consultation, name) for name in PLAIN}


def words_of(consultation: Consultation, code: str) -> dict[str, str]:
    """Those of WORDS in one language as they stand, empty where there are none."""
    return {name: getattr(consultation, field).get(code, "") for name, (field, _limit) in WORDS.items()}


def _authoritative(tag: object, errors: Errors) -> str:
    kept = language(str(tag))
    if kept is None:
        errors["authoritative"] = [_no_tag(tag)]
    return kept or ""


def _languages(tags: Iterable[object], errors: Errors) -> list[str]:
    kept = {str(tag): language(str(tag)) for tag in tags}
    if bad := [tag for tag, code in kept.items() if code is None]:
        errors["languages"] = [_no_tag(tag) for tag in bad]
    elif len(kept) > LANGUAGES_LIMIT:
        errors["languages"] = [_("Choose at most %(number)d languages.") % {"number": LANGUAGES_LIMIT}]
    return list(dict.fromkeys(code for code in kept.values() if code))


def _no_tag(tag: object) -> str:
    return _("“%(tag)s” is no language tag. Write one such as fr, pt-BR or zh-Hans.") % {"tag": tag}


def _zone(name: object, errors: Errors) -> str:
    if name not in available_timezones():
        errors["zone"] = [_("Choose one of the time zones.")]
    return str(name)


def _policy(name: object, errors: Errors) -> str:
    if name not in Policy.values:
        errors["policy"] = [_("Choose one of the policies.")]
    return str(name)


def _licence(text: object, errors: Errors) -> str:
    kept = fit("title", str(text), errors, path="licence", limit=100)
    if not kept:
        errors.setdefault("licence", [_("This can’t be empty.")])
    return kept


def _target_hours(number: object, errors: Errors) -> int:
    if not isinstance(number, int) or not 1 <= number <= HOURS_LIMIT:
        errors["target_hours"] = [_("Give a number of hours from 1 to %(most)d.") % {"most": HOURS_LIMIT}]
        return 0
    return number


def _allowed(value: object, _errors: Errors) -> bool:
    return bool(value)


def _count(name: str) -> Callable[[object, Errors], int]:
    def checked(number: object, errors: Errors) -> int:
        if isinstance(number, int) and 1 <= number <= COUNT_LIMIT:
            return number
        errors[name] = [_("Give a number from 1 to %(most)d.") % {"most": COUNT_LIMIT}]
        return 0

    return checked


CHECKS = {
    "authoritative": _authoritative,
    "languages": _languages,
    "zone": _zone,
    "policy": _policy,
    "licence": _licence,
    "target_hours": _target_hours,
    "trusted_after": _count("trusted_after"),
    "flags_to_hide": _count("flags_to_hide"),
    "private_comments": _allowed,
}
