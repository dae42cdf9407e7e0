"""A moderator at work with the keyboard alone; what they typed outlasts what happens meanwhile."""

from __future__ import annotations

import re
import sys
import time
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import CONSULTATION
from tests.journeys.browsing import Browsing

CASES = 100
API = f"/api/v1{CONSULTATION}comments/"
SIGNATORIES = [f"signatory{number}@demo.example" for number in range(1, 6)]
SEND = """async ([url, token, fields]) => {
  const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
  const answer = await fetch(url, {method: "POST", headers, body: JSON.stringify(fields)});
  return answer.status;
}"""
INSTITUTION = "async () => (await (await fetch('/api/v1/me/')).json()).mandates[0].institution"


def comments(page: Page, number: int) -> None:
    """So many comments of one institution wait for a moderator."""
    page.goto(f"{CONSULTATION}write/?principle=2")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    institution = page.evaluate(INSTITUTION)
    for place in range(number):
        body = f"Item {place}: the text should say {place * 7919 % 1009} times less about what we know."
        fields = {
            "institution": institution,
            "principle": 2,
            "kind": "general",
            "body": body,
            "language": "en",
        }
        assert page.evaluate(SEND, [API, token, fields]) == 201


def press(page: Page, *keys: str) -> None:
    """Press these keys once the page listens."""
    expect(page.locator("[data-keys]")).to_be_visible()
    for key in keys:
        page.keyboard.press(key)


def take_the_next(page: Page) -> None:
    press(page, "n")
    expect(page.locator("[data-lease]")).to_be_visible()


def send(page: Page, *keys: str) -> None:
    """Choose by these keys, and send the decision."""
    press(page, *keys, "Control+Enter")
    expect(page.get_by_text("This case is closed")).to_be_visible()


@pytest.mark.long
def test_a_hundred_cases_are_decided_by_keyboard_alone(
    browsing: Browsing, capsys: pytest.CaptureFixture[str]
) -> None:
    for address in SIGNATORIES:
        comments(browsing.person(address), CASES // len(SIGNATORIES))
    page = browsing.person("moderator2@demo.example")
    page.goto("/moderation/")
    spent = []
    for number in range(CASES):
        begin = time.perf_counter()
        take_the_next(page)
        send(page, *{3: ("r", "1"), 6: ("x", "2")}.get(number % 10, ("a",)))
        spent.append(time.perf_counter() - begin)
    told = re.search(r"you decided (\d+) today", page.locator(".counts").inner_text())
    assert told is not None
    assert int(told[1]) >= CASES
    with capsys.disabled():
        sys.stderr.write(
            f"\n{CASES} cases by keyboard: {median(spent):.2f} s a case, the slowest {max(spent):.2f} s\n"
        )


def test_the_bench_by_keys_next_return_undo_and_words_that_outlast_a_lost_lease(browsing: Browsing) -> None:
    comments(browsing.person("signatory4@demo.example"), 2)
    page = browsing.person("moderator2@demo.example")
    page.goto("/moderation/")
    press(page, "j")
    expect(page.get_by_role("heading", name="What was sent")).to_be_visible()
    take_the_next(page)
    case = page.url

    page.get_by_label("To the author").fill("Please say who you mean.")
    # Whoever leaves gives the case back; whoever comes back within a minute still has it.
    page.goto("/moderation/")
    page.goto(case)
    expect(page.get_by_label("To the author")).to_have_value("Please say who you mean.")
    expect(page.locator("[data-lease-words]")).to_have_text("Yours for 15 minutes.")

    lost = {"status": 409, "json": {"sentence": "Over."}}
    page.route("**/lease/", lambda route: route.fulfill(**lost))
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="Your time with this case is over.")).to_be_visible()
    expect(page.get_by_label("To the author")).to_have_value("Please say who you mean.")
    page.unroute("**/lease/")
    page.reload()
    # The answer that was made up is none of the site's.
    browsing.complaints.clear()

    send(page, "r", "1")
    press(page, "u")
    expect(page.get_by_text("This case is closed")).to_be_hidden()
    # Words for the author stand in their own box, in none of the others.
    press(page, "x", "2")
    expect(page.get_by_label("To the author")).to_have_value(re.compile(r"\b2\b"))
    expect(page.locator("#id_quotes")).to_have_value("")
