"""Everything that a pointer does, keys do; and one sees where one is."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys import acts
from tests.journeys.browsing import Browsing

# No page of the site has as many places to stop at before what this journey looks for.
MOST_STOPS = 150
IS_FOCUSED = "(element) => element === document.activeElement"
OUTLINE = """(element) => {
  const style = getComputedStyle(element);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus; it then shows it."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate(IS_FOCUSED):
            assert wanted.evaluate(OUTLINE), "the focus is not to be seen"
            return
    raise AssertionError(f"{wanted} was not reached by Tab")


def test_a_comment_is_written_and_sent_with_keys_alone(browsing: Browsing) -> None:
    page = browsing.person("signatory5@demo.example")
    acts.open_principle(page, 9)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    tab_to(page, page.get_by_role("radio", name="General"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Technical")).to_be_checked()
    tab_to(page, page.get_by_role("textbox", name="Your comment"))
    page.keyboard.type("Written without a mouse.")
    tab_to(page, page.get_by_role("button", name="Look it over before sending"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Written without a mouse.")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Send", exact=True))
    page.keyboard.press("Enter")
    assert acts.sent(page).startswith("P9-")


def test_the_menu_of_a_phone_opens_and_shuts_by_keys(browsing: Browsing) -> None:
    page = browsing.visitor(viewport={"width": 390, "height": 844})
    page.goto("/")
    menu = page.locator("summary").filter(visible=True)

    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="العربية")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="العربية")).to_be_hidden()
    expect(menu).to_be_focused()
