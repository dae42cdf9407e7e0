"""What the scripts of the world do differently, as far as search and comparison care."""

import re
import unicodedata

# Chinese, Japanese, Korean; Thai, Lao, Myanmar, Khmer and their neighbours.
_EAST_ASIAN = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_SOUTH_EAST_ASIAN = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
)
_UNSPACED = re.compile(f"[{_EAST_ASIAN}{_SOUTH_EAST_ASIAN}]")


def is_unspaced(character: str) -> bool:
    """Whether the script of this character is written without spaces between words, or with few (Korean)."""
    return _UNSPACED.match(character) is not None


def is_mark(character: str) -> bool:
    """Whether this character belongs to the sign before it: an accent, a vowel sign, a tone."""
    return unicodedata.category(character)[0] == "M"


def is_in_word(character: str) -> bool:
    """Whether this character is a letter or a number of any script."""
    return unicodedata.category(character)[0] in "LN"
