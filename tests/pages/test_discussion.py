"""The discussion of a principle: filters as addresses, threads, folded neighbours, empty lists."""

from __future__ import annotations

import re
from html import unescape

import pytest

from consultation.comments.models import Comment
from consultation.pages.reading import discussion
from tests import factories as make
from tests.pages.lists import PART, references, through
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def talk(kept):
    """A consultation whose comments appear at once."""
    return make.consultation(policy="post")


@pytest.fixture(scope="module")
def page(talk):
    return f"/consultations/{talk.slug}/principles/1/"


@pytest.fixture(scope="module")
def spoken(talk):
    """Four comments that differ in everything that can be asked for; by their words."""
    kenya = make.verified_institution("Academy of Springs", country="KE", type="university")
    fiji = make.verified_institution("Bureau of Reefs", country="FJ", type="government")
    first = make.sent_comment(talk, kenya, kind="technical", body="The first word.", proposed_text="It is.")
    make.sent_comment(talk, fiji, kind="editorial", body="Un mot.", language="fr")
    third = make.sent_comment(talk, fiji, body="The third word.")
    make.sent_comment(talk, kenya, parent=third, body="An answer.")
    make.sent_comment(talk, fiji, principle=2, body="Elsewhere.")
    return first


ASKED = {
    "": ["P1-3", "P1-2", "P1-1"],
    "kind=technical": ["P1-1"],
    "country=KE": ["P1-4", "P1-1"],
    "region=009": ["P1-3", "P1-2"],
    "type=government": ["P1-3", "P1-2"],
    "type=university&q=answer": ["P1-4"],
    "institution=bureau-of-reefs": ["P1-3", "P1-2"],
    "language=fr": ["P1-2"],
    "proposal=yes": ["P1-1"],
    "unanswered=yes": ["P1-2", "P1-1"],
    "unanswered=yes&language=en": ["P1-1"],
    "q=word+-third": ["P1-1"],
    "order=oldest": ["P1-1", "P1-2", "P1-3"],
    "order=most_cosigned": ["P1-1", "P1-3", "P1-2"],
    "kind=technical&country=FJ": [],
    "late=yes": [],
    "proposal=no&kind=&q=": ["P1-3", "P1-2", "P1-1"],
}


def test_each_filter_is_an_address_that_finds_what_it_says(client, talk, page, spoken):
    make.cosign(spoken)
    found = {query: references(client.get(f"{page}?{query}")) for query in ASKED}
    assert {**found, "proposal=no&kind=&q=": ASKED[""]} == ASKED


def test_what_is_asked_for_is_kept_in_the_fields_and_leads_back_to_all(client, page, spoken):
    query = "type=government&unanswered=yes&text=en&order=oldest"
    shown = read(client.get(f"{page}?{query}"))
    chosen = next(form for form in shown.forms if "kind" in form.fields)
    kept = {name: chosen.fields.get(name) for name in ("type", "unanswered", "proposal", "order", "text")}
    assert kept == {
        "type": ["government"],
        "unanswered": ["yes"],
        "proposal": None,
        "order": ["oldest"],
        "text": ["en"],
    }
    assert "?text=en#discussion" in shown.links
    assert "Show all comments" not in read(client.get(page)).text


def test_filters_offer_what_is_there_and_nothing_else(client, page, spoken):
    content = client.get(page).content.decode()
    assert re.findall(r'<option value="([A-Z]{2})"', content) == ["FJ", "KE"]
    assert re.findall(r'<option value="(university|government|industry)"', content) == [
        "university",
        "government",
    ]


def test_an_empty_list_says_why(client, talk, page, spoken):
    assert "No comment is like that." in read(client.get(f"{page}?kind=technical&country=FJ")).text
    assert "There is no word to look for in that." in read(client.get(f"{page}?q=!!!")).text
    nothing = client.get(page.replace("/1/", "/3/"))
    assert "Nobody has commented yet" in read(nothing).text


def test_replies_stand_under_what_they_answer_and_come_when_asked_for(client, talk, page, spoken):
    content = client.get(page).content.decode()
    assert "An answer." not in content
    [asked] = re.findall(r'href="([^"]*)#replies"[^>]*hx-get="([^"]*)"', content)
    assert asked[0] == asked[1]
    part = client.get(asked[1], headers=PART)
    assert references(part) == ["P1-4"]
    assert b"<html" not in part.content
    assert b'id="P1-4"' not in part.content
    whole = client.get(asked[0])
    assert "An answer." in read(whole).text
    assert "replies" in read(whole).ids


