"""axe-core finds no serious barrier on any page, light or dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.journeys.browsing import PHONE, Browsing
from tests.journeys.places import PLACES, on_the_way, reader

SERIOUS = ("serious", "critical")
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
# A page in the dark differs from the one in the light by its colours only.
COLOURS: dict[str, Any] = {**EVERYTHING, "runOnly": ["color-contrast"]}


@pytest.mark.usefixtures("_a_registration_waits")
@pytest.mark.parametrize("name", PLACES)
def test_no_page_has_a_serious_barrier(browsing: Browsing, name: str) -> None:
    # With motion colours fade into each other, and axe would measure them on the way.
    page = reader(browsing, name, reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for place in on_the_way(name):
        place.visit(page)
        page.evaluate(AXE_SCRIPT)
        page.emulate_media(color_scheme="light")
        note(found, place.name, barriers(page, EVERYTHING))
        page.emulate_media(color_scheme="dark")
        note(found, f"{place.name}, in the dark", barriers(page, COLOURS))
    assert found == {}


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar", "zh-CN", "ru"])
@pytest.mark.usefixtures("_a_registration_waits")
@pytest.mark.parametrize("name", PLACES)
def test_no_page_has_a_serious_barrier_on_a_phone_in_any_script(
    browsing: Browsing, name: str, locale: str, scheme: str
) -> None:
    # Of Arabic axe measures no contrast: it takes joined letters for icons. The colours are those of English.
    page = reader(browsing, name, viewport=PHONE, locale=locale, color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for place in PLACES[name]:
        if place.way is None:
            place.visit(page)
            page.evaluate(AXE_SCRIPT)
            note(found, place.name, barriers(page, EVERYTHING))
    assert found == {}


def barriers(page: Page, options: dict[str, Any]) -> list[str]:
    """The serious ones: which rule, where, and why."""
    violations = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in violations
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


def note(found: dict[str, list[str]], name: str, barriers: list[str]) -> None:
    """Keep what was found on a page, if anything was."""
    if barriers:
        found[name] = barriers
