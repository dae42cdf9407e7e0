"""The readable formats: the same words in each, in every script, and nothing that anybody wrote is run."""

from __future__ import annotations

import io
import json
import os
import re
import unicodedata
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from consultation.digests import bounds
from consultation.digests.composing import Issue, compose
from consultation.digests.formats import docx as word
from consultation.digests.formats import html, pdf, xlsx
from consultation.kit.glyphs import MISSING, printable
from consultation.kit.workbook import CELL_LIMIT, fitted
from tests.digests.contents import AUSTRAL, BAMBOO, LAKESHORE, OASIS, comment, content, position

ENGLISH, ARABIC, CHINESE = (
    Issue("0198c2d4-7c00-7a3b-9d55-0f4a6e2b1c77", code) for code in ("en", "ar", "zh-hans")
)
NAUGHTY = Path(os.environ.get("ACCORD_DATA", "")) / "naughty"
HOSTILE = [
    '#panic("no")',
    '#eval(read("/etc/passwd"))',
    "$ x^2 $ *bold* _it_ `raw` <label> @ref // comment /* more */",
    "\\u{41} #let x = 1; #sys.inputs.data",
    "```\n#panic()\n```",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ settings.SECRET_KEY }} {% load x %}",
    "😀 \U0001f468\u200d\U0001f469 \u0e01\u0e38 \ufffe \x07 \u202e reversed",
    "a" * 5000,
    "я" * 500,
    "e" + "\u0301" * 300,
    "\n" * 200,
    "> " * 30 + "deep",
    "- " * 30 + "deeper",
]


def words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").split())


