"""Folding of text, made once in Python for documents and queries alike, and sort keys for people's alphabets.

Nothing relies on the collation or the character classes of the database server.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Marks that make a letter of its own, which readers do not take for an accent: й is not и.
_LETTER_MARKS = {("и", "\u0306"), ("у", "\u0306"), ("і", "\u0308")}

# Only in these scripts are combining marks accents, vocalisation or stress. In Devanagari or Thai they
# are vowels and tones, and stay.
_MARKED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "SYRIAC", "ARMENIAN", "COPTIC")

_SAME_LETTERS = str.maketrans(
    {
        # Latin letters that no decomposition takes apart
        "æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l",
        "ŋ": "n", "œ": "oe", "ŧ": "t", "ƒ": "f", "ə": "e", "ɓ": "b", "ɗ": "d", "ɛ": "e", "ɔ": "o", "ƙ": "k",
        # Arabic: alef, ya, kaf, ha and their Persian and Urdu shapes; ta marbuta as ha; no tatweel
        "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ى": "ي", "ی": "ي", "ے": "ي", "ې": "ي", "ک": "ك", "ڪ": "ك",
        "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ء": "", "ـ": "",
        # Devanagari: what typists leave out or exchange
        "\u093c": "", "\u0901": "\u0902",
        # Apostrophes, quotation marks and dashes
        "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "′": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        # A break between words that has no width: Thai and Khmer
        "\u200b": " ",
    }
)  # fmt: skip

_SPACES = re.compile(r"\s+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_PERSIAN_BREAK = re.compile(r"(?<=[\u0600-\u06ff])\u200c(?=[\u0600-\u06ff])")


def fold(text: str) -> str:
    """Return `text` as search and likeness see it: what readers take for the same has the same folding.

    Compatibility forms and width (NFKC) and case are gone, and so are accents in scripts where a mark is
    one, Arabic and Hebrew vocalisation, tatweel, and hamza; alef, ya and ta marbuta have one shape each,
    digits of every script are 0 to 9, invisible signs are dropped, white space is one space. Controls,
    NUL and lone surrogates come out as white space. Folding twice changes nothing.
    """
    if text.isascii():
        return _SPACES.sub(" ", _CONTROLS.sub(" ", text).lower()).strip()
    split = unicodedata.normalize("NFKD", _PERSIAN_BREAK.sub(" ", text))
    lowered = unicodedata.normalize("NFKD", split.casefold())
    plain = "".join(_without_accents(lowered)).translate(_SAME_LETTERS)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def _without_accents(decomposed: str) -> Iterator[str]:
    base, keeps_marks = "", False
    for character in decomposed:
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            if (keeps_marks and not _is_variation(character)) or (base, character) in _LETTER_MARKS:
                yield character
        elif category in ("Cc", "Cs"):
            yield " "
        elif category == "Nd":
            yield str(unicodedata.decimal(character))
        elif category != "Cf" or character == "\u200b":
            if category != "Mc":
                base, keeps_marks = character, category[0] == "L" and not _carries_accents(character)
            yield character


def _is_variation(mark: str) -> bool:
    return "\ufe00" <= mark <= "\ufe0f" or mark >= "\U000e0100"


@lru_cache(maxsize=4096)
def _carries_accents(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_MARKED_SCRIPTS)


# A place after every letter of the same alphabet, and a separator below every sign.
_AFTER = "\U0010fffd"
_LEVEL = "\x01"
_OWN_PLACES = {"es": {"n\u0303": "n" + _AFTER}}
_HAN_STANDARDS = {"zh": "gb2312", "zh-hans": "gb2312", "zh-hant": "big5", "ja": "euc_jp"}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_FIRST_HAN = 0x3400
_FIRST_IN_STANDARDS = 0xA000
_BEYOND_STANDARDS = "\U000f0000"
_BETWEEN_WORDS = re.compile(rf"[^\w{_AFTER}]+|_+")
_KEY_LENGTH = 200
_TIE_LENGTH = 100


def sort_key(text: str, language: str) -> str:
    """Return a key that puts `text` in the alphabetical order which readers of `language` expect.

    Keys are to be compared by code point: in Python, or in a text column under the collation "C". First
    by letters, then by accents; signs between words count as one space. In Spanish ñ follows n; Han
    characters follow their national standard (GB 2312: by pinyin for the 3,755 commonest), and those
    outside it come last. The key depends on nothing but the arguments. It is at most 301 characters
    long: texts alike in their first 200 may tie, so order by something unique after it.
    """
    tag = language.lower().replace("_", "-")
    base = tag.split("-")[0]
    lowered = unicodedata.normalize("NFD", text.casefold())
    for letter, place in _OWN_PLACES.get(base, {}).items():
        lowered = lowered.replace(letter, place)
    letters = _BETWEEN_WORDS.sub(" ", fold(lowered)).strip()
    standard = _HAN_STANDARDS.get(tag) or _HAN_STANDARDS.get(base)
    if standard:
        letters = _HAN.sub(lambda found: _han_place(found[0], standard), letters)
    tie = fold_case(text).encode("utf-8", "replace").decode()
    return letters[:_KEY_LENGTH] + _LEVEL + tie[:_TIE_LENGTH]


def fold_case(text: str) -> str:
    """Return `text` without differences of case and white space, accents kept; controls become spaces."""
    return _SPACES.sub(" ", _CONTROLS.sub(" ", unicodedata.normalize("NFC", text.casefold()))).strip()


def _han_place(character: str, standard: str) -> str:
    try:
        code = character.encode(standard)
    except UnicodeEncodeError:
        return _BEYOND_STANDARDS + character
    if len(code) != 2:
        return _BEYOND_STANDARDS + character
    return chr(_FIRST_HAN + int.from_bytes(code) - _FIRST_IN_STANDARDS)
