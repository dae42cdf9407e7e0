"""The data files: their form, their bytes, and that no spreadsheet runs what somebody wrote."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from frictionless import Package

from consultation.digests.formats import data_csv, data_json
from tests.digests.contents import LAKESHORE, comment, content, position

SCHEMA = json.loads((Path(data_json.__file__).parent.parent / "schema.json").read_text())
CONTRACT = {
    "comments.csv": "reference principle version kind institution institution_name country region "
    "institution_type language revision body proposed_text passage parent cosigns disposition "
    "disposition_reason submitted_at published_at url",
    "endorsements.csv": "institution institution_name country region principle version position statement "
    "signed_at to_reaffirm recorded log_index",
}


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(data: bytes, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(opened(data)[name].decode("utf-8-sig"), newline="")))


def test_the_archive_holds_the_files_of_the_contract():
    assert list(opened(data_csv.make(content(comments=[])))) == [
        "comments.csv",
        "endorsements.csv",
        "dispositions.csv",
        "participation.csv",
        "principles.csv",
        "datapackage.json",
    ]


@pytest.mark.parametrize("name", CONTRACT)
def test_the_columns_are_those_of_the_contract(name):
    assert list(rows(data_csv.make(content()), name)[0]) == CONTRACT[name].split()


def test_lines_end_as_rfc_4180_says_and_the_file_says_that_it_is_utf_8():
    comments = opened(data_csv.make(content()))["comments.csv"]
    assert comments.startswith(b"\xef\xbb\xbfreference,")
    assert comments.endswith(b"\r\n")


def test_the_data_package_describes_its_files_and_validates(tmp_path):
    hostile = comment("P6-90", LAKESHORE, '=1+1\n"quoted", and\r\nmore; ü 漢字 😀\x0b')
    with zipfile.ZipFile(
        io.BytesIO(data_csv.make(content(comments=[*content().comments, hostile])))
    ) as archive:
        archive.extractall(tmp_path)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.flatten(["type", "message"]) == []
    assert report.stats["tasks"] == 6


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0=", "＝", "＋", "－", "＠"]
)
def test_no_cell_begins_as_a_formula_does(start):
    said = comment("P6-91", LAKESHORE, f"{start}HYPERLINK(1)", proposed_text=f"{start}1", passage=f"{start}2")
    found = rows(
        data_csv.make(content(comments=[said], positions=[position(LAKESHORE, "decline", f"{start}3")])),
        "comments.csv",
    )
    assert [found[0][name][0] for name in ("body", "proposed_text", "passage")] == ["'", "'", "'"]


def test_plain_words_are_left_as_they_are():
    said = comment("P6-92", LAKESHORE, 'It\'s 5 - 3 = 2, "quoted"\nand more')
    assert rows(data_csv.make(content(comments=[said])), "comments.csv")[0]["body"] == said.body


def test_json_holds_text_code_point_for_code_point():
    words = "=cmd|' /C calc'!A0 \u202e\u0000 é e\u0301 😀"
    document = json.loads(data_json.make(content(comments=[comment("P6-93", LAKESHORE, words)])))
    assert document["comments"][0]["body"] == words


@pytest.mark.parametrize("made", [content(), content(comments=[], positions=[]), content(scope=6)])
def test_json_is_what_its_published_schema_says(made):
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(data_json.make(made)))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_same_content_has_the_same_bytes():
    assert data_csv.make(content()) == data_csv.make(replace(content()))
    assert data_json.make(content()) == data_json.make(replace(content()))


def test_a_withheld_comment_is_named_and_nothing_of_it_is_said():
    made = data_csv.make(content())
    assert "P6-30" not in [row["reference"] for row in rows(made, "comments.csv")]
    assert rows(made, "withheld.csv") == [
        {
            "kind": "comment",
            "reference": "P6-30",
            "withheld_on": "2026-08-04",
            "why": "hidden",
            "clause": "4",
        }
    ]


def test_each_institution_weighs_one_divided_by_those_of_its_country():
    neighbour = replace(LAKESHORE, number=9, slug="hill", name="Hill Institute")
    made = content(
        comments=[comment("P6-1", LAKESHORE, "One."), comment("P6-2", neighbour, "Two.")], positions=[]
    )
    assert rows(data_csv.make(made), "participation.csv") == [
        {
            "country": "KE",
            "region": "002",
            "institutions": "2",
            "comments": "2",
            "endorsements": "0",
            "weight": "0.5",
        }
    ]
