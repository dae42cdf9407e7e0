"""What people do on pages, by the names of what they see. Each ends when its page says that it is done."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.site import SLUG

CONSULTATION = f"/consultations/{SLUG}/"
SIGN = re.compile("^Sign (for|this position for|these [0-9]+ positions for) ")


def open_principle(page: Page, number: int, *, place: str = CONSULTATION) -> None:
    """Go to the page of a principle, of the text that is shipped or of another one."""
    page.goto(f"{place}principles/{number}/")


def write_comment(page: Page, number: int, words: str, *, place: str = CONSULTATION) -> None:
    """Write on a principle, and look the words over; they are not sent yet."""
    open_principle(page, number, place=place)
    composer = page.get_by_role("form", name=f"Comment on Principle {number}")
    composer.get_by_role("textbox", name="Your comment").fill(words)
    composer.get_by_role("button", name="Look it over before sending").click()
    expect(page.get_by_role("heading", level=1, name="Look it over before sending")).to_be_visible()
    expect(page.get_by_text(words)).to_be_visible()


def send(page: Page) -> str:
    """Send what was looked over; return its reference."""
    page.get_by_role("button", name="Send", exact=True).click()
    return sent(page)


def sent(page: Page) -> str:
    """The reference of the comment that was just sent, as the page tells it."""
    told = page.get_by_text(re.compile(r"^[PGS]\d*-\d+ was sent"))
    expect(told).to_be_visible()
    return told.inner_text().split(" ")[0]


def choose_position(page: Page, number: int, position: str) -> None:
    """Choose a position on a principle, and look it over; it is not signed yet."""
    page.goto(f"{CONSULTATION}principles/{number}/endorse/")
    page.get_by_role("radio", name=position, exact=True).check()
    page.get_by_role("button", name="Look it over before signing").click()
    expect(page.get_by_role("heading", level=1, name="Look it over before signing")).to_be_visible()


def sign(page: Page) -> None:
    """Sign what was looked over."""
    page.get_by_role("button", name=SIGN).click()
    expect(page.get_by_text(re.compile("^Signed for "))).to_be_visible()


def register(page: Page, name: str, domain: str) -> None:
    """Register an academy in Fiji; the page of the institution is what comes next."""
    page.goto("/institutions/new/")
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Country or area").select_option(label="Fiji")
    page.get_by_label("Type").select_option(label="Academy or association")
    page.get_by_label("E-mail domains").fill(domain)
    page.get_by_role("button", name="Register the institution").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_text("is registered, and you may act for it")).to_be_visible()


def history(page: Page) -> dict[int, str]:
    """The newest lines of the public history, by their numbers in the record."""
    page.goto(f"{CONSULTATION}history/")
    lines = page.get_by_role("main").get_by_role("article").all_inner_texts()
    assert lines
    return {int(line.split()[0]): line for line in lines}


def happened_since(page: Page, number: int, words: str) -> int:
    """How many lines with these words stand in the history above line `number`."""
    return sum(words in line for each, line in history(page).items() if each > number)