def pdf_text(data: bytes) -> str:
    return words(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


def docx_text(data: bytes) -> str:
    texts = re.findall(
        r"<w:t[^>]*>([^<]*)", zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    )
    return words(" ".join(texts))


@cache
def printed(issue: Issue) -> bytes:
    return pdf.make(content(), issue)


def test_a_pdf_is_tagged_and_has_title_and_language():
    reader = PdfReader(io.BytesIO(printed(ENGLISH)))
    root = reader.trailer["/Root"]
    assert reader.metadata.title == "Global AI Governance Initiative, Digest"
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_a_pdf_says_who_said_what():
    text = pdf_text(printed(ENGLISH))
    for said in (
        "Equal rights of participation",
        "P6-12",
        "L’égalité des droits reste une promesse",
        "3 institutions in 3 countries co-sign, 1 disagrees",
        "Withheld on 4 August 2026, clause 4 of the moderation policy.",
        "Silence is not consent.",
        "Северный институт вычислений",
        "22:00 China Standard Time",
        ENGLISH.id,
        "9c1e77a0" * 4,
    ):
        assert said in text


def fonts_of(data: bytes) -> set[str]:
    pages = PdfReader(io.BytesIO(data)).pages
    return {
        str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()
    }


def test_arabic_is_printed_in_an_arabic_font_and_no_letter_is_missing():
    assert any("NotoSansArabic" in name for name in fonts_of(printed(ARABIC)))
    assert MISSING not in printable("المشاركة المتساوية في حوكمة الذكاء الاصطناعي")


def test_chinese_can_be_read_out_of_a_pdf():
    text = pdf_text(printed(CHINESE)).replace(" ", "")
    for said in ("平等的参与权", "各国在人工智能治理中享有平等的参与权", "竹林计算研究所", "智利"):
        assert said in text


def test_the_same_content_prints_the_same_bytes():
    assert pdf.make(content(), ENGLISH) == printed(ENGLISH)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_pdf_shows_hostile_text_and_runs_nothing(hostile):
    said = comment("P6-66", LAKESHORE, hostile, proposed_text=hostile, passage=hostile)
    held = position(LAKESHORE, "decline", hostile)
    assert "P6-66" in pdf_text(pdf.make(content(comments=[said], positions=[held]), ENGLISH))


def test_typst_s_own_signs_come_out_as_they_were_written():
    hostile = '#panic("no") $x^2$ #sys.inputs @ref'
    assert hostile in pdf_text(pdf.make(content(comments=[comment("P6-66", LAKESHORE, hostile)]), ENGLISH))


@pytest.mark.parametrize("make", [html.make, pdf.make, word.make, xlsx.make])
@pytest.mark.parametrize("name", ["blns.json", "csv-injection-payloadbox.txt", "xss-payload-list.txt"])
def test_strings_known_to_break_things_break_nothing(make, name):
    if not (NAUGHTY / name).is_file():
        pytest.skip("ACCORD_DATA does not name a folder with naughty strings")
    data = (NAUGHTY / name).read_text()
    strings = json.loads(data) if name.endswith(".json") else data.splitlines()[:500]
    said = [
        comment(
            f"P6-{number}", LAKESHORE, string.replace("\x00", ""), passage=string[:50].replace("\x00", "")
        )
        for number, string in enumerate(strings[:500], start=100)
    ]
    for start in range(0, len(said), 125):
        assert make(content(comments=said[start : start + 125]), ENGLISH)


def test_a_letter_that_no_font_has_is_shown_as_missing():
    assert printable("a😀b") == "a\ufffdb"
    assert printable("العربية 漢字 Ελληνικά हिन्दी") == "العربية 漢字 Ελληνικά हिन्दी"


def test_a_long_run_may_break():
    assert max(map(len, printable("x" * 400).split("\u200b"))) <= 36


def test_a_page_holds_no_script_and_loads_nothing():
    hostile = "<script>alert(1)</script> ![x](https://evil.example/a.png) [go](javascript:alert(1))"
    said = comment("P6-66", LAKESHORE, hostile, proposed_text="<b>", passage="<i>")
    page = html.make(content(comments=[said]), ENGLISH).decode()
    assert "<script" not in page
    assert (
        re.findall(
            r"<(?:img|link|iframe|object|form|i|b)[ >]", page.partition("</head>")[2].replace("<b>", "", 99)
        )
        == []
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "javascript:" not in re.sub(r">[^<]*<", "><", page)


def test_a_page_allows_its_own_style_and_nothing_else():
    page = html.make(content(), ENGLISH).decode()
    assert html.style_sheet() in page
    assert "default-src &#x27;none&#x27;; style-src &#x27;sha256-" in page


@pytest.mark.parametrize(("issue", "direction"), [(ENGLISH, "ltr"), (ARABIC, "rtl")])
def test_a_page_is_read_from_its_own_side_and_each_comment_from_its_own(issue, direction):
    page = html.make(content(), issue).decode()
    assert f'<html lang="{issue.language}" dir="{direction}">' in page
    assert '<div lang="fr" dir="ltr">' in page
    assert '<div lang="ar" dir="rtl">' in page
    assert '<div lang="zh-Hans" dir="ltr">' in page


def test_a_word_file_says_the_same_and_marks_what_is_read_from_the_right():
    data = word.make(content(), ARABIC)
    text = docx_text(data)
    assert "حقوق متساوية في المشاركة" in text
    assert "L’égalité des droits" in text
    file = docx.Document(io.BytesIO(data))
    assert file.core_properties.language == "ar"
    body = file.element.xml
    assert body.count("<w:rtl/>") > 10
    assert 'w:lang w:val="zh-CN"' in body


def test_a_word_file_holds_what_xml_cannot():
    assert docx_text(word.make(content(comments=[comment("P6-66", LAKESHORE, "a\x07b\ufffe")]), ENGLISH))


def test_a_workbook_has_no_formula_and_no_link():
    said = comment("P6-66", LAKESHORE, '=HYPERLINK("https://evil.example")', proposed_text="@SUM(1)")
    book = zipfile.ZipFile(io.BytesIO(xlsx.make(content(comments=[said]), ENGLISH)))
    sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 5
    assert [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet] == []
    assert "=HYPERLINK" in book.read("xl/sharedStrings.xml").decode()


def test_a_workbook_in_arabic_runs_from_right_to_left():
    book = zipfile.ZipFile(io.BytesIO(xlsx.make(content(), ARABIC)))
    assert 'rightToLeft="1"' in book.read("xl/worksheets/sheet2.xml").decode()


def test_a_cell_holds_no_more_than_excel_reads():
    assert len(fitted("😀" * 20_000).encode("utf-16-le")) // 2 <= CELL_LIMIT


def test_all_stand_in_full_up_to_a_hundred_and_fifty_and_the_rest_is_named_by_country():
    said = [comment(f"P6-{n}", LAKESHORE if n % 2 else BAMBOO, f"Words {n}.") for n in range(1, 161)]
    said[159] = comment("P6-160", AUSTRAL, "The last one.", agree=(OASIS, BAMBOO))
    section = compose(content(comments=said), ENGLISH).sections[0]
    discussion = section.discussion
    assert discussion.title == "160 comments from 3 countries"
    assert len(discussion.comments) == bounds.IN_FULL
    assert discussion.comments[-1].reference == "P6-160"
    assert discussion.left_out.startswith("10 more comments are not printed here.")
    assert {country.name: [entry.text for entry in country.entries] for country in discussion.references} == {
        "China": ["P6-150", "P6-152", "P6-154", "P6-156", "P6-158"],
        "Kenya": ["P6-151", "P6-153", "P6-155", "P6-157", "P6-159"],
    }


def test_a_hundred_and_fifty_of_the_longest_comments_stay_within_sixty_pages():
    longest = "Long words that fill a line and then another one. " * 400
    said = [comment(f"P6-{n}", LAKESHORE, longest, proposed_text=longest) for n in range(1, 151)]
    held = [position(LAKESHORE, "endorse_with_reservation", longest[:5000]) for _ in range(150)]
    made = PdfReader(io.BytesIO(pdf.make(content(comments=said, positions=held, scope=6), ENGLISH)))
    assert 20 < len(made.pages) <= 60


def test_comments_of_one_short_line_each_stay_within_sixty_pages_whatever_they_hold():
    said = [comment(f"P6-{n}", LAKESHORE, "\n\n".join("ab" * 30), passage="x\n" * 30) for n in range(1, 151)]
    made = PdfReader(io.BytesIO(pdf.make(content(comments=said, scope=6), ENGLISH)))
    assert len(made.pages) <= 60


def test_silence_is_told_as_silence():
    section = compose(content(comments=[], positions=[]), ENGLISH).sections[0]
    assert section.standing.finding == (
        "No institution has taken a position on this principle. Silence is not consent."
    )
    assert section.discussion.title == "Nobody has commented on this principle."


def test_a_withdrawn_principle_says_so_where_its_version_and_its_positions_would_stand():
    whole = content(positions=[])
    gone = replace(whole.principles[0], withdrawn_at="2026-10-02T09:30:00Z")
    section = compose(replace(whole, principles=(gone,)), ENGLISH).sections[0]
    said = "This principle was withdrawn on 2 October 2026. Positions on it are not counted."
    assert (section.version, section.standing.finding) == (said, said)
    assert section.discussion.comments


def test_a_withheld_comment_keeps_its_place_and_nothing_else():
    [card] = [each for each in compose(content(), ENGLISH).sections[0].discussion.comments if each.withheld]
    assert (card.reference, card.who, card.body, card.lemma) == ("P6-30", None, None, None)
