from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys import acts
from tests.journeys import site as sites
from tests.journeys.browsing import Browsing
from tests.journeys.site import Site

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="package")
def running_site(running_servers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The installation that all journeys share."""
    with sites.running(tmp_path_factory.mktemp("journeys")) as site:
        yield site


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser that all journeys share; each of them has windows of its own."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def everybody(running_site: Site, chromium: Browser) -> Browsing:
    """Who is signed in stays so from one journey to the next."""
    return Browsing(chromium, running_site)


@pytest.fixture(scope="package")
def _a_registration_waits(everybody: Browsing) -> None:
    """An institution for the registrar to read about."""
    acts.register(
        everybody.person("signatory1@demo.example"), "Estuary School of Slow Reading", "estuary.example"
    )
    assert everybody.leave() == []


@pytest.fixture
def site(running_site: Site, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The installation; what its processes said is shown with a journey that fails."""
    yield running_site
    request.node.add_report_section("call", "site", running_site.last_words())


@pytest.fixture
def browsing(everybody: Browsing, site: Site) -> Iterator[Browsing]:
    """The people of one journey. No browser may complain: of a script, of a file, of the content policy."""
    yield everybody
    assert everybody.leave() == []
