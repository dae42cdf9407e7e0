from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys import acts
from tests.journeys import site as sites
from tests.journeys.browsing import Browsing
from tests.journeys.site import Site

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def running_site(running_servers: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The installation that all journeys share."""
    with sites.running(tmp_path_factory.mktemp("journeys")) as site:
        yield site


# While Playwright runs, its event loop is this process's, and Django refuses to touch a database beside one:
# the browser has to be gone before the next file's tests, which may be of another folder.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser that the journeys of one file share; each of them has windows of its own."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def everybody(running_site: Site, chromium: Browser) -> Browsing:
    """Who is signed in stays so from one journey to the next."""
    return Browsing(chromium, running_site)


@pytest.fixture(scope="session")
def _registered() -> set[str]:
    """The institutions that journeys registered: the site outlives the browser of one file."""
    return set()


@pytest.fixture(scope="module")
def _a_registration_waits(everybody: Browsing, _registered: set[str]) -> None:
    """An institution for the registrar to read about."""
    name = "Estuary School of Slow Reading"
    if name not in _registered:
        acts.register(everybody.person("signatory1@demo.example"), name, "estuary.example")
        _registered.add(name)
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
