"""Search over everything public."""

import pytest

from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


def test_it_works(client, consultation):
    make.comment(consultation, body="We ask for a public register.")
    make.comment(consultation, body="Something else.")
    make.pending_comment(consultation, body="A register that waits.")
    text = read(client.get("/search/?q=Register")).text
    assert "We ask for a public register." in text
    assert "Something else." not in text
    assert "that waits" not in text


def test_a_reference_leads_to_its_comment(client, consultation, home):
    make.comment(consultation)
    assert client.get("/search/?q=p1-1").headers["Location"] == f"{home}comments/P1-1/"
    assert client.get("/search/?q=P9-9").status_code == 200


def test_a_reference_in_two_consultations_is_a_list(client, consultation):
    make.comment(consultation, body="Here.")
    make.comment(make.consultation(), body="There.")
    text = read(client.get("/search/?q=P1-1")).text
    assert "Here." in text
    assert "There." in text


def test_principles_are_found_once_and_in_the_readers_language_first(client):
    consultation = make.consultation(languages=("en", "fr"))
    page = read(client.get("/fr/search/?q=systems+review"))
    assert page.links.count(f"/fr/consultations/{consultation.slug}/principles/1/") == 1
    assert "Title 1 (fr)" in page.text


def test_institutions_are_found_by_name_once_verified(client):
    make.verified_institution("Académie de l’Atlas")
    make.institution("Académie en attente")
    text = read(client.get("/search/?q=academie")).text
    assert "Académie de l’Atlas" in text
    assert "attente" not in text


@pytest.mark.parametrize("q", ["", "  ", "!!!", '"', "-", "\x00", "x" * 5000, "a\x00b", "P0-0"])
def test_no_question_breaks_the_page(client, q):
    assert client.get("/search/", {"q": q}).status_code == 200


def test_a_question_without_words_is_told_so(client):
    assert "There is no word to look for in that." in read(client.get("/search/?q=!!!")).text
