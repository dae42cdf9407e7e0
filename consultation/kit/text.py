"""Texts as people sent them: kept code point for code point, but for what no database or file can hold."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

# Code points.
BODY_LIMIT = 20_000  # of a comment, and of a proposed wording
STATEMENT_LIMIT = 5_000  # of a statement, a message, grounds of an appeal
NOTE_LIMIT = 1_000
TITLE_LIMIT = 300
NAME_LIMIT = 300

_LINE_ENDS = re.compile(r"\r\n?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHAPELESS = {"Zs", "Zl", "Zp", "Cc", "Cf"}
# Letters and signs by their class, which no font draws: fillers of Hangul and Khmer, the empty Braille cell,
# selectors of variants.
_UNDRAWN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f]")


class UnfitText(ValueError):
    """A text that cannot be kept. Its text is a sentence for people; `code` is for programs."""

    def __init__(self, code: str, sentence: object) -> None:
        super().__init__(sentence)
        self.code = code


def clean(text: str) -> str:
    """Return `text` with line ends as \\n and every other code point as it was.

    Raises UnfitText `null-characters-not-allowed` for NUL and `surrogates-not-allowed` for a lone
    surrogate: PostgreSQL and UTF-8 have no place for them.
    """
    if "\x00" in text:
        raise UnfitText(
            "null-characters-not-allowed", _("The text holds a null character. Remove it and send it again.")
        )
    if _SURROGATE.search(text):
        raise UnfitText(
            "surrogates-not-allowed", _("The text holds half of a character. Type the character again.")
        )
    return _LINE_ENDS.sub("\n", text)


def is_blank(text: str) -> bool:
    """Whether nobody would see anything of `text`: spaces, controls, signs without a shape."""
    return all(unicodedata.category(sign) in _SHAPELESS or _UNDRAWN.match(sign) for sign in text)


def validate_text(text: str) -> None:
    """Django validator: raises ValidationError where `clean` would refuse."""
    try:
        clean(text)
    except UnfitText as unfit:
        raise ValidationError(unfit.args[0], code=unfit.code) from unfit


def too_long(text: str, limit: int) -> str | None:
    """Return the sentence that says by how much `text` is longer than `limit` code points, or None."""
    if len(text) <= limit:
        return None
    return ngettext(
        "Use at most %(limit)d character. There are %(length)d.",
        "Use at most %(limit)d characters. There are %(length)d.",
        limit,
    ) % {"limit": limit, "length": len(text)}
