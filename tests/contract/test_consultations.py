from datetime import timedelta

import pytest

from consultation.kit import clock
from consultation.standing.actions import withdraw_principle
from consultation.texts.models import Change
from tests import factories as make
from tests.contract.calls import by, pages, problem, results, visitor

pytestmark = pytest.mark.django_db


def lively(slug):
    """Three principles, two countries, two comments, an endorsement, and what does not count."""
    text = make.consultation(slug)
    norway, kenya = make.verified_institution(country="NO"), make.verified_institution(country="KE")
    make.comment(text, norway)
    make.comment(text, kenya, principle=None)
    make.pending_comment(text, make.verified_institution(country="BR"))
    make.comment(text, make.institution(country="FR"))
    make.endorsement(text, norway)
    make.endorsement(text, norway, principle=2, position="decline")
    return text


def test_a_consultation_tells_where_it_stands():
    lively("noise")
    text = lively("of-rivers")
    answer = visitor().get("consultations/of-rivers/")
    round_ = text.rounds.get()
    assert answer.json() == {
        "slug": "of-rivers",
        "title": "of-rivers (en)",
        "state": "open",
        "opens_at": round_.opens_at.isoformat().replace("+00:00", "Z"),
        "closes_at": round_.closes_at.isoformat().replace("+00:00", "Z"),
        "timezone": "Europe/Oslo",
        "principles_count": 3,
        "comments_count": 2,
        "endorsements_count": 1,
        "institutions_count": 2,
        "countries_count": 2,
    }


@pytest.mark.parametrize(("days_ago", "state"), [(-2, "upcoming"), (2, "open"), (200, "closed")])
def test_its_state_follows_the_clock(days_ago, state):
    make.consultation("by-the-clock", at=clock.now() - timedelta(days=days_ago))
    assert visitor().get("consultations/by-the-clock/").json()["state"] == state


def test_the_title_is_in_the_language_of_the_request():
    make.consultation("in-two", languages=["en", "fr"])
    titles = [
        visitor().get("consultations/in-two/").json()["title"],
        visitor().get("consultations/in-two/", **{"Accept-Language": "fr"}).json()["title"],
        visitor().get("/fr/api/v1/consultations/in-two/").json()["title"],
        visitor().get("/ar/api/v1/consultations/in-two/").json()["title"],
    ]
    assert titles == ["in-two (en)", "in-two (fr)", "in-two (fr)", "in-two (en)"]


def test_an_unknown_consultation_is_not_found():
    for path in ("", "principles/", "principles/1/", "comments/", "endorsements/", "digests/"):
        problem(visitor().get(f"consultations/nowhere/{path}"), 404, "not-found")
    problem(visitor().get("participation/nowhere/"), 404, "not-found")


def test_a_consultation_in_preparation_is_for_its_secretariat():
    text = make.consultation("in-preparation")
    keeper = make.secretariat(text)
    make.unpublish(text)
    assert by(keeper).get("consultations/in-preparation/").status_code == 200
    assert results(by(keeper).get("consultations/")) == []
    for caller in (by(make.person()), visitor()):
        problem(caller.get("consultations/in-preparation/"), 404, "not-found")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_seven_queries(number, django_assert_num_queries):
    make.unpublish(make.comment(make.consultation("unpublished")).consultation)
    for index in range(number):
        lively(f"text-{index}")
    # consultations and rounds; of all of them comments, principles, endorsements, who comments, who endorses
    with django_assert_num_queries(7):
        found = results(visitor().get("consultations/"))
    assert [each["slug"] for each in found] == [f"text-{index}" for index in reversed(range(number))]
    assert {each["institutions_count"] for each in found} == {2}


def test_pages_hold_every_consultation_once():
    for index in range(3):
        make.consultation(f"text-{index}")
    found = pages(visitor(), "consultations/?page_size=1")
    assert [[each["slug"] for each in page] for page in found] == [["text-2"], ["text-1"], ["text-0"]]


def test_a_principle_has_its_words_and_figures():
    text = lively("principled")
    answer = visitor().get("consultations/principled/principles/1/")
    assert answer.json() == {
        "number": 1,
        "version": 1,
        "title": "Title 1 (en)",
        "body": text.principles.get(number=1).current.translations.get().body,
        "language": "en",
        "languages": ["en"],
        "comments_count": 1,
        "endorsements": {"endorse": 1, "endorse_with_reservation": 0, "decline": 0, "to_reaffirm": 0},
        "withdrawn_at": None,
    }


