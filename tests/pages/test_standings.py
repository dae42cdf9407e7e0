"""Who endorses what: the matrix and its filters, pictures, files, and the same figure by every door."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from django.test import Client

from consultation.endorsements.actions import withdraw_endorsement
from consultation.insights.timeline import timeline
from consultation.kit import clock
from consultation.kit.fold import sort_key
from tests import factories as make
from tests.moderation.acts import judge
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def world(consultation):
    """Five institutions of three regions; the text of principle 2 changed; one waits, one withdrew."""
    kenya = make.verified_institution("Lakeshore University", country="KE", type="university")
    norway = make.verified_institution("Åsgard Academy", country="NO")
    brazil = make.verified_institution("Instituto do Sul", country="BR", type="civil_society")
    france = make.verified_institution("Académie des Rives", country="FR")
    waiting = make.institution("Not yet verified", country="FR")
    for institution in (kenya, norway, brazil, waiting):
        make.endorsement(consultation, institution, principle=1)
    make.endorsement(consultation, kenya, principle=2)
    make.new_version(consultation, 2)
    make.endorsement(consultation, norway, principle=2)
    make.endorsement(consultation, brazil, principle=3, position="decline")
    reserved = make.endorsement(
        consultation,
        france,
        position="endorse_with_reservation",
        statement='=HYPERLINK("x"), as far as it goes.',
    )
    judge(reserved, "approve")
    gone = make.endorsement(consultation, france, principle=3)
    withdraw_endorsement(make.manager(france), endorsement_id=gone.pk, at=clock.now())
    return {"kenya": kenya, "norway": norway, "brazil": brazil, "france": france, "waiting": waiting}


def lines(client: Client, address: str) -> list[str]:
    """The names of the institutions in the matrix, in their order."""
    rows = client.get(address).content.decode().split('<tr class="line">')[1:]
    return [row.split("<bdi>")[1].split("</bdi>")[0] for row in rows]


def test_regions_stand_in_the_alphabetical_order_of_the_page_and_filters_are_addresses(client, home, world):
    address = f"{home}endorsements/"
    assert lines(client, address) == [
        "Lakeshore University",
        "Instituto do Sul",
        "Académie des Rives",
        "Åsgard Academy",
    ]
    assert lines(client, f"{address}?region=150&cursor=") == ["Académie des Rives", "Åsgard Academy"]
    assert lines(client, f"{address}?country=br") == ["Instituto do Sul"]
    assert lines(client, f"{address}?type=university") == ["Lakeshore University"]
    assert lines(client, f"{address}?position=to_reaffirm") == ["Lakeshore University"]
    assert lines(client, f"{address}?position=endorse_with_reservation") == ["Académie des Rives"]
    assert lines(client, f"{address}?q=ASGARD") == ["Åsgard Academy"]
    assert lines(client, f"{address}?q=nobody") == []
    page = read(client.get(f"{address}?type=academy"))
    assert f"{address}?type=academy&region=150" in page.links
    assert "2 of 2 institutions are shown." in page.text
    # In Arabic the names are ordered as Arabic orders them, not the codes.
    regions = client.get(f"/ar{address}").content.decode().split('scope="rowgroup">')[1:]
    names = [each.split("<")[0] for each in regions]
    assert names == sorted(names, key=lambda name: sort_key(name, "ar"))
    assert len(names) == 3


def test_each_cell_has_its_heads_and_the_table_can_be_skipped(client, home, world):
    content = client.get(f"{home}endorsements/").content.decode()
    table = content.split('<table class="matrix">')[1].split("</table>")[0]
    assert table.count('scope="col"') == 2 + 3
    assert table.count('scope="rowgroup"') == 3 == table.count("<tbody>")
    assert table.count('scope="row"') == 3 + 4
    assert table.count('class="cell"') == 4 * 3
    assert 'href="#after-matrix"' in content
    assert 'id="after-matrix" tabindex="-1"' in content
    assert table.count("tabindex") == 0


@pytest.mark.parametrize("number", [1, 3])
def test_figures_take_as_many_queries_for_three_as_for_one(
    client, consultation, home, number, django_assert_num_queries
):
    for each in range(number):
        held = make.endorsement(consultation, make.verified_institution(country=["KE", "NO", "FR"][each]))
        make.endorsement(consultation, held.institution, principle=2)
    client.get(home)
    with django_assert_num_queries(18):
        assert client.get(f"{home}endorsements/figures/").status_code == 200


def test_the_figures_stand_by_region_and_type_both_ways(client, home, world):
    page = read(client.get(f"{home}endorsements/figures/"))
    # Europe: two institutions of two countries hold 3 of 6 possible endorsements.
    assert "Europe 2 2 3 50 % 50 %" in page.text
    assert "Africa 1 1 1 33 % 33 %" in page.text
    assert "University or research" in page.text
    assert "5 endorsements of the current text are in effect" in page.text
    assert f"{home}endorsements/regions.svg" in page.links


def test_days_tell_what_came_and_went_and_which_text_changed(client, consultation, world):
    [day] = timeline(consultation)
    assert (day.gained, day.lost) == (8, 1)
    assert (day.endorsing, day.declining, day.to_reaffirm) == (5, 1, 1)
    assert [(text.principle, text.version, text.substantive) for text in day.texts] == [(2, 2, True)]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", ["timeline", "principles", "regions", "types"])
def test_each_picture_is_a_file_that_says_everything(client, home, world, kind, language):
    response = client.get(
        f"/{language}{home}endorsements/{kind}.svg" if language != "en" else f"{home}endorsements/{kind}.svg"
    )
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    root = ElementTree.fromstring(response.content)
    assert root.get("lang") == language
    assert root.get("direction") == ("rtl" if language == "ar" else "ltr")
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text
    words = [each.text for each in root.iter(f"{SVG}text")]
    assert len(words) > 4
    assert all(words)
    assert not [each for each in root.iter() if each.get("style") or each.tag == f"{SVG}style"]
    assert client.get(f"{home}endorsements/{kind}.svg", HTTP_IF_NONE_MATCH=response.headers["ETag"])


def test_a_picture_of_nothing_is_not_there(client):
    home = f"/consultations/{make.consultation().slug}/"
    assert client.get(f"{home}endorsements/timeline.svg").status_code == 404
    assert client.get(f"{home}endorsements/pie.svg").status_code == 404
    assert "Nothing to count yet." in read(client.get(f"{home}endorsements/figures/")).text


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_the_table_is_a_file_with_the_filters_of_the_page(client, home, world):
    address = f"{home}endorsements/table"
    page = read(client.get(f"{home}endorsements/?region=150"))
    assert f"{address}.csv?region=150" in page.links
    response = client.get(f"{address}.csv?region=150")
    told = body(response)
    assert told.startswith(
        b"\xef\xbb\xbfinstitution,institution_name,country,region,principle,version,position,"
    )
    rows = list(csv.DictReader(io.StringIO(told.decode("utf-8-sig"), newline="")))
    assert [(row["institution_name"], row["principle"], row["position"]) for row in rows] == [
        ("Académie des Rives", "1", "endorse_with_reservation"),
        ("Åsgard Academy", "1", "endorse"),
        ("Åsgard Academy", "2", "endorse"),
    ]
    assert rows[0]["statement"].startswith("'=HYPERLINK")
    again = client.get(f"{address}.csv?region=150", HTTP_IF_NONE_MATCH=response.headers["ETag"])
    assert again.status_code == 304
    told = json.loads(body(client.get(f"{address}.json?position=to_reaffirm")))
    assert told["asked"] == {"kind": "to_reaffirm"} or told["asked"] == {"position": "to_reaffirm"}
    assert [
        (each["institution_name"], each["principle"], each["to_reaffirm"]) for each in told["positions"]
    ] == [("Lakeshore University", 2, True)]
    assert json.loads(body(client.get(f"{address}.json?principle=9")))["positions"] == []
    book = zipfile.ZipFile(io.BytesIO(body(client.get(f"/fr{address}.xlsx"))))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 1 + 7
    assert "Norvège" in sheet
    assert "<f>" not in sheet
    assert client.get(f"{address}.exe").status_code == 404


def test_every_door_tells_the_same_figures(client, consultation, home, world):
    principles = client.get(f"/api/v1/consultations/{consultation.slug}/principles/").json()["results"]
    part = client.get(f"/api/v1/participation/{consultation.slug}/").json()
    rows = json.loads(body(client.get(f"{home}endorsements/table.json")))["positions"]
    matrix = client.get(f"{home}endorsements/").context["principles"]
    counted = client.get(f"{home}endorsements/figures/").context["sections"]
    for number in (1, 2, 3):
        mine = [row for row in rows if row["principle"] == number]
        told = {
            "endorse": sum(row["position"] == "endorse" and not row["to_reaffirm"] for row in mine),
            "endorse_with_reservation": sum(row["position"] == "endorse_with_reservation" for row in mine),
            "decline": sum(row["position"] == "decline" for row in mine),
            "to_reaffirm": sum(row["to_reaffirm"] for row in mine),
        }
        assert principles[number - 1]["endorsements"] == told
        assert part["principles"][number - 1]["raw"] == told
        assert {key: matrix[number - 1]["positions"].counts[key] for key in told} == told
        support = told["endorse"] + told["endorse_with_reservation"]
        page = read(client.get(f"{home}principles/{number}/"))
        assert f"{support} of 4 institutions endorse this text" in page.text
        for group in (counted[2]["group"], counted[3]["group"]):
            across = next(line for line in group["across"] if line["number"] == number)
            assert sum(cell["support"] for cell in across["cells"]) == support
    assert (
        sum(line["endorsements"] for line in counted[2]["group"]["rows"])
        == part["totals"]["endorsements"]
        == 5
    )
