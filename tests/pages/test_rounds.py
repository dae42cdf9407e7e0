"""Closing times on pages: in both zones, counted down, extended in public; what comes too late is kept."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template.loader import render_to_string

from consultation.comments.models import Comment, CommentDraft
from consultation.kit import clock
from consultation.pages.reading import opening
from consultation.standing.actions import extend_round
from consultation.texts.models import Round
from tests import factories as make
from tests.comments.acts import edit
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def round_(consultation):
    return consultation.rounds.get()


def close(round_, ago=timedelta(minutes=1)):
    Round.objects.filter(pk=round_.pk).update(closes_at=clock.now() - ago)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (3 * DAY, "3 days left."),
        (DAY, "1 day left."),
        (DAY - timedelta(seconds=1), "Time left: 23 hr 59 min."),
        (timedelta(hours=5, minutes=12, seconds=59), "Time left: 5 hr 12 min."),
        (timedelta(minutes=1), "Time left: 1 min."),
        (timedelta(seconds=59), "Time left: 0 min."),
    ],
)
def test_how_much_time_is_left(round_, before, words):
    assert opening.left(round_.closes_at, at=round_.closes_at - before) == words


def test_the_closing_time_stands_where_one_reads_and_writes_in_both_zones(
    client, browser, owner, consultation, round_, home
):
    make.comment(consultation)
    owner.timezone = "Asia/Tokyo"
    owner.save()
    inside = browser(owner)
    round_.closes_at = clock.now().replace(minute=0, second=0, microsecond=0) + 4 * DAY
    round_.save()
    oslo, tokyo = (
        f"{round_.closes_at.astimezone(ZoneInfo(each)):%H:%M}" for each in (consultation.zone, "Asia/Tokyo")
    )
    with time_machine.travel(round_.closes_at - timedelta(hours=5), tick=False):
        endorsing = ("principles/1/endorse/", "endorse/", "reaffirm/")
        for path in ("", "principles/1/", "write/?principle=1", "comments/P1-1/", *endorsing):
            page = inside.get(home + path)
            said = read(page).text
            assert f"{oslo} in Oslo, which is " in said, path
            assert f"{tokyo} for you" in said, path
            assert "Time left: 5 hr 0 min." in said, path
            assert f'data-until="{round_.closes_at:%Y-%m-%dT%H:%M:%S}+00:00"' in page.content.decode(), path
            assert "near" in page.content.decode()
        # A visitor's browser tells the zone by itself, and asks again when a minute is over.
        first = client.get(home)
        assert b"data-moment" in first.content
        known = {"If-None-Match": first.headers["ETag"]}
        assert client.get(home, headers=known).status_code == 304
    with time_machine.travel(round_.closes_at - timedelta(hours=4, minutes=59), tick=False):
        assert client.get(home, headers=known).status_code == 200
    with time_machine.travel(round_.closes_at - 30 * DAY, tick=False):
        assert b"data-until" not in client.get(home).content


def test_an_extension_is_told_on_the_page_in_the_history_and_in_the_calendar(
    client, consultation, round_, home
):
    def events():
        text = client.get(home + "calendar.ics").content.decode().replace("\r\n ", "")
        found = [each.split("END:VEVENT")[0] for each in text.split("BEGIN:VEVENT\r\n")[1:]]
        return [dict(line.split(":", 1) for line in each.split("\r\n") if ":" in line) for each in found]

    opens, closes = events()
    until = round_.closes_at + 3 * DAY
    boss, reasons = make.secretariat(consultation), {"en": "Many asked; so be it."}
    extend_round(boss, round_id=round_.pk, closes_at=until, reasons=reasons, at=clock.now())
    said = read(client.get(home)).text
    assert "Round 1 was extended on" in said
    assert "Many asked; so be it." in said
    assert "Round 1 was extended from" in read(client.get(home + "history/")).text
    moved_opening, moved = events()
    assert (moved["UID"], moved_opening["UID"]) == (closes["UID"], opens["UID"])
    assert (closes["SEQUENCE"], moved["SEQUENCE"]) == ("0", "1")
    assert moved["DTSTART"] == f"{until:%Y%m%dT%H%M%SZ}"
    assert moved["LAST-MODIFIED"] > closes["LAST-MODIFIED"]
    assert "Many asked\\; so be it." in moved["DESCRIPTION"]


def test_what_was_typed_when_the_round_closed_is_kept_as_a_draft_by_looking_and_by_sending(
    browser, owner, consultation, round_, institution, home
):
    inside = browser(owner)
    asked = [inside.get(f"{home}write/?principle=1") for _each in range(2)]
    parent = make.comment(consultation)
    asked.append(inside.get(f"{home}write/?parent={parent.reference}"))
    close(round_)
    for number, (page, do) in enumerate(zip(asked, ["look", "send", "send"], strict=True), start=1):
        form = read(page).form("look")
        fields = form.filled(body="Typed until the last moment.", do=do)
        for _twice in range(2):
            answer = inside.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], fields)
            assert answer.status_code == 303
            assert CommentDraft.objects.count() == number
        said = read(inside.get(answer.headers["Location"])).text
        assert "Typed until the last moment." in said
        assert "Your words are kept as a draft." in said
        assert "This round closed on" in said
    assert Comment.objects.filter(institution=institution, latest=None).count() == 3


def test_an_edit_after_closing_keeps_the_edited_words_and_readers_see_the_earlier_ones(
    browser, owner, consultation, round_, institution, home
):
    comment = edit(make.comment(consultation, institution), "Sent in time.", by=owner)
    make.decide(comment, "approve")
    inside, address = browser(owner), f"{home}comments/id/{comment.pk}/edit/"
    fields = read(inside.get(address)).form("look").filled(body="On second thought.", do="send")
    close(round_)
    for _twice in range(2):
        answer = inside.post(address, fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, address)
    said = read(inside.get(address)).text
    assert "Your words are kept as a draft." in said
    assert "was sent" not in said
    assert CommentDraft.objects.get().body == "On second thought."
    comment.refresh_from_db()
    assert (comment.latest.number, comment.shown.body) == (2, "Sent in time.")


def test_a_co_signature_after_closing_is_refused_in_words(browser, owner, consultation, round_, home):
    comment = make.comment(consultation)
    close(round_)
    answer = browser(owner).post(
        f"{home}comments/{comment.reference}/cosign/", {"position": "agree", "claim": "one"}
    )
    assert answer.status_code == 409
    assert "This round closed on" in read(answer).text


def test_a_moment_without_a_person_asks_the_browser():
    words = render_to_string("_for_you.html", {"moment": clock.now(), "zone": "Europe/Oslo"})
    assert "data-moment" in words
