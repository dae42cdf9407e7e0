"""The text as files, and what changed as tracked changes: their words, languages, directions and bounds."""

from __future__ import annotations

import io
import json
import os
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from pypdf import PdfReader

from consultation.kit import passage
from consultation.kit.refusal import Refusal
from consultation.texts import arranging, states
from consultation.texts.actions import publish_version
from consultation.texts.formats import composing, keeping, word
from consultation.texts.models import Change, Consultation
from tests import factories as make
from tests.texts.tracked import W, body, paragraphs

pytestmark = pytest.mark.usefixtures("on_top")
START = datetime(2026, 5, 3, 9, tzinfo=UTC)
DECLARATION = Path(os.environ.get("ACCORD_DATA", "")) / "udhr" / "udhr_six.json"
OLD = {
    "en": "Systems are open to review.\n\nPeople may ask why.\nAnd when.\n\n- one\n- two\n\nThe end of it.",
    "ar": "الأنظمة مفتوحة للمراجعة.\n\nيجوز للناس أن يسألوا عن السبب.",
    "zh-hans": "系统接受审查。\n\n人们可以询问原因。",
}
NEW = {
    "en": "All systems are open to all. We ask why.\nAnd how.\n\n- one\n- three\n\nNew.\n\nEnd.",
    "ar": "جميع الأنظمة مفتوحة للمراجعة العامة.\n\nفقرة جديدة.\n\nيجوز للناس أن يسألوا عن السبب.",
    "zh-hans": "各系统接受公开审查。\n\n人们可以询问理由。",
}


def publish(text: Consultation, number: int, words: dict[str, str], *, days: int) -> None:
    texts = {code: (f"Title {number}", each) for code, each in words.items()}
    at = START + timedelta(days=days)
    publish_version(
        None, consultation_id=text.pk, number=number, texts=texts, change=Change.EDITORIAL, notes={}, at=at
    )


@pytest.fixture(scope="module")
def text(kept: None) -> Consultation:
    made = make.consultation(principles=2, languages=tuple(OLD), at=START)
    publish(made, 1, OLD, days=1)
    publish(made, 1, NEW, days=2)
    return made


def versions(text: Consultation) -> list:
    return list(text.principles.get(number=1).versions.order_by("number"))


def split(words: str) -> list[str]:
    return [words[span.start : span.end] for span in passage.paragraphs(words)]


def said(data: bytes, *, accepted: bool) -> list[str]:
    return [words for style, words in paragraphs(data, accepted=accepted) if style == "Body"]


@pytest.mark.parametrize("language", list(OLD))
def test_accepting_all_changes_leaves_the_new_text_and_rejecting_all_the_old_one(text, language):
    _first, old, new = versions(text)
    data = word.make(composing.of_versions(text, 1, old, new, language))
    assert said(data, accepted=True) == split(NEW[language])
    assert said(data, accepted=False) == split(OLD[language])
    docx.Document(io.BytesIO(data))
    assert word.make(composing.of_versions(text, 1, old, new, language)) == data


def test_changes_name_their_author_their_time_and_each_itself(text):
    text.secretariats = {"en": "Secretariat of the Test Charter"}
    text.save()
    _first, old, new = versions(text)
    found = body(word.make(composing.of_versions(text, 1, old, new, "en")))
    changes = [each for each in found.iter() if each.tag in (f"{W}ins", f"{W}del")]
    assert len(changes) > 5
    assert {each.get(f"{W}author") for each in changes} == {"Secretariat of the Test Charter"}
    assert {each.get(f"{W}date") for each in changes} == {"2026-05-05T09:00:00Z"}
    assert len({each.get(f"{W}id") for each in changes}) == len(changes)
    # Within a removed run words stand in their own element, and nowhere else (ECMA-376 part 1, 17.3.3.7).
    removed = {id(each) for change in found.iter(f"{W}del") for each in change.iter()}
    assert not [each for each in found.iter(f"{W}t") if id(each) in removed]
    assert all(id(each) in removed for each in found.iter(f"{W}delText"))


def test_the_whole_text_is_tracked_principle_by_principle(text):
    history = states.history(text)
    moments = history.moments()
    data = word.make(composing.of_moments(history, moments[-1].at, moments[0].at, "en"))
    number_two = "Principle 2. Systems are open to review. People may ask why a decision was taken."
    assert said(data, accepted=True) == [*split(NEW["en"]), number_two]
    first = "Principle 1. Systems are open to review. People may ask why a decision was taken."
    assert said(data, accepted=False) == [first, number_two]
    titles = {accepted: [words for style, words in paragraphs(data, accepted=accepted) if style == "Heading1"]
              for accepted in (True, False)}  # fmt: skip
    assert titles == {True: ["1  Title 1", "2  Title 2 (en)"], False: ["1  Title 1 (en)", "2  Title 2 (en)"]}


