"""What stands in the words, and what only looks as if it did."""

import pytest

from consultation.moderation import signals
from consultation.moderation.models import Reason

TELEPHONES = [
    "+44 20 7946 0958",
    "+1 (212) 555-0187",
    "+33 1 70 18 99 00",
    "+86 138 0013 8000",
    "+٩٧١ ٤ ٣١٢ ٣٤٥٦",
    "(212) 555-0187",
    "01 70 18 99 00",
    "020 7946 0958",
    "03-1234-5678",
    "13800138000",
    "(11) 91234-5678",
    "8 (495) 123-45-67",
    "Tel. 0301 234567",
    "телефон: 123-45-67",
    "هاتف: ٠٢١٢٣٤٥٦٧",
    "电话:010-8888 6666",
]
IDENTITIES = [
    "4111 1111 1111 1111",
    "5500-0000-0000-0004",
    "DE89 3704 0044 0532 0130 00",
    "GB82WEST12345698765432",
    "11010519491231002X",
    "2341 2341 2346",
    "529.982.247-25",
    "112-233-445 95",
    "1 85 05 78 006 084 91",
    "12345678Z",
    "078-05-1120",
    "900101-1234567",
    "AB 12 34 56 C",
    "RSSMRA85T10A562S",
]
NEITHER = [
    "Between 2015 and 2024-2025 it fell by 12.5 to 13.75 per cent.",
    "See A/RES/78/265, ISO/IEC 42001:2023 and Regulation (EU) 2024/1689, article 6(2).",
    "ISBN 978-3-16-148410-0, doi:10.1000/182.2023.45678, arXiv:2303.08774v3",
    "It costs 1 000 000 000 euros, or 12,345,678.90 dollars, in 193 Member States.",
    "On 2024-11-24 at 18:00:00+01:00, in version 1.2.3.4 of 192.168.10.12.",
    "Comments P3-42, G-7 and S-1001 on principles 1 2 3 4 5 6 7 8 9 10.",
    "Tables 12 345 678 and 123456789 of 31.12.2023; page 4111 of 1111.",
    "GDP grew +3.2 % and +12 points; 4111 1111 1111 1112 holds no check digit.",
    "DE00 3704 0044 0532 0130 00 is no account, 529.982.247-26 no paper, 12345678A no card.",
    "१२३४ और ٢٠٢٤ و 2024年12月31日",
]


@pytest.mark.parametrize("number", TELEPHONES)
def test_a_telephone_number_is_found_as_it_is_spelled(number: str) -> None:
    text = f"Please write to us, {number}, before noon."
    assert [each.rstrip(",") for each in signals.marks(Reason.TELEPHONE, text)] == [number]


@pytest.mark.parametrize("number", IDENTITIES)
def test_a_number_of_papers_or_accounts_is_found_as_it_is_spelled(number: str) -> None:
    assert signals.marks(Reason.IDENTITY, f"Hers is {number}, as we know.") == [number]


@pytest.mark.parametrize("text", NEITHER)
def test_what_texts_of_this_kind_are_full_of_is_no_such_number(text: str) -> None:
    assert signals.marks(Reason.TELEPHONE, text) == []
    assert signals.marks(Reason.IDENTITY, text) == []


def test_links_are_told_without_the_sign_that_ends_the_sentence() -> None:
    text = "See https://example.org/a?b=c. Or [this](http://x.example/y), www.example.com!"
    assert signals.marks(Reason.LINKS, text) == [
        "https://example.org/a?b=c",
        "http://x.example/y",
        "www.example.com",
    ]
    assert signals.marks(Reason.LINKS, "Write to office@example.org about e.g. this.") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("THIS MUST STOP NOW, BEFORE ANYBODY SUFFERS", ["THIS", "MUST", "STOP", "BEFORE", "ANYBODY"]),
        ("ЭТОТ ТЕКСТ НАДО СРОЧНО ИСПРАВИТЬ СЕГОДНЯ", ["ЭТОТ", "ТЕКСТ", "НАДО", "СРОЧНО", "ИСПРАВИТЬ"]),
        ("UNESCO, UNICEF, OHCHR, ECOSOC and UNCTAD were asked what they think about that proposal.", []),
        ("STOP. We agree with the rest.", []),
        ("هذا النص يجب أن يتغير اليوم قبل الغد", []),
        ("这个原则必须马上修改否则我们不同意", []),
    ],
)
def test_capitals_are_shouting_only_where_they_are_most_of_it(text: str, words: list[str]) -> None:
    assert signals.marks(Reason.SHOUTING, text) == words


def test_a_long_text_of_digits_and_signs_is_read_in_no_time() -> None:
    for text in ("1 " * 10_000, "(" * 20_000, "+1-" * 6_600, "A1 " * 6_600, "٤" * 20_000, "0-" * 10_000):
        for code in signals.codes():
            signals.marks(code, text)
