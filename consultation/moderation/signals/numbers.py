"""What looks like somebody's telephone, identity or account number.

Meant to miss rather than to cry: a number counts by a shape that little else has, or by its own check digits.
References of documents, years, amounts, ISBN and DOI are none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

_APART = r"[ .\-\u00a0\u202f]"
_ALONE = r"(?<![\w/.,+\-])(?<!\d )"
_ENDS = r"(?![\w/]|[.,\- ]\d)"
_NAMED = (
    r"(?:tel|phone|mobile|cell|fax|t[ée]l[ée]phone|tel[ée]fono|m[óo]vil|тел|телефон|моб|电话|手机|電話|"
    r"هاتف|جوال|whatsapp)"
)
_SHAPES = [
    # ITU-T E.164 in its international spelling
    rf"(?<![\w+])\+[1-9]\d{{0,2}}(?:{_APART}|[()/]){{0,2}}(?:[\d(](?:{_APART}|[()/]){{0,2}}){{5,15}}\d{_ENDS}",
    # United States and Canada; Brazil; Russia
    rf"{_ALONE}\([2-9]\d{{2}}\) ?[2-9]\d{{2}}-\d{{4}}{_ENDS}",
    rf"{_ALONE}\([1-9]\d\) ?9?\d{{4}}-\d{{4}}{_ENDS}",
    rf"{_ALONE}8 ?\(\d{{3}}\) ?\d{{3}}-\d{{2}}-\d{{2}}{_ENDS}",
    # France; United Kingdom; Japan; mobile telephones of China and of India
    rf"{_ALONE}0[1-9](?:{_APART}\d{{2}}){{4}}{_ENDS}",
    rf"{_ALONE}0\d{{4}} \d{{6}}{_ENDS}|{_ALONE}0\d{{2,3}} \d{{3,4}} \d{{4}}{_ENDS}",
    rf"{_ALONE}0\d{{1,3}}-\d{{2,4}}-\d{{4}}{_ENDS}",
    rf"{_ALONE}1[3-9]\d(?:\d{{8}}|[ -]\d{{4}}[ -]\d{{4}}){_ENDS}",
    rf"{_ALONE}[6-9]\d{{4}} \d{{5}}{_ENDS}",
    # Whatever somebody calls one
    rf"{_NAMED}[.:]*[^\w+]{{0,3}}\(?\d(?:{_APART}|[()/]|\d){{4,16}}\d{_ENDS}",
]
_TELEPHONE = re.compile("|".join(_SHAPES), re.IGNORECASE)


def telephones(text: str) -> Iterator[str]:
    """What looks like a telephone number, as it is spelled."""
    return (text[each.start() : each.end()].strip() for each in _TELEPHONE.finditer(_plain(text)))


def identities(text: str) -> Iterator[str]:
    """What looks like a number of somebody's papers, bank account or card, as it is spelled."""
    plain = _plain(text)
    for shape, holds in _PAPERS:
        for each in shape.finditer(plain):
            if holds(re.sub(r"[^0-9A-Za-z]", "", each[0]).upper()):
                yield text[each.start() : each.end()].strip()


def _plain(text: str) -> str:
    """The same text, sign for sign, with the digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def _luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B; and not the same digit over and over."""
    doubled = [int(each) * (2 if place % 2 else 1) for place, each in enumerate(reversed(number))]
    return len(set(number)) > 1 and sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def _iban(number: str) -> bool:
    """ISO 13616: modulo 97 of the number with its first four signs at its end."""
    turned = number[4:] + number[:4]
    return len(number) >= 15 and int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def _chinese(number: str) -> bool:
    """GB 11643: the last of eighteen signs is a check, X for ten."""
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    left = sum(int(each) * weight for each, weight in zip(number, weights, strict=False)) % 11
    return "10X98765432"[left] == number[-1]


