"""What a secretariat does on the pages until its consultation is public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

TITLE = "ميثاق البحيرات"
LANGUAGE = "ar"
PRINCIPLES = {
    "لا يحكم أحد وحده": "القرارات التي تمسّ الناس يتخذها أناس يمكن سؤالهم عنها.\n\nويُذكر السبب كتابةً.",
    "ما يُجمع يُعاد": "تعود المعطيات إلى من جُمعت منهم حين يطلبونها.",
    "كل مكسب يُقال": "يُخبر من صنعوا المكسب به، بكلمات يختارونها.\n\nولا يُنشر قبل ذلك.",
}


def a_consultation(page: Page, slug: str, moderator: str) -> None:
    """A consultation in Arabic with three principles, from the first form to its publication."""
    desk = f"/secretariat/{slug}/"
    begin(page, slug)
    expect(page.get_by_text("There is no principle yet.")).to_be_visible()
    for number, (title, body) in enumerate(PRINCIPLES.items(), start=1):
        write_principle(page, desk, number, title, body)
    page.goto(f"{desk}policy/")
    page.get_by_role("button", name="Take the usual clauses").click()
    expect(page.get_by_text("The usual clauses are there.")).to_be_visible()
    add_round(page, desk)
    page.goto(f"{desk}roles/")
    page.get_by_label("E-mail address").fill(moderator)
    page.get_by_label("Role", exact=True).select_option(label="Moderator")
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_text("has this role now")).to_be_visible()
    publish(page, desk)


def begin(page: Page, slug: str) -> None:
    """Fill in the short form; the desk of the consultation is what comes next."""
    page.goto("/secretariat/")
    page.get_by_role("link", name="Begin a consultation").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Authoritative language").fill(LANGUAGE)
    page.get_by_label("Address").fill(slug)
    page.get_by_label("Time zone").select_option(value="Africa/Cairo")
    page.get_by_role("button", name="Begin the consultation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def write_principle(page: Page, desk: str, number: int, title: str, body: str) -> None:
    """One more principle, as a draft."""
    page.goto(f"{desk}principles/")
    page.get_by_role("link", name="Add a principle").click()
    expect(page.get_by_text(f"It will be Principle {number},")).to_be_visible()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Text", exact=True).fill(body)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(f"**{desk}principles/{number}/**")


def add_round(page: Page, desk: str) -> None:
    """A round for all acts, running since an hour ago in the consultation's zone, for a month."""
    begun = datetime.now(UTC) - timedelta(hours=1)
    page.goto(f"{desk}rounds/")
    page.get_by_label("Opens").fill(begun.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Closes").fill((begun + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"))
    for act in ("commenting", "replying and co-signing", "endorsing"):
        page.get_by_role("checkbox", name=act).check()
    page.get_by_role("button", name="Add the round").click()
    expect(page.get_by_text("The round was added.")).to_be_visible()


def publish(page: Page, desk: str) -> None:
    """Look over what becomes public, and publish it."""
    page.goto(desk)
    expect(page.get_by_text("Nothing is missing that it must have.")).to_be_visible()
    page.get_by_role("link", name="Publish the consultation").click()
    expect(page.get_by_text("The first versions of 3 principles.")).to_be_visible()
    page.get_by_role("button", name="Publish the consultation").click()
    expect(page.get_by_text("The consultation is public.")).to_be_visible()
