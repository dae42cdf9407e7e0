"""What is sent twice is done once: by a second click, and by the browser's own way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page, expect

from tests.journeys import acts
from tests.journeys.browsing import Browsing


def comments_of_ours(page: Page, number: int, words: str) -> int:
    """How many comments with these words the writer's institution has on a principle, public or not."""
    acts.open_principle(page, number)
    own = page.get_by_role("region", name="Only your institution sees these")
    expect(own).to_be_visible()
    return own.get_by_role("listitem").filter(has_text=words).count()


def test_a_second_click_on_send_makes_one_comment(browsing: Browsing) -> None:
    words = "A second click should make no second comment."
    page = browsing.person("signatory2@demo.example")
    acts.write_comment(page, 4, words)

    page.get_by_role("button", name="Send", exact=True).dblclick(no_wait_after=True)

    acts.sent(page)
    assert comments_of_ours(page, 4, words) == 1


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_going_back_after_sending_and_sending_again_makes_one_comment(
    browsing: Browsing, script: bool
) -> None:
    words = f"Who goes back finds the same words{' ' if script else ' once more '}and sends them again."
    page = browsing.person("signatory2@demo.example", java_script_enabled=script)
    acts.write_comment(page, 5, words)
    reference = acts.send(page)

    go_back(page)
    page.get_by_role("button", name="Send", exact=True).click()

    assert acts.sent(page) == reference
    assert comments_of_ours(page, 5, words) == 1


def test_going_back_after_signing_and_signing_again_signs_nothing_again(browsing: Browsing) -> None:
    page = browsing.person("signatory3@demo.example")
    before = max(acts.history(page))
    acts.choose_position(page, 8, "Decline")
    acts.sign(page)
    # Signed anew, the first position would put itself in the place of this one.
    other_window = page.context.new_page()
    acts.choose_position(other_window, 8, "Endorse")
    acts.sign(other_window)

    go_back(page)
    page.get_by_role("button", name=acts.SIGN).click()

    expect(page.get_by_role("heading", level=1, name="Look it over before signing")).to_be_hidden()
    assert acts.happened_since(page, before, "on Principle 8:") == 2
    assert acts.happened_since(page, before, "on Principle 8: Endorse") == 1


def go_back(page: Page) -> None:
    """Go back to what was looked over, and let the browser send its form again if it asks."""
    try:
        page.go_back()
    except Error:
        page.reload()
