"""On a phone no page scrolls sideways, from left to right and from right to left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.browsing import PHONE, Browsing
from tests.journeys.places import PLACES, Place, on_the_way, reader

SIDEWAYS = "() => Math.max(0, document.scrollingElement.scrollWidth - window.innerWidth)"
# What sticks out furthest, to say where to look.
CULPRIT = """() => {
  const out = (element) => {
    const box = element.getBoundingClientRect();
    return Math.max(box.right - innerWidth, -box.left);
  };
  const all = [...document.body.querySelectorAll("*")].filter((each) => !each.closest(".scroll"));
  const furthest = all.reduce((one, other) => (out(other) > out(one) ? other : one));
  return `${furthest.tagName.toLowerCase()}.${furthest.className}`;
}"""


EVERYWHERE = [pytest.param(name, PLACES.get, marks=pytest.mark.long, id=f"{name}-all") for name in PLACES]


@pytest.mark.usefixtures("_a_registration_waits")
@pytest.mark.parametrize(
    ("name", "places"), [("visitor", on_the_way), ("signatory", on_the_way), *EVERYWHERE]
)
def test_no_page_scrolls_sideways_on_a_phone(
    browsing: Browsing, name: str, places: Callable[[str], list[Place]]
) -> None:
    page = reader(browsing, name, viewport=PHONE)
    too_wide: dict[str, str] = {}
    for place in places(name):
        place.visit(page)
        measure(page, place.name, too_wide)
        in_arabic(page)
        measure(page, f"{place.name}, in Arabic", too_wide)
    assert too_wide == {}


def in_arabic(page: Page) -> None:
    """The same page from right to left; one that answers a form is left as it is."""
    path = page.evaluate("() => location.pathname + location.search")
    answer = page.goto(f"/ar{path}")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"


def measure(page: Page, name: str, too_wide: dict[str, str]) -> None:
    """Note a page that is wider than its window."""
    sideways = page.evaluate(SIDEWAYS)
    if sideways:
        too_wide[name] = f"{sideways}px, {page.evaluate(CULPRIT)}"
