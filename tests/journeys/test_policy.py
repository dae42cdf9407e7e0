"""The content policy holds, and the journeys would hear of whatever goes against it."""

from __future__ import annotations

from tests.journeys.browsing import Browsing

SNEAK_IN = """() => {
  const script = document.createElement("script");
  script.textContent = "document.title = 'taken over'";
  document.body.append(script);
  const style = document.createElement("style");
  style.textContent = "body { display: none }";
  document.head.append(style);
}"""


def test_an_inline_script_and_an_inline_style_do_nothing_and_are_told_of(browsing: Browsing) -> None:
    page = browsing.visitor()
    page.goto("/")
    page.evaluate(SNEAK_IN)

    assert page.title() != "taken over"
    assert page.locator("body").is_visible()
    told = [each for each in browsing.leave() if "against the content policy" in each]
    assert [each.split("against the content policy: ")[1].split(" ")[0] for each in told] == [
        "script-src-elem",
        "style-src-elem",
    ]