def test_a_withdrawn_principle_is_read_by_its_number_and_left_out_of_the_list():
    text = lively("thinner")
    facts = {"consultation_id": text.pk, "number": 1, "reasons": {"en": "Said elsewhere."}}
    withdraw_principle(make.secretariat(text), **facts, at=clock.now())
    one = visitor().get("consultations/thinner/principles/1/").json()
    assert (one["title"], one["comments_count"], one["withdrawn_at"] is not None) == ("Title 1 (en)", 1, True)
    assert [each["number"] for each in results(visitor().get("consultations/thinner/principles/"))] == [2, 3]
    assert visitor().get("consultations/thinner/").json()["principles_count"] == 2


def test_after_a_change_of_substance_endorsements_wait_to_be_reaffirmed():
    text = lively("changed")
    make.new_version(text, 1, change=Change.EDITORIAL)
    figures = visitor().get("consultations/changed/principles/1/").json()
    assert (figures["version"], figures["endorsements"]["endorse"]) == (2, 1)
    make.new_version(text, 1)
    figures = visitor().get("consultations/changed/principles/1/").json()
    assert (figures["version"], figures["endorsements"]["to_reaffirm"]) == (3, 1)
    assert visitor().get("consultations/changed/").json()["endorsements_count"] == 0


def test_an_earlier_version_can_be_asked_for():
    text = make.consultation("versions")
    make.new_version(text, 2, "Other words.")
    path = "consultations/versions/principles/"
    assert visitor().get(f"{path}2/").json()["body"] == "Other words."
    assert visitor().get(f"{path}2/?version=1").json()["version"] == 1
    assert [each["number"] for each in results(visitor().get(f"{path}?version=2"))] == [2]
    problem(visitor().get(f"{path}1/?version=2"), 404, "not-found")


def test_the_language_asked_for_wins_and_the_nearest_is_answered():
    make.consultation("tongues", languages=["fr", "pt"])
    path = "consultations/tongues/principles/1/"
    languages = [
        visitor().get(f"{path}{query}").json()["language"] for query in ("?language=pt-BR", "?language=ru")
    ]
    assert languages == ["pt", "fr"]
    assert visitor().get(path, **{"Accept-Language": "pt"}).json()["languages"] == ["fr", "pt"]


WRONG_QUESTIONS = [
    "language=xx-nonsense", "version=0", "version=x", "version=99999999999999999999", "page_size=0",
    "page_size=many", "page_size=-1", "page_size=%D9%A1", "cursor=nonsense", "cursor=",
]  # fmt: skip


def test_a_wrong_question_is_named():
    make.consultation("asked")
    for query in WRONG_QUESTIONS:
        answer = visitor().get(f"consultations/asked/principles/?{query}")
        problem(answer, 400, "invalid", query.partition("=")[0])


def test_an_unknown_principle_is_not_found():
    make.consultation("three")
    for number in ("0", "4", "999999999", "9999999999", "99999999999999999999", "x", "%D9%A3"):
        problem(visitor().get(f"consultations/three/principles/{number}/"), 404, "not-found")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_principles_costs_six_queries(number, django_assert_num_queries):
    make.comment(make.consultation("noise", principles=5))
    make.consultation("counted", principles=number)
    # consultation, principles, translations; comments; substantive versions and positions
    with django_assert_num_queries(6):
        found = results(visitor().get("consultations/counted/principles/"))
    assert [each["number"] for each in found] == list(range(1, number + 1))


def test_participation_has_raw_figures_and_an_equal_voice():
    text = lively("voices")
    figures = visitor().get("participation/voices/").json()
    assert figures["totals"] == {"institutions": 2, "countries": 2, "comments": 2, "endorsements": 1}
    assert [(each["code"], each["institutions"], each["weight"]) for each in figures["countries"]] == [
        ("KE", 1, 1.0),
        ("NO", 1, 1.0),
    ]
    assert figures["regions"] == {"002": 1, "150": 1}
    assert figures["languages"] == {"en": 2}
    assert len(figures["silent"]) == 191
    assert [each["number"] for each in figures["principles"]] == [1, 2, 3]
    assert figures["principles"][0]["raw"]["endorse"] == 1
    assert figures["principles"][0]["equal_voice"]["support"] == 0.5
    assert figures["principles"][2]["equal_voice"]["support"] == 0.0
    make.comment(text, make.verified_institution(country="FR"))
    assert visitor().get("participation/voices/").json()["as_of"] > figures["as_of"]
