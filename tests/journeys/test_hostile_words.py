"""Pages full of hostile lines: no script of theirs runs, nothing is fetched for them, no neighbour breaks."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from consultation.config.places import BASE_DIR
from tests import naughty
from tests.journeys import hostile, site
from tests.journeys.browsing import Browsing
from tests.journeys.site import Site

HOME = f"/consultations/{hostile.SLUG}/"
# Whatever a line of theirs would call is noted instead.
NOTE = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...given) => { window.ran.push([name, ...given.map(String)]); };
}
"""


def made(running: Site, most: int) -> dict[str, Any]:
    """The consultation, written into the site's own database beside it."""
    port = int(running.address.rsplit(":", 1)[1])
    environment = site.environment(running.places, port) | {
        "DJANGO_SETTINGS_MODULE": "consultation.config.settings"
    }
    command = [sys.executable, "-m", "tests.journeys.hostile", str(most)]
    done = subprocess.run(
        command, cwd=BASE_DIR, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


FOREIGN = "main :is(script, iframe, object, embed, img, base, form[action^='http'])"
HANDLERS = """
[...document.querySelectorAll("*")].flatMap((each) => each.getAttributeNames())
  .filter((name) => /^on/.test(name))
"""


def nothing_ran(page: Page, running: Site, fetched: list[str]) -> None:
    """Once everything on the page is loaded: no script of a line, no element, no handler, no request."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.ran") == []
    assert page.locator(FOREIGN).count() == 0
    assert page.evaluate(HANDLERS) == []
    assert [each for each in fetched if not each.startswith((running.address, "data:", "about:"))] == []


def neighbours_stand(page: Page, neighbours: dict[str, str]) -> None:
    """Each neighbour is an article beside the others, in none of them, with its own words."""
    for words, reference in neighbours.items():
        article = page.locator(f"article.comment[id='{reference}']")
        expect(article.locator(".body")).to_have_text(words)
        assert article.evaluate("(each) => each.parentElement.closest('article') === null")


def read_it_all(browsing: Browsing, running: Site, most: int) -> None:
    known = made(running, most)
    fetched: list[str] = []
    page = browsing.visitor()
    page.context.add_init_script(NOTE)
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{HOME}principles/1/")
    neighbours_stand(page, known["neighbours"])
    nothing_ran(page, running, fetched)
    lines = " ".join(naughty.OWN[:3])
    places = [f"{HOME}comments/{each}/" for each in known["hostile"]]
    places += [HOME, f"{HOME}text/", f"{HOME}history/", "/institutions/", f"/search/?q={quote(lines)}"]
    places += [f"{HOME}principles/1/?q=alert&words={quote(lines)}"]
    for place in places:
        page.goto(place)
        nothing_ran(page, running, fetched)

    moderator = browsing.person(hostile.MODERATOR)
    moderator.context.add_init_script(NOTE)
    moderator.on("request", lambda request: fetched.append(request.url))
    moderator.goto(f"/moderation/?consultation={hostile.SLUG}")
    nothing_ran(moderator, running, fetched)
    moderator.goto(moderator.locator("a[href*='/moderation/cases/']").first.get_attribute("href") or "")
    nothing_ran(moderator, running, fetched)


def test_hostile_words_are_words(browsing: Browsing, site: Site) -> None:
    read_it_all(browsing, site, 150)


@pytest.mark.long
@pytest.mark.skipif(not naughty.HAS_DATA, reason="ACCORD_DATA is not set")
def test_every_hostile_line_is_words(browsing: Browsing, site: Site) -> None:
    read_it_all(browsing, site, 10**6)
