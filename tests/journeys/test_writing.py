"""What is typed is not lost: over a lost connection, a signed-out session, a colleague at the same draft."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import acts
from tests.journeys.acts import CONSULTATION
from tests.journeys.browsing import PASSWORD, Browsing, sign_in
from tests.journeys.test_by_keyboard import tab_to

SAVED = re.compile(r"^\s*Draft saved at .*, shared within your institution\.")
EDIT = re.compile(r"/comments/id/[0-9a-f-]{36}/edit/$")
SIGNATORY, COLLEAGUE, ANOTHER = (
    f"{name}@demo.example" for name in ("signatory1", "contributor1", "signatory3")
)


def body(page: Page) -> Locator:
    """Where the comment is typed."""
    return page.get_by_role("textbox", name="Your comment", exact=True)


def keeping(page: Page) -> Locator:
    """The line that says what became of the words so far."""
    return page.locator("[data-keeping]")


def look(page: Page) -> None:
    """Press the button before sending."""
    page.get_by_role("button", name="Look it over before sending").click()


def sign_in_again(page: Page) -> None:
    """By the way that the line shows to whoever was signed out."""
    page.get_by_role("link", name="Sign in").filter(visible=True).last.click()
    page.get_by_label("Email").fill(ANOTHER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def forgive(browsing: Browsing, *words: str) -> None:
    """Browsers complain of what these journeys are about."""
    browsing.complaints[:] = [each for each in browsing.complaints if not any(word in each for word in words)]


def test_words_survive_a_lost_connection_and_a_signed_out_session(browsing: Browsing) -> None:
    page = browsing.visitor()
    sign_in(page, ANOTHER, PASSWORD)
    page.goto(f"{CONSULTATION}write/?principle=4")
    body(page).fill("Typed with a connection.")
    expect(keeping(page)).to_have_text(SAVED)
    expect(page).to_have_url(EDIT)

    page.context.set_offline(True)
    body(page).fill("Typed without one.")
    expect(keeping(page)).to_contain_text("No connection.")
    look(page)
    expect(body(page)).to_have_value("Typed without one.")
    page.context.set_offline(False)
    expect(keeping(page)).to_have_text(SAVED)
    page.reload()
    expect(body(page)).to_have_value("Typed without one.")

    page.context.clear_cookies()
    body(page).fill("Typed by somebody signed out.")
    expect(keeping(page)).to_contain_text("You were signed out.")
    look(page)
    sign_in_again(page)
    expect(body(page)).to_have_value("Typed by somebody signed out.")
    expect(keeping(page)).to_have_text(SAVED)

    look(page)
    page.get_by_role("button", name="Send", exact=True).dblclick(no_wait_after=True)
    reference = acts.sent(page)
    assert reference.startswith("P4-")
    # The site has it: the browser forgot it, and there is no second one.
    assert (
        page.evaluate("Object.keys(localStorage).filter((each) => each.startsWith('accord-words:')).length")
        == 0
    )
    acts.open_principle(page, 4)
    own = page.get_by_role("region", name="Only your institution sees these").get_by_role("listitem")
    assert own.filter(has_text="Typed by").count() == 1
    assert own.filter(has_text="Typed with").count() == 0
    forgive(browsing, "ERR_INTERNET_DISCONNECTED", "/edit/: 403")


@pytest.mark.long
def test_who_signs_in_again_on_a_principle_comes_to_the_draft(browsing: Browsing) -> None:
    page = browsing.visitor()
    sign_in(page, ANOTHER, PASSWORD)
    acts.open_principle(page, 7)
    body(page).fill("Typed on a principle.")
    expect(keeping(page)).to_have_text(SAVED)
    page.context.clear_cookies()
    body(page).fill("Typed there by somebody signed out.")
    expect(keeping(page)).to_contain_text("You were signed out.")
    sign_in_again(page)
    expect(page).to_have_url(EDIT)
    expect(body(page)).to_have_value("Typed there by somebody signed out.")
    expect(keeping(page)).to_have_text(SAVED)
    forgive(browsing, "/edit/: 403")


@pytest.mark.long
def test_what_was_typed_on_a_principle_is_back_after_the_window_was_shut(browsing: Browsing) -> None:
    page = browsing.person(ANOTHER)
    acts.open_principle(page, 5)
    page.context.set_offline(True)
    body(page).fill("Typed before the window shut.")
    expect(keeping(page)).to_contain_text("No connection.")
    page.close()
    other = browsing.open_contexts[-1].new_page()
    other.context.set_offline(False)
    acts.open_principle(other, 5)
    expect(body(other)).to_have_value("Typed before the window shut.")
    expect(keeping(other)).to_have_text(SAVED)
    forgive(browsing, "ERR_INTERNET_DISCONNECTED")


@pytest.mark.long
def test_two_colleagues_at_one_draft_see_both_versions(browsing: Browsing) -> None:
    mine, theirs = browsing.person(SIGNATORY), browsing.person(COLLEAGUE)
    mine.goto(f"{CONSULTATION}write/?principle=2")
    body(mine).fill("As we began.")
    expect(keeping(mine)).to_have_text(SAVED)
    theirs.goto(mine.url)
    expect(body(theirs)).to_have_value("As we began.")
    body(theirs).fill("As the colleague has it.")
    expect(keeping(theirs)).to_have_text(SAVED)

    body(mine).fill("As I have it.")
    expect(keeping(mine)).to_contain_text("A colleague changed this draft meanwhile.")
    mine.get_by_role("button", name="Save draft").click()
    meanwhile = mine.locator("#theirs")
    expect(meanwhile).to_contain_text("As the colleague has it.")
    expect(body(mine)).to_have_value("As I have it.")
    theirs.reload()
    expect(body(theirs)).to_have_value("As the colleague has it.")

    mine.get_by_role("link", name="Go on with your colleague’s words instead").click()
    expect(body(mine)).to_have_value("As the colleague has it.")
    forgive(browsing, "/edit/: 409")


def test_words_are_chosen_by_keys_or_mouse_and_changed_in_place(browsing: Browsing) -> None:
    page = browsing.person(SIGNATORY)
    acts.open_principle(page, 6)
    tab_to(page, page.get_by_role("button", name="Choose them by keyboard"))
    for key in ("Enter", "ArrowDown", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("[data-chosen]")).to_have_text("nations enjoy equal")
    page.keyboard.press("Enter")
    passage, proposed = (
        page.get_by_label("The words you comment on"),
        page.get_by_label("The words you propose"),
    )
    expect(passage).to_have_value("nations enjoy equal")
    expect(proposed).to_have_value("nations enjoy equal")
    assert page.locator("[name=passage_prefix]").input_value() == "All "
    assert (
        page.locator("[name=passage_suffix]")
        .input_value()
        .startswith(" rights of participation in this governance")
    )
    expect(body(page)).to_be_focused()

    page.locator("[data-edition] p").last.evaluate("(each) => getSelection().selectAllChildren(each)")
    page.get_by_role("button", name="Comment on these words").click()
    expect(passage).to_have_value(
        re.compile("^An equal voice is a practice and not a formula: .* every country.$")
    )

    proposed.fill((proposed.input_value()).replace("a practice", "a habit"))
    expect(page.locator(".redline-now del")).to_have_text(re.compile("practice"))
    expect(page.locator(".redline-now ins")).to_have_text(re.compile("habit"))
    body(page).fill("A *habit* is what we mean.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#previewed em")).to_have_text("habit")
    look(page)
    expect(page.locator(".preview ins")).to_have_text(re.compile("habit"))
