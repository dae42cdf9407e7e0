"""A discussion is read with keys alone: replies open under their comment, and the focus keeps its place."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import acts
from tests.journeys.browsing import Browsing


def test_replies_open_where_they_belong_and_shut_again(browsing: Browsing) -> None:
    page = browsing.visitor()
    acts.open_principle(page, 6)
    comment = page.locator(".comment", has=page.locator("a[data-replies]")).last
    asked, thread = comment.locator("a[data-replies]"), comment.locator(":scope > .replies")
    expect(thread.locator(".comment")).to_have_count(0)

    asked.focus()
    page.keyboard.press("Enter")
    expect(thread.locator(".comment").first).to_be_visible()
    expect(asked).to_have_attribute("aria-expanded", "true")
    expect(asked).to_be_focused()
    page.keyboard.press("Enter")
    expect(thread).to_be_hidden()
    expect(asked).to_have_attribute("aria-expanded", "false")
    assert page.url.endswith("/principles/6/")


def test_without_a_script_replies_are_on_the_page_of_their_comment(browsing: Browsing) -> None:
    page = browsing.visitor(java_script_enabled=False)
    acts.open_principle(page, 6)
    page.locator("a[data-replies]").last.click()
    expect(page.locator("#replies .comment").first).to_be_visible()


def test_a_citation_is_copied(browsing: Browsing) -> None:
    page = browsing.visitor(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{acts.CONSULTATION}comments/P6-1/")
    page.get_by_role("button", name="Copy citation").press("Enter")
    expect(page.get_by_text("Copied.")).to_be_visible()
    said = page.locator("#citation").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == said
    assert "P6-1" in said
