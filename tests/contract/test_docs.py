"""The page of the API in a browser: it shows every call, under the strict content policy."""

import pytest
from playwright.sync_api import expect, sync_playwright

from consultation.api.documents import schema

pytestmark = pytest.mark.django_db(transaction=True)
CHROMIUM = "/usr/bin/chromium"


def test_the_page_shows_every_call_and_the_browser_complains_of_nothing(live_server):
    complaints = []
    operations = sum(len(path) for path in schema()["paths"].values())
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=CHROMIUM) as browser:
        page = browser.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.goto(f"{live_server.url}/api/v1/docs/")
        expect(page.locator(".opblock")).to_have_count(operations, timeout=15_000)
        page.locator(".opblock-summary").first.click()
        expect(page.locator(".opblock.is-open .responses-wrapper")).to_be_visible(timeout=15_000)
    assert complaints == []
