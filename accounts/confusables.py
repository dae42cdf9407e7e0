"""Names that look alike whatever their letters are (Unicode Technical Standard 39, Confusable Detection)."""

from __future__ import annotations

import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

from consultation.kit.fold import fold


def skeleton(name: str) -> str:
    """What is left of a name when signs that look alike are one: two names with one skeleton look alike.

    As UTS 39, section 4, over the folded name, so that case and accents make no difference either; the sign
    that stands for its group is its first letter, not always the standard's own.
    """
    signs = _signs()
    text = unicodedata.normalize("NFD", fold(name))
    return unicodedata.normalize("NFD", "".join(signs.get(sign, sign) for sign in text))


@cache
def _signs() -> dict[str, str]:
    """For each sign that has its like, the one that stands for all of them."""
    found: dict[str, str] = {}
    for sign in confusables_data:
        if sign in found:
            continue
        group = _group(sign)
        first = fold(min(group, key=_rank)) or sign
        found |= {each: first for each in group if len(each) == 1}
    return found


def _rank(sign: str) -> tuple[bool, bool, int, str]:
    # "rn" stands for itself and for "m", as in the standard; a letter goes before a digit, as O before 0.
    letters = sign.isascii() and sign.isalpha()
    return not (letters and len(sign) > 1), not letters, len(sign), sign


def _group(sign: str) -> set[str]:
    group, waiting = {sign}, [sign]
    while waiting:
        alike = {each["c"] for each in confusables_data.get(waiting.pop(), ())} - group
        group |= alike
        waiting += alike
    return group
