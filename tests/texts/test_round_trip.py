"""A whole text goes out as files and comes in again: nothing is lost, nothing is added."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts import actions, export, queries
from consultation.texts.actions import load_text
from consultation.texts.models import Consultation, Principle, PrincipleVersion, Translation
from consultation.texts.source import Edition, Section, TextSource, read, read_folder
from tests import factories as make
from tests.texts import declaration

pytestmark = pytest.mark.django_db
INITIATIVE = Path(__file__).parents[2] / "consultation" / "texts" / "initiative"
WORDS = ["titles", "leads", "notes", "preambles", "initiators", "secretariats"]
FACTS = [
    "authoritative", "languages", "zone", "policy", "licence", "target_hours", "trusted_after",
    "flags_to_hide", "private_comments", "source", "issued_on",
]  # fmt: skip
ROUND = ["number", "purposes", "opens_at", "closes_at", "opens_comment", "opens_discuss", "opens_endorse"]


def held(consultation):
    """All that a text says and how it stands, but for its address."""
    found = Consultation.objects.get(pk=consultation.pk)
    return {
        **{name: getattr(found, name) for name in [*WORDS, *FACTS]},
        "rounds": list(found.rounds.order_by("number").values(*ROUND)),
        "clauses": list(found.clauses.values("number", "titles", "texts", "withdrawn_at")),
        "principles": [
            (
                each.number,
                each.headings,
                each.withdrawn_at,
                each.withdrawal_reasons,
                {row.language: (row.title, row.body, row.authoritative) for row in _translations(each)},
            )
            for each in found.principles.exclude(current=None).order_by("order", "number")
        ],
    }


def _translations(principle):
    return Translation.objects.filter(version=principle.current_id)


def loaded(files, slug):
    return load_text(None, source=read(files), slug=slug, at=clock.now())


def saved_by_an_editor(files):
    return {name: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n") for name, text in files.items()}


def same_facts(files, slug):
    """The files with another address."""
    facts = files["consultation.yaml"].decode().split("\n", 1)[1]
    return {**files, "consultation.yaml": f"slug: {slug}\n{facts}".encode()}


def round_trip(consultation):
    files = export.files(consultation)
    again = loaded(files, "again")
    assert held(again) == held(consultation)
    assert same_facts(export.files(again), consultation.slug) == files
    edited = loaded(saved_by_an_editor(files), "edited")
    assert held(edited) == held(consultation)


def test_the_initiative_goes_out_and_comes_in_again():
    round_trip(load_text(None, source=read_folder(INITIATIVE), at=clock.now()))


def test_a_text_with_everything_that_can_happen_to_it_goes_out_and_comes_in_again():
    consultation = make.consultation(principles=4, languages=("en", "fr", "ar"))
    at = datetime(2026, 11, 1, 9, 30, 15, 250, UTC)
    place = {"consultation_id": consultation.pk, "at": clock.now()}
    actions.set_headings(None, number=2, headings={"en": "# Rights: \\ 'n' \"all\"", "ar": "حقوق"}, **place)
    actions.reorder_principles(None, numbers=[3, 1, 4, 2], base=[1, 2, 3, 4], **place)
    make.new_version(consultation, 3, "```\n# No heading\n## 1. nor this\n```\n\n---\nlanguage: xx\n---\n \\")
    editing_withdraws(consultation, 4, at)
    PrincipleVersion.objects.create(principle=consultation.principles.get(number=1), number=2)
    Consultation.objects.filter(pk=consultation.pk).update(
        leads={"en": "Two\nlines: of - words # and \x85 more", "ru": "Только по-русски"},
        languages=["en", "fr", "ar", "ru"],
        target_hours=24,
        trusted_after=5,
        flags_to_hide=4,
        private_comments=False,
    )
    consultation.refresh_from_db()
    round_trip(consultation)


def editing_withdraws(consultation, number, at):
    Principle.objects.filter(consultation=consultation, number=number).update(
        withdrawn_at=at, withdrawal_reasons={"en": "It said: nothing.\nNew."}
    )


fits = st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"])
lines = st.text(st.one_of(st.sampled_from("#\\ .3-:'\"|>"), fits), min_size=1, max_size=12)
bodies = st.lists(lines, min_size=1, max_size=3).map("\n".join)
codes = st.sets(st.sampled_from(["fr", "ar", "zh-hans"]), max_size=2)


@st.composite
def sources(draw):
    editions = {}
    numbers = draw(st.lists(st.integers(1, 40), min_size=1, max_size=3, unique=True))
    for code in ["en", *draw(codes)]:
        chosen = numbers if code == "en" else [each for each in numbers if draw(st.booleans())]
        sections = {n: Section(n, draw(lines), draw(bodies), draw(st.just("") | lines)) for n in chosen}
        words = {name: draw(bodies).strip() for name in ("title", "lead", "note")}
        clauses = {"1": {"title": draw(lines), "text": draw(bodies)}}
        editions[code] = Edition(code, {**words, "clauses": clauses}, draw(bodies), sections)
    return TextSource({"slug": "drawn", "authoritative": "en", "languages": list(editions)}, editions)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=sources())
def test_whatever_the_words_are_they_come_in_as_they_went_out(source):
    # What was tried leaves no trace for what is tried next.
    before = transaction.savepoint()
    round_trip(load_text(None, source=source, at=clock.now()))
    transaction.savepoint_rollback(before)


@pytest.mark.parametrize("real", [False, True])
def test_thirty_articles_in_six_languages_are_imported_and_exported_identical(real, tmp_path):
    if real and not declaration.HAS_DATA:
        pytest.skip("ACCORD_DATA does not name a folder with the Declaration of Human Rights")
    texts = declaration.declaration() if real else declaration.made_up()
    folder = declaration.write(texts, tmp_path / "in")
    call_command("load_text", str(folder), consultation="declaration", verbosity=0)
    consultation = queries.with_slug("declaration")
    found = {
        (number, code): words[:2]
        for number, *_rest, translations in held(consultation)["principles"]
        for code, words in translations.items()
    }
    assert (found, len(found)) == (declaration.words(texts), 180)
    call_command("export_text", str(tmp_path / "out"), consultation="declaration", verbosity=0)
    given, written = read_folder(folder), read_folder(tmp_path / "out")
    assert {code: (each.preamble, each.sections) for code, each in written.editions.items()} == {
        code: (each.preamble, each.sections) for code, each in given.editions.items()
    }
    before = Entry.objects.count()
    again = {"consultation": "declaration", "publish": "editorial", "verbosity": 0}
    call_command("load_text", str(tmp_path / "out"), **again)
    assert Entry.objects.count() == before
    round_trip(consultation)


def test_the_same_text_is_the_same_archive():
    consultation = make.consultation(languages=("en", "fr"))
    packed = export.archive(consultation)
    assert packed == export.archive(consultation)
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        assert sorted(pack.namelist()) == [
            f"{consultation.slug}/{name}" for name in ("consultation.yaml", "en.md", "fr.md")
        ]


def test_a_consultation_that_is_not_there_can_not_be_exported(tmp_path):
    with pytest.raises(CommandError, match="no consultation with the address nowhere"):
        call_command("export_text", str(tmp_path), consultation="nowhere")
