"""Without JavaScript nothing is missing: commenting, endorsing and asking for a digest."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import acts
from tests.journeys.browsing import Browsing


def test_a_comment_is_written_changed_and_sent(browsing: Browsing) -> None:
    page = browsing.person("signatory4@demo.example", java_script_enabled=False)
    acts.write_comment(page, 2, "First words.")

    page.get_by_role("button", name="Change something").click()
    field = page.get_by_role("textbox", name="Your comment")
    expect(field).to_have_value("First words.")
    field.fill("Second words, and better ones.")
    page.get_by_role("button", name="Look it over before sending").click()
    reference = acts.send(page)

    page.goto(f"{acts.CONSULTATION}comments/{reference}/")
    expect(page.get_by_text("Second words, and better ones.").first).to_be_visible()
    assert page.get_by_text("First words.").count() == 0


def test_a_principle_is_endorsed_and_what_is_missing_is_said(browsing: Browsing) -> None:
    page = browsing.person("signatory4@demo.example", java_script_enabled=False)
    before = max(acts.history(page))
    page.goto(f"{acts.CONSULTATION}principles/7/endorse/")

    page.get_by_role("radio", name="Endorse with a reservation").check()
    page.get_by_role("button", name="Look it over before signing").click()
    expect(page.get_by_role("alert")).to_contain_text("Your statement")
    expect(page.get_by_role("radio", name="Endorse with a reservation")).to_be_checked()

    acts.choose_position(page, 7, "Decline")
    acts.sign(page)
    assert acts.happened_since(page, before, "on Principle 7: Decline") == 1
