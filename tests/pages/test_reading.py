"""What every visitor may read: the consultations, the text, figures, history, feeds."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pgtrigger
import pytest

from consultation.kit import clock
from consultation.pages.reading import history
from consultation.texts.models import Consultation
from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = ["", "text/", "policy/", "participation/", "history/", "endorsements/", "digests/", "principles/1/"]


def test_it_works(client, consultation, home):
    page = read(client.get(home))
    assert f"{consultation.slug} (en)" in page.text
    assert f"{home}principles/1/" in page.links
    assert "No institution has spoken yet." in page.text


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_consultation_has_every_page(client, home, path):
    assert client.get(home + path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "ar", "zh-hans"])
def test_every_page_is_there_in_other_languages(client, home, path, language):
    response = client.get(f"/{language}{home}{path}")
    assert response.status_code == 200
    page = read(response)
    assert all(link.startswith(f"/{language}/") for link in page.links if link.startswith(("/cons", "/desk")))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_title_and_each_id_once(client, consultation, home, path):
    make.comment(consultation, passage={"exact": "Systems are open"})
    page = read(client.get(home + path))
    assert page.headings.count("h1") == 1
    assert page.headings[0] == "h1"
    assert len(page.ids) == len(set(page.ids))


def test_an_unknown_consultation_is_404(client):
    assert client.get("/consultations/none/").status_code == 404


def test_a_site_without_consultations_says_so(client):
    with pgtrigger.ignore("consultation.Consultation:consultation_fixed_once_published"):
        Consultation.objects.update(published_at=None)
    assert "No consultation is open." in read(client.get("/")).text


def test_a_closed_consultation_stands_apart_and_takes_no_comments(client):
    past = make.consultation(days=3, at=clock.now() - timedelta(days=5))
    assert "Past consultations" in read(client.get("/")).text
    page = read(client.get(f"/consultations/{past.slug}/principles/1/"))
    assert "Comments are closed at present." in page.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_consultations_takes_four_queries(client, number, django_assert_num_queries):
    for _each in range(number):
        make.comment(make.consultation())
    # Whether there is a demonstration, consultations, their rounds, their counts.
    with django_assert_num_queries(4):
        response = client.get("/")
    assert read(response).text.count("1 comment") == number


@pytest.mark.parametrize("number", [1, 3])
def test_the_home_of_a_consultation_takes_as_many_queries_for_much_as_for_little(
    client, consultation, home, number, django_assert_num_queries
):
    make.comment(make.consultation())
    for principle in range(1, number + 1):
        make.comment(consultation, principle=principle)
        make.endorsement(consultation, principle=principle)
    # The place and its rounds (2), the stamp for the browser and for the figures (4), the figures (10), the
    # principles with their texts (2), extensions (1), whether there is a demonstration (1).
    with django_assert_num_queries(20):
        client.get(home)
    assert f"{2 * number} institutions" in read(client.get(home)).text


def test_figures_follow_the_record(client, consultation, home):
    client.get(home)
    make.comment(consultation)
    assert (
        "1 institution from 1 country has sent 1 comment and 0 endorsements." in read(client.get(home)).text
    )


def test_participation_names_the_countries_heard_and_the_silent(client, consultation, home):
    make.comment(consultation, make.verified_institution(country="KE"))
    make.comment(consultation, make.institution(country="FJ"))
    page = read(client.get(home + "participation/"))
    assert "192 of the 193 Member States" in page.text
    assert "Fiji" in page.text.split("The silent")[1]
    assert "Kenya" not in page.text.split("The silent")[1]


def test_the_history_tells_public_entries_only(client, consultation, home):
    shown = make.comment(consultation)
    make.pending_comment(consultation)
    page = read(client.get(home + "history/"))
    assert "P1-1" in page.text
    assert "P1-2" not in page.text
    assert f"{home}comments/{shown.reference}/" in page.links


def test_the_history_goes_on_page_by_page(client, consultation, home, monkeypatch):
    monkeypatch.setattr(history, "SIZE", 3)
    make.cosign(make.comment(consultation))
    first = read(client.get(home + "history/"))
    onward = next(link for link in first.links if "cursor=" in link)
    second = read(client.get(onward))
    numbers = [each for each in first.ids + second.ids if each.startswith("e") and each[1:].isdigit()]
    # Three versions, the consultation, a comment, its co-signature.
    assert len(numbers) == len(set(numbers)) == 6
    assert "Principle 1: version 1 was published." in second.text


def test_an_unknown_cursor_is_refused_in_words(client, home):
    response = client.get(home + "history/?cursor=nonsense")
    assert response.status_code == 400
    assert "Start again from the first page." in read(response).text


def test_the_feed_is_atom_and_each_entry_leads_to_its_page(client, consultation, home):
    make.comment(consultation)
    response = client.get(home + "feed.atom")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert entries[0].find(f"{ATOM}link").attrib["href"].endswith(f"{home}comments/P1-1/")
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(ids) == len(set(ids))
    assert all(entry.find(f"{ATOM}updated") is not None for entry in entries)


def test_the_calendar_has_opening_and_closing_in_utc(client, consultation, home):
    response = client.get(home + "calendar.ics")
    lines = response.content.decode().split("\r\n")
    round_ = consultation.rounds.get()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert f"DTSTART:{round_.opens_at:%Y%m%dT%H%M%SZ}" in lines
    assert f"DTSTART:{round_.closes_at:%Y%m%dT%H%M%SZ}" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_a_visitors_page_is_kept_while_nothing_changes(client, consultation, home):
    first = client.get(home)
    again = client.get(home, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make.comment(consultation)
    assert client.get(home, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_signed_in_persons_page_is_never_kept(browser, owner, home):
    assert "ETag" not in browser(owner).get(home).headers


def test_the_text_has_the_comments_on_the_whole(client, consultation, home):
    make.comment(consultation, principle=None, body="On all of it.")
    make.comment(consultation, principle=1, body="On the first only.")
    page = read(client.get(home + "text/"))
    assert "1 comment on the text as a whole" in page.text
    assert "On all of it." in page.text
    assert "On the first only." not in page.text


def test_the_text_is_shown_in_the_language_asked_for(client):
    consultation = make.consultation(languages=("en", "fr"))
    page = read(client.get(f"/consultations/{consultation.slug}/text/?text=fr"))
    assert "Title 1 (fr)" in page.text
    assert "Title 1 (en)" not in page.text
