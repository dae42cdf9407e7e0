"""Every page of the way through, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.acts import CONSULTATION, SIGN
from tests.journeys.browsing import Browsing

INSTITUTION = "volta-institute-for-technology-and-labour"
VISITOR = ""
APPLICANT = "signatory1@demo.example"  # for whose institution `_a_registration_waits`
SIGNATORY = "signatory6@demo.example"
MODERATOR = "moderator2@demo.example"
REGISTRAR = "secretariat@demo.example"
ADMINISTRATOR = "admin@demo.example"
READERS = {
    "visitor": VISITOR,
    "applicant": APPLICANT,
    "signatory": SIGNATORY,
    "moderator": MODERATOR,
    "registrar": REGISTRAR,
    "administrator": ADMINISTRATOR,
}


def a_case(page: Page) -> None:
    """The case that waits longest."""
    page.goto("/moderation/")
    page.get_by_role("region", name="What waits").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What was sent")).to_be_visible()


def a_case_taken(page: Page) -> None:
    """The same case with the decision to fill in."""
    a_case(page)
    take, choice = (
        page.get_by_role("button", name="Take this case"),
        page.get_by_role("radio", name="Approve"),
    )
    expect(take.or_(choice).first).to_be_visible()
    if take.is_visible():
        take.click()
    expect(choice).to_be_visible()


def notes_on_a_case(page: Page) -> None:
    """What moderators tell each other about it."""
    a_case(page)
    page.get_by_role("link", name="Write a note").click()
    expect(page.get_by_role("button", name="Write the note")).to_be_visible()


def an_opinion_to_ask_for(page: Page) -> None:
    """The form by which the secretariat asks somebody about it."""
    a_case(page)
    page.get_by_role("link", name="Ask somebody for an opinion").click()
    expect(page.get_by_role("button", name="Ask for an opinion")).to_be_visible()


def a_registration(page: Page) -> None:
    """The institution that waits longest for a registrar."""
    page.goto("/registry/")
    page.get_by_role("main").get_by_role("article").first.get_by_role("link").click()
    expect(page.get_by_role("button", name="Verify this institution")).to_be_visible()


def a_digest(page: Page) -> None:
    """A digest that was asked for, being built or ready."""
    page.goto(f"{CONSULTATION}digests/")
    page.get_by_label("About").select_option(value="1")
    page.get_by_role("button", name="Build this digest").click()
    page.wait_for_url(re.compile(r"/digests/[0-9a-f-]{36}/$"))


def a_comment_looked_over(page: Page) -> None:
    """A comment before it is sent."""
    page.goto(f"{CONSULTATION}write/?principle=3")
    page.get_by_role("textbox", name="Your comment").fill("What it says is right.")
    page.get_by_role("button", name="Look it over before sending").click()
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


def a_position_looked_over(page: Page) -> None:
    """A position before it is signed."""
    page.goto(f"{CONSULTATION}principles/3/endorse/")
    page.get_by_role("radio", name="Decline").check()
    page.get_by_role("button", name="Look it over before signing").click()
    expect(page.get_by_role("button", name=SIGN)).to_be_visible()


def a_sheet_looked_over(page: Page) -> None:
    """Positions on the whole text before they are signed."""
    page.goto(f"{CONSULTATION}endorse/")
    page.get_by_role("button", name="Look it over before signing").click()
    expect(page.get_by_role("button", name=SIGN)).to_be_visible()


def own_positions(page: Page) -> None:
    """Where one's institution stands."""
    page.goto("/desk/")
    page.get_by_role("link", name="All that was signed").click()
    expect(page.get_by_role("heading", name="Where you stand")).to_be_visible()


def a_receipt(page: Page) -> None:
    """What shows which words arrived, and when."""
    page.goto(f"{CONSULTATION}write/?principle=3")
    page.get_by_role("textbox", name="Your comment").fill("What it says is right, and in time.")
    page.get_by_role("button", name="Look it over before sending").click()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("link", name="Receipt").click()
    expect(page.get_by_role("heading", name="Check it")).to_be_visible()


def an_own_position(page: Page) -> None:
    """One position with what may be done with it."""
    own_positions(page)
    page.get_by_role("row").get_by_role("link", name="Endorse", exact=True).first.click()
    expect(page.get_by_text("Contest it: it was done without right")).to_be_visible()


def a_registration_with_mistakes(page: Page) -> None:
    """A form that came back."""
    page.goto("/institutions/new/")
    page.get_by_role("button", name="Register the institution").click()
    expect(page.get_by_role("alert")).to_be_visible()


def a_registration_like_another(page: Page) -> None:
    """A form that came back because somebody else's sounds alike."""
    page.goto("/institutions/new/")
    page.get_by_label("Full name").fill("Coral Atoll Institute")
    page.get_by_label("Country or area").select_option(label="Fiji")
    page.get_by_label("Type").select_option(label="University or research")
    page.get_by_role("button", name="Register the institution").click()
    expect(page.get_by_role("button", name="Register it all the same")).to_be_visible()