def test_a_principle_that_was_added_leaves_no_trace_when_it_is_rejected(text):
    text.principles.create(number=3, order=1, headings={"en": "A new part"})
    publish(text, 3, {"en": "Wholly new.\n\nIn two parts."}, days=3)
    arranging.note(text, at=START + timedelta(days=3))
    history = states.history(text)
    moments = [each.at for each in history.moments()]
    data = word.make(composing.of_moments(history, moments[1], moments[0], "en"))
    accepted = [words for _style, words in paragraphs(data, accepted=True)]
    rejected = [words for _style, words in paragraphs(data, accepted=False)]
    added = ["A new part", "3  Title 3", "Version 1, 6 May 2026", "Wholly new.", "In two parts."]
    assert [each for each in accepted if each not in rejected] == added


def test_arabic_runs_from_the_right_and_says_its_language(text):
    _first, old, new = versions(text)
    data = word.make(composing.of_versions(text, 1, old, new, "ar"))
    words = [each for each in body(data).iter(f"{W}p") if _style(each) == "Body"]
    assert words
    assert all(each.find(f"{W}pPr/{W}bidi") is not None for each in words)
    for run in (run for each in words for run in each.iter(f"{W}r")):
        assert run.find(f"{W}rPr/{W}rtl") is not None
        assert run.find(f"{W}rPr/{W}lang").get(f"{W}bidi") == "ar"
    assert body(data).find(f"{W}sectPr/{W}bidi") is not None


def _style(paragraph: ElementTree.Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(f"{W}val"))


ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "numPr",
    "pBdr",
    "shd",
    "tabs",
    "bidi",
    "spacing",
    "ind",
    "jc",
    "rPr",
]
RUN = [
    "ins",
    "del",
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "strike",
    "color",
    "sz",
    "szCs",
    "u",
    "rtl",
    "lang",
]


@pytest.mark.parametrize("language", list(OLD))
def test_elements_stand_in_the_order_of_the_schema(text, language):
    history = states.history(text)
    moments = [each.at for each in history.moments()]
    for document in (
        composing.of_moments(history, moments[-1], moments[0], language),
        composing.text(history, history.at(moments[0]), language),
    ):
        found = body(word.make(document))
        for name, order in (("pPr", ORDER), ("rPr", RUN)):
            for each in found.iter(f"{W}{name}"):
                places = [order.index(child.tag.removeprefix(W)) for child in each]
                assert places == sorted(places)


def test_the_whole_text_says_what_it_is_and_how_to_check_it(text):
    text.notes = {"en": "A text for tests, by its testers."}
    text.save()
    history = states.history(text)
    document = composing.text(history, history.at(START + timedelta(days=9)), "ar")
    data = word.make(document)
    told = "\n".join(words for _style, words in paragraphs(data, accepted=True))
    current = text.principles.get(number=1).current
    for expected in ("A text for tests", current.text_hash, "1.1\tجميع الأنظمة", "/text/"):
        assert expected in told or expected in _foot(data)
    pdf = PdfReader(io.BytesIO(keeping.made(document, "pdf")))
    assert pdf.trailer["/Root"]["/Lang"] == "ar"
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data()
    assert keeping.made(document, "pdf") == keeping.made(document, "pdf")


def _foot(data: bytes) -> str:
    parts = zipfile.ZipFile(io.BytesIO(data))
    return "".join(parts.read(name).decode() for name in parts.namelist() if "footer" in name)


def test_what_no_font_and_no_file_can_hold_is_replaced_and_a_long_text_is_refused(text, monkeypatch):
    publish(text, 2, dict.fromkeys(OLD, "#panic() \x07 😀 <w:t>&amp; \ufffe $x$ *b*"), days=3)
    history = states.history(text)
    document = composing.text(history, history.at(START + timedelta(days=9)), "en")
    docx.Document(io.BytesIO(keeping.made(document, "docx")))
    printed = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(keeping.made(document, "pdf"))).pages
    )
    assert "#panic()" in printed
    monkeypatch.setattr(keeping, "MOST", 100)
    with pytest.raises(Refusal) as refused:
        keeping.made(document, "pdf")
    assert refused.value.code == "too-large"


@pytest.mark.skipif(not DECLARATION.is_file(), reason="ACCORD_DATA is not set")
@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_mangled_declaration_comes_back_exactly(text, language):
    found = next(each for each in json.loads(DECLARATION.read_text()) if each["lang"] == language)
    lines = [line for article in found["articles"] for line in article["paras"]]
    chance = random.Random(language)
    mangled = [line[: chance.randrange(len(line))] if chance.random() < 0.3 else line for line in lines]
    chance.shuffle(mangled)
    code = {"zh": "zh-hans"}.get(language, language)
    before, after = "\n\n".join(lines), "\n\n".join(filter(str.strip, mangled))
    publish(text, 2, dict.fromkeys(OLD, before), days=3)
    publish(text, 2, dict.fromkeys(OLD, after), days=4)
    _one, old, new = text.principles.get(number=2).versions.order_by("number")
    data = word.make(composing.of_versions(text, 2, old, new, code))
    assert said(data, accepted=True) == split(after)
    assert said(data, accepted=False) == split(before)
