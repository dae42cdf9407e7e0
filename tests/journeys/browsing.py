"""People at their browsers: who they are, what they see, and what their browsers complain of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response

from tests.journeys.site import Site

PASSWORD = "accord-demo"
# Reported through the console, so that there is one place to listen to.
TELL_OF_THE_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
  const { violatedDirective, blockedURI, sourceFile } = event;
  console.error(`against the content policy: ${violatedDirective} ${blockedURI} ${sourceFile}`);
});
"""
# What the console says of an answer with a status of 400 or more: `_see` looks at those.
ANSWERED = "the server responded with a status of"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Browsing:
    """All that happens in one browser at one site."""

    browser: Browser
    site: Site
    signed_in: dict[str, Any] = field(default_factory=dict)
    open_contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def visitor(self, **options: Any) -> Page:
        """Somebody nobody knows, in a fresh browser; `options` as for a context."""
        context = self.browser.new_context(
            **{"base_url": self.site.address, "viewport": WIDE, "locale": "en", **options}
        )
        self.open_contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_init_script(TELL_OF_THE_POLICY)
        context.on("console", self._hear)
        context.on("response", self._see)
        context.on(
            "weberror",
            lambda error: self.complaints.append(f"{error.page and error.page.url}: {error.error}"),
        )
        return context.new_page()

    def person(self, address: str, **options: Any) -> Page:
        """Somebody with a demonstration account, signed in."""
        if address not in self.signed_in:
            page = self.visitor()
            sign_in(page, address, PASSWORD)
            self.signed_in[address] = page.context.storage_state()
        return self.visitor(storage_state=self.signed_in[address], **options)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and ANSWERED not in message.text:
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _see(self, response: Response) -> None:
        """A page may say no (a form with a mistake in it is a 400); what belongs to a page may not."""
        if response.status >= (500 if response.request.resource_type == "document" else 400):
            self.complaints.append(f"{response.url}: {response.status}")

    def leave(self) -> list[str]:
        """Close every window; return what the browsers complained of."""
        heard = list(self.complaints)
        for context in self.open_contexts:
            try:
                context.close()
            except Error as error:
                heard.append(str(error))
        self.open_contexts.clear()
        self.complaints.clear()
        return heard


def sign_in(page: Page, address: str, password: str) -> None:
    """Sign in by the form; the desk is what comes next."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk/")