def a_merger(page: Page) -> None:
    """A record about to be merged into another one."""
    a_registration(page)
    page.get_by_role("link", name="Merge it into another record").click()
    expect(page.get_by_role("button", name="Look it over before merging")).to_be_visible()


def a_merger_looked_over(page: Page) -> None:
    """The same, with what moves."""
    a_merger(page)
    page.get_by_label("The record that is kept").fill(INSTITUTION)
    page.get_by_label("Reason").fill("It registered twice.")
    page.get_by_role("button", name="Look it over before merging").click()
    expect(page.get_by_role("button", name="Merge the two records")).to_be_visible()


def a_version_looked_over(page: Page) -> None:
    """A new version of a principle before it is published."""
    page.goto("/secretariat/global-ai-governance/principles/4/")
    words = page.get_by_role("textbox", name="Text")
    words.fill(words.input_value() + " This sentence is new.")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("link", name="Publish what is drafted").click()
    page.get_by_role("radio", name="Substantive").check()
    page.get_by_role("textbox", name="What changed, in English").fill("One sentence more.")
    page.get_by_role("button", name="Look it over before publishing").click()
    expect(page.get_by_role("button", name="Publish version 2")).to_be_visible()


def a_suspension_looked_over(page: Page) -> None:
    """An institution before it is suspended."""
    page.goto(f"/registry/{INSTITUTION}/")
    page.get_by_label("Reason").fill("Its board says that nobody there knows of it.")
    page.get_by_role("button", name="Look it over before suspending").click()
    expect(page.get_by_role("button", name="Suspend this institution")).to_be_visible()


def the_people(page: Page) -> None:
    """Who acts for one's institution."""
    page.goto("/desk/")
    page.get_by_role("link", name="Who acts for it").click()
    expect(page.get_by_role("heading", name="Who acts for it")).to_be_visible()


def an_invitation(page: Page) -> None:
    """A colleague about to be invited."""
    the_people(page)
    page.get_by_role("link", name="Invite a colleague").click()
    expect(page.get_by_role("button", name="Send the invitation")).to_be_visible()


@dataclass(frozen=True)
class Place:
    """A page with an address, or one that is reached by doing something; `aside` is off the way through."""

    name: str
    path: str = ""
    way: Callable[[Page], None] | None = None
    aside: bool = False

    def visit(self, page: Page) -> None:
        """Go there."""
        if self.way is not None:
            self.way(page)
            return
        answer = page.goto(self.path)
        assert answer is not None
        assert answer.status == 200, f"{self.name}: {answer.status}"