def _indian(number: str) -> bool:
    """Aadhaar: the last of twelve digits is a check after Verhoeff."""
    check = 0
    for place, each in enumerate(reversed(number)):
        check = _times(check, _turned(int(each), place % 8))
    return check == 0


def _times(left: int, right: int) -> int:
    """The product in the dihedral group of order ten."""
    if left < 5:
        return (left + right) % 5 if right < 5 else 5 + (left + right) % 5
    return 5 + (left - right) % 5 if right < 5 else (left - right) % 5


def _turned(digit: int, times: int) -> int:
    for _each in range(times):
        digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
    return digit


def _brazilian(number: str) -> bool:
    """CPF: the last two of eleven digits are checks."""
    return len(set(number)) > 1 and all(
        sum(int(each) * (size + 1 - place) for place, each in enumerate(number[:size])) * 10 % 11 % 10
        == int(number[size])
        for size in (9, 10)
    )


def _russian(number: str) -> bool:
    """SNILS: the last two of eleven digits are a check."""
    total = sum(int(each) * (9 - place) for place, each in enumerate(number[:9]))
    return total % 101 % 100 == int(number[9:])


def _french(number: str) -> bool:
    """NIR: the last two of fifteen digits are 97 less the rest of the others."""
    return 97 - int(number[:13]) % 97 == int(number[13:])


def _spanish(number: str) -> bool:
    """DNI and NIE: the letter follows from the digits."""
    digits = number[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


def _as_it_is(number: str) -> bool:
    return True


def _card(number: str) -> bool:
    return 13 <= len(number) <= 19 and _luhn(number)


_PAPERS: list[tuple[re.Pattern[str], Callable[[str], bool]]] = [
    # Cards of payment, by the first digits that are given to them
    (re.compile(rf"{_ALONE}(?:4|5[1-5]|2[2-7]|3[47]|6[05])\d{{1,2}}(?:[ -]?\d){{10,16}}{_ENDS}"), _card),
    (re.compile(rf"{_ALONE}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?{_ENDS}"), _iban),
    (re.compile(rf"{_ALONE}[1-9]\d{{5}}(?:19|20)\d{{2}}[01]\d[0-3]\d{{4}}[\dXx]{_ENDS}"), _chinese),
    (re.compile(rf"{_ALONE}[2-9]\d{{3}}[ -]\d{{4}}[ -]\d{{4}}{_ENDS}"), _indian),
    (re.compile(rf"{_ALONE}\d{{3}}\.\d{{3}}\.\d{{3}}-\d{{2}}{_ENDS}"), _brazilian),
    (re.compile(rf"{_ALONE}\d{{3}}-\d{{3}}-\d{{3}} \d{{2}}{_ENDS}"), _russian),
    (
        re.compile(rf"{_ALONE}[12] ?\d{{2}} ?(?:0[1-9]|1[0-2]) ?\d{{2}} ?\d{{3}} ?\d{{3}} ?\d{{2}}{_ENDS}"),
        _french,
    ),
    (re.compile(rf"{_ALONE}(?:\d{{8}}|[XYZ]\d{{7}})-?[A-HJ-NP-TV-Z]{_ENDS}"), _spanish),
    # Social security of the United States; Korea; National Insurance; codice fiscale
    (re.compile(rf"{_ALONE}(?!000|666|9)\d{{3}}-(?!00)\d{{2}}-(?!0000)\d{{4}}{_ENDS}"), _as_it_is),
    (re.compile(rf"{_ALONE}\d{{2}}[01]\d[0-3]\d-[1-4]\d{{6}}{_ENDS}"), _as_it_is),
    (re.compile(rf"{_ALONE}[A-CEGHJ-PR-TW-Z]{{2}} ?\d{{2}} ?\d{{2}} ?\d{{2}} ?[A-D]{_ENDS}"), _as_it_is),
    (re.compile(rf"{_ALONE}[A-Z]{{6}}\d{{2}}[A-EHLMPRST]\d{{2}}[A-Z]\d{{3}}[A-Z]{_ENDS}"), _as_it_is),
]