def test_a_thread_goes_on_below_replies_and_page_by_page(client, talk, monkeypatch):
    monkeypatch.setattr(discussion, "SIZE", 2)
    start = make.sent_comment(talk, body="It starts.")
    answers = [make.sent_comment(talk, parent=start) for _each in range(3)]
    make.sent_comment(talk, parent=answers[0], body="Deeper.")
    make.comment(make.consultation(), body="Elsewhere.")
    address = f"/consultations/{talk.slug}/comments/{start.reference}/"
    first = client.get(address, headers=PART)
    assert references(first) == [each.reference for each in answers[:2]]
    assert f"comments/{answers[0].reference}/#replies" in first.content.decode()
    [onward] = [link for link in read(first).links if "cursor=" in link]
    assert references(client.get(onward, headers=PART)) == [answers[2].reference]
    below = client.get(f"/consultations/{talk.slug}/comments/{answers[0].reference}/", headers=PART)
    assert "Deeper." in read(below).text


def test_neighbours_of_one_institution_are_one_line_and_each_is_reached_once(client, monkeypatch):
    monkeypatch.setattr(discussion, "SIZE", 4)
    talk = make.consultation(policy="post")
    page = f"/consultations/{talk.slug}/principles/1/"
    many, other, third = (make.verified_institution(f"Number {each}") for each in range(3))
    for institution in [other, other, *[many] * 8, third, *[other] * 3, *[many] * 2]:
        make.sent_comment(talk, institution)
    every = Comment.objects.filter(consultation=talk).order_by("-public_since", "-id")
    names = [each.reference for each in every]
    for order, turn, lines in (("newest", 1, "2 more from Number 1"), ("oldest", -1, "7 more from Number 0")):
        shown = client.get(f"{page}?order={order}")
        told = re.findall(r'<p class="fold"><a [^>]*>(.*?)</a>', shown.content.decode(), re.DOTALL)
        assert [" ".join(re.sub("<[^>]+>", "", each).split()) for each in told] == [lines]
        assert len(references(shown)) == 4
        assert through(client, f"{page}?order={order}") == names[::turn]


def test_a_line_leads_to_the_neighbours_alone_without_a_script_too(client):
    talk = make.consultation(policy="post")
    page = f"/consultations/{talk.slug}/principles/1/"
    many, other = make.verified_institution("The many"), make.verified_institution()
    for institution in [many, other, *[many] * 4, other]:
        make.sent_comment(talk, institution)
    make.sent_comment(talk, many, parent=Comment.objects.get(consultation=talk, reference="P1-2"))
    content = client.get(page).content.decode()
    fold = unescape(re.search(r'<p class="fold"><a href="([^"]*)#discussion"', content)[1])
    whole = client.get(fold)
    assert references(whole) == ["P1-5", "P1-4", "P1-3"]
    assert "Show all comments" in read(whole).text
    assert client.get(fold.replace("until=", "until=x")).status_code == 400


def test_no_fold_where_one_institution_is_asked_for(client, talk, page):
    one = make.verified_institution("Alone and loud")
    for _each in range(4):
        make.sent_comment(talk, one)
    assert len(references(client.get(f"{page}?institution={one.slug}"))) == 4
    assert b'class="fold"' not in client.get(f"{page}?order=most_cosigned").content


def test_a_card_offers_to_take_back_what_the_readers_own_institution_said_of_it(client, talk, page, spoken):
    mine, other = make.verified_institution(), make.verified_institution()
    make.cosign(spoken, mine)
    buttons = {}
    for name, person in (("mine", make.manager(mine)), ("other", make.manager(other))):
        client.force_login(person)
        buttons[name] = client.get(f"{page}?kind=technical").content.decode()
    assert "Take back the co-signature" in buttons["mine"]
    assert "Take back the co-signature" not in buttons["other"]
    for content in buttons.values():
        assert "institution in 1 country" in " ".join(re.sub("<[^>]+>", "", content).split())