PLACES = {
    "visitor": [
        Place("home", "/"),
        Place("consultation", CONSULTATION),
        Place("text", f"{CONSULTATION}text/"),
        Place("principle", f"{CONSULTATION}principles/6/"),
        Place("principle's earlier text", f"{CONSULTATION}principles/6/?version=1", aside=True),
        Place("changes", f"{CONSULTATION}principles/6/changes/1..2/", aside=True),
        Place("changes of the whole text", f"{CONSULTATION}text/changes/", aside=True),
        Place("principle in two languages", f"{CONSULTATION}principles/6/?beside=ar", aside=True),
        Place("text in two languages", f"{CONSULTATION}text/?beside=fr", aside=True),
        Place("comment", f"{CONSULTATION}comments/P6-1/"),
        Place("endorsements", f"{CONSULTATION}endorsements/"),
        Place("endorsements in figures", f"{CONSULTATION}endorsements/figures/", aside=True),
        Place("a certificate", f"{CONSULTATION}endorsements/certificates/{INSTITUTION}/", aside=True),
        Place("participation", f"{CONSULTATION}participation/"),
        Place("digests", f"{CONSULTATION}digests/"),
        Place("history", f"{CONSULTATION}history/", aside=True),
        Place("moderation in figures", f"{CONSULTATION}transparency/", aside=True),
        Place("policy", f"{CONSULTATION}policy/", aside=True),
        Place("institutions", "/institutions/"),
        Place("institution", f"/institutions/{INSTITUTION}/", aside=True),
        Place("search", "/search/?q=work", aside=True),
        Place("about", "/about/", aside=True),
        Place("privacy", "/privacy/", aside=True),
        Place("sign-in", "/accounts/login/"),
        Place("sign-up", "/accounts/signup/"),
        Place("sign-in by code", "/accounts/login/code/", aside=True),
    ],
    "applicant": [
        Place("institution that waits", "/institutions/estuary-school-of-slow-reading/"),
        Place("evidence", "/institutions/estuary-school-of-slow-reading/evidence/", aside=True),
    ],
    "signatory": [
        Place("flag a comment", f"{CONSULTATION}comments/P6-1/flag/", aside=True),
        Place("desk", "/desk/"),
        Place("principle", f"{CONSULTATION}principles/3/"),
        Place("comment", f"{CONSULTATION}comments/P6-2/"),
        Place("writing", f"{CONSULTATION}write/?principle=6"),
        Place("comment looked over", way=a_comment_looked_over, aside=True),
        Place("endorsing", f"{CONSULTATION}principles/6/endorse/"),
        Place("position looked over", way=a_position_looked_over, aside=True),
        Place("endorsing the whole text", f"{CONSULTATION}endorse/", aside=True),
        Place("endorsing the whole text looked over", way=a_sheet_looked_over, aside=True),
        Place("re-affirming", f"{CONSULTATION}reaffirm/", aside=True),
        Place("receipt", way=a_receipt, aside=True),
        Place("own positions", way=own_positions, aside=True),
        Place("own position", way=an_own_position, aside=True),
        Place("registration", "/institutions/new/"),
        Place("registration with mistakes", way=a_registration_with_mistakes, aside=True),
        Place("registration like another", way=a_registration_like_another, aside=True),
        Place("digest", way=a_digest),
        Place("people", way=the_people, aside=True),
        Place("invitation", way=an_invitation, aside=True),
        Place("settings", "/accounts/settings/", aside=True),
        Place("tokens", "/accounts/tokens/", aside=True),
        Place("second factor", "/accounts/2fa/", aside=True),
        Place("browsers", "/accounts/sessions/", aside=True),
        Place("my data", "/accounts/data/", aside=True),
    ],
    "moderator": [
        Place("queue", "/moderation/"),
        Place("languages one reads", "/moderation/languages/", aside=True),
        Place("notes on a case", way=notes_on_a_case, aside=True),
        Place("case", way=a_case),
        Place("case taken", way=a_case_taken),
        Place("several cases", "/moderation/many/", aside=True),
    ],
    "registrar": [
        Place("registry", "/registry/"),
        Place("registration", way=a_registration),
        Place("registered names like this one", "/registry/?q=institute", aside=True),
        Place("institution that was verified", f"/registry/{INSTITUTION}/", aside=True),
        Place("suspension looked over", way=a_suspension_looked_over, aside=True),
        Place("public data of an institution", f"/registry/{INSTITUTION}/data/", aside=True),
        Place("merger", way=a_merger, aside=True),
        Place("merger looked over", way=a_merger_looked_over, aside=True),
        Place("secretariat", "/secretariat/", aside=True),
        Place("secretariat's consultation", "/secretariat/global-ai-governance/", aside=True),
        Place("opinion to ask for", way=an_opinion_to_ask_for, aside=True),
        Place("new consultation", "/secretariat/new/", aside=True),
        Place("facts of a consultation", "/secretariat/global-ai-governance/facts/", aside=True),
        Place("words of a consultation", "/secretariat/global-ai-governance/facts/?language=ar", aside=True),
        Place("signals of a consultation", "/secretariat/global-ai-governance/signals/", aside=True),
        Place("audit of a consultation", "/secretariat/global-ai-governance/audit/", aside=True),
        Place("looks in a consultation", "/secretariat/global-ai-governance/audit/?show=looks", aside=True),
        Place("policy of a consultation", "/secretariat/global-ai-governance/policy/", aside=True),
        Place("clause of a policy", "/secretariat/global-ai-governance/policy/?clause=1", aside=True),
        Place("preview of a consultation", "/secretariat/global-ai-governance/preview/", aside=True),
        Place("principles", "/secretariat/global-ai-governance/principles/", aside=True),
        Place("new principle", "/secretariat/global-ai-governance/principles/new/", aside=True),
        Place(
            "text of a principle", "/secretariat/global-ai-governance/principles/3/?language=ar", aside=True
        ),
        Place("version looked over", way=a_version_looked_over, aside=True),
        Place(
            "withdrawing a principle", "/secretariat/global-ai-governance/principles/3/withdraw/", aside=True
        ),
        Place("rounds", "/secretariat/global-ai-governance/rounds/", aside=True),
        Place("round", "/secretariat/global-ai-governance/rounds/1/", aside=True),
        Place("importing a text", "/secretariat/global-ai-governance/import/", aside=True),
        Place("roles in a consultation", "/secretariat/global-ai-governance/roles/", aside=True),
        Place("late admissions", "/secretariat/global-ai-governance/late/", aside=True),
        Place("merging comments", "/secretariat/global-ai-governance/merging/", aside=True),
        Place("a letter", "/secretariat/global-ai-governance/endorsements/record/", aside=True),
    ],
    "administrator": [
        Place("set-up check", "/site/", aside=True),
        Place("roles of the site", "/site/roles/", aside=True),
        Place("pages of the site", "/site/pages/", aside=True),
        Place("a page of the site", "/site/pages/privacy/", aside=True),
    ],
}


def on_the_way(name: str) -> list[Place]:
    """The places of one of READERS that everybody comes by; those aside are for `make test-long`."""
    return [place for place in PLACES[name] if not place.aside]


def reader(browsing: Browsing, name: str, **options: object) -> Page:
    """A window of one of READERS."""
    address = READERS[name]
    return browsing.person(address, **options) if address else browsing.visitor(**options)
