"""Every search finds what it must and nothing else, by each door: page, API, one principle."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from consultation.comments import actions
from consultation.comments.models import Comment
from consultation.kit import clock
from consultation.pages.reading import discussion
from tests import factories as make
from tests.pages.lists import through
from tests.pages.page import read
from tests.search_cases import CASES, SearchCase

pytestmark = pytest.mark.usefixtures("on_top")
WAITING = "Quicksilver 未决修订 ждёт"


@pytest.fixture(scope="module")
def library(kept):
    """Every text of every case as a public comment on one principle; their references by their words."""
    consultation = make.consultation(policy="post")
    texts = dict.fromkeys(text for case in CASES for text in case.finds + case.misses)
    speaker = make.verified_institution()
    sent = {text: make.sent_comment(consultation, speaker, body=text).reference for text in texts}
    return consultation, sent


@pytest.fixture
def long_pages(monkeypatch):
    monkeypatch.setattr(discussion, "SIZE", 200)


def by_page(client, consultation, query: str) -> list[str]:
    return through(client, f"/search/?q={quote(query)}")


def by_principle(client, consultation, query: str) -> list[str]:
    return through(client, f"/consultations/{consultation.slug}/principles/1/?q={quote(query)}&language=en")


def by_program(client, consultation, query: str) -> list[str]:
    home = f"/api/v1/consultations/{consultation.slug}/comments/"
    address = f"{home}?principle=1&page_size=100&q={quote(query)}"
    return [each["reference"] for each in client.get(address).json()["results"]]


@pytest.mark.parametrize("door", [by_page, by_principle, by_program])
def test_forty_searches_in_ten_scripts(client, library, long_pages, door):
    consultation, references = library

    def told(case: SearchCase) -> tuple[list[str], list[str]]:
        found = set(door(client, consultation, case.query))
        return tuple([text for text in side if references[text] in found] for side in case[1:])  # type: ignore[return-value]

    expected = {case.query: (list(case.finds), []) for case in CASES}
    assert {case.query: told(case) for case in CASES} == expected
    assert len(CASES) >= 40


def test_words_that_wait_are_found_by_no_search_of_anybody(client, browser):
    consultation, speaker = make.consultation(), make.verified_institution()
    owner, stranger = make.manager(speaker), make.manager(make.verified_institution())
    shown = make.comment(consultation, speaker, body="As everybody reads it.")
    actions.submit_comment(owner, comment_id=shown.pk, words=make.words(WAITING), at=clock.now())
    make.pending_comment(consultation, body=WAITING)
    make.draft(consultation, speaker, body=WAITING)
    make.comment(consultation, make.institution(), body=WAITING)
    make.comment(consultation, body=WAITING, visibility="secretariat")
    make.decide(make.sent_comment(consultation, body=WAITING), "reject")
    gone = make.comment(consultation, body=WAITING)
    actions.withdraw_comment(make.manager(gone.institution), comment_id=gone.pk, at=clock.now())
    readers = [client, *map(browser, (owner, stranger, make.moderator(consultation)))]
    for reader in readers:
        for door in (by_page, by_principle, by_program):
            for query in ("quicksilver", "未决", "ждет", '"未决修订"'):
                assert door(reader, consultation, query) == []
            assert door(reader, consultation, "everybody") == [shown.reference]
    make.decide(Comment.objects.get(pk=shown.pk), "approve")
    for door in (by_page, by_principle, by_program):
        assert door(client, consultation, "quicksilver") == [shown.reference]
        assert door(client, consultation, "everybody") == []
    assert "No public comment holds these words." in read(client.get("/search/?q=everybody+reads")).text
