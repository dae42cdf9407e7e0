"""The way through the whole house: from creating a consultation to a digest that says who said what."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, expect
from pypdf import PdfReader

from tests.journeys import acts, preparing
from tests.journeys.browsing import Browsing
from tests.journeys.site import Site

ADDRESS, PASSWORD = "mira@lagoon-academy.example", "a lagoon under the moon"
SLUG = "lake-charter"
PLACE = f"/consultations/{SLUG}/"
MODERATOR = "moderator1@demo.example"
INSTITUTION = "Lagoon Academy of Patient Sciences"
WORDS = "Let every gain be told to those who made it, in words they chose."
# Two sections and six files, on a machine that runs the other tests meanwhile.
PATIENCE = 90_000
TWO_MINUTES = 120


def test_from_creating_a_consultation_in_arabic_to_a_digest_with_a_comment_and_an_endorsement_in_it(
    browsing: Browsing, site: Site, tmp_path: Path
) -> None:
    mira = browsing.visitor()

    preparing.a_consultation(browsing.person("secretariat@demo.example"), SLUG, MODERATOR)
    read_the_principles(mira)
    begun, forms = time.monotonic(), sent_forms(mira)
    sign_up(mira, site)
    register_an_institution(mira)
    # Two forms to fill in, and between them the button that confirms the address.
    assert forms == ["/accounts/signup/", "/accounts/confirm-email/", "/institutions/new/"]
    assert time.monotonic() - begun < TWO_MINUTES
    verify_it(browsing.person("secretariat@demo.example"))
    reference = comment_on_principle_three(mira)
    approve(browsing.person(MODERATOR), reference)
    find_it_public(browsing.visitor(), reference)
    endorse_principle_three(mira)
    files = ask_for_a_digest(browsing.visitor(), tmp_path)

    assert WORDS in words_of_pdf(files["PDF"])
    assert INSTITUTION in words_of_pdf(files["PDF"])
    rows = rows_of(files["Data (CSV)"], "comments.csv")
    assert [row["body"] for row in rows if row["reference"] == reference] == [WORDS]
    signed = [
        (row["principle"], row["position"])
        for row in rows_of(files["Data (CSV)"], "endorsements.csv")
        if row["institution_name"] == INSTITUTION
    ]
    assert signed == [("3", "endorse")]


def sent_forms(page: Page) -> list[str]:
    """The addresses of the forms that are sent from now on, without the key of a confirmation."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request() and request.method == "POST":
            sent.append(re.sub(r"(?<=/confirm-email/).*", "", urlsplit(request.url).path))

    page.on("request", note)
    return sent


def read_the_principles(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=preparing.TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(preparing.TITLE)
    principles = page.get_by_role("main").get_by_role("link", name=re.compile(r"^Principle \d+:"))
    expect(principles).to_have_count(3)
    principles.nth(2).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Principle 3:"))
    expect(page.get_by_text("ولا يُنشر قبل ذلك.")).to_be_visible()
    page.get_by_role("link", name="The whole text").click()
    expect(page.get_by_role("heading", name=re.compile(r"^\d+\. "))).to_have_count(3)


def sign_up(page: Page, site: Site) -> None:
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Your name").fill("Mira Castellanos")
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("checkbox", name="I have read the terms and accept them.").check()
    page.get_by_role("button", name="Make this account").click()
    expect(page.get_by_role("heading", level=1, name="Confirm your address")).to_be_visible()

    letter = site.letter_to(ADDRESS, about="Confirm your address")
    link = re.search(r"http\S+/accounts/confirm-email/\S+", letter)
    assert link is not None
    page.goto("/dev/mail/")
    page.get_by_role("row").filter(has_text=ADDRESS).first.get_by_role("link").click()
    page.get_by_role("link", name=link.group()).click()
    page.get_by_role("button", name="Confirm this address").click()
    sign_in_if_asked(page)


def sign_in_if_asked(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Confirm your address")
    field = page.get_by_label("Password", exact=True)
    if field.is_visible():
        page.get_by_label("Email").fill(ADDRESS)
        field.fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="My desk")).to_be_visible()


def register_an_institution(page: Page) -> None:
    page.goto("/desk/")
    link = page.get_by_role("main").get_by_role("link", name="Register your institution")
    expect(link).to_have_attribute("href", "/institutions/new/")
    acts.register(page, INSTITUTION, "lagoon-academy.example")


def verify_it(registrar: Page) -> None:
    registrar.goto("/registry/")
    registrar.get_by_role("link", name=INSTITUTION).click()
    expect(registrar.get_by_text(ADDRESS)).to_be_visible()
    registrar.get_by_role("radio", name="a confirmed address at its domain").check()
    registrar.get_by_role("button", name="Verify this institution").click()
    expect(registrar.get_by_text(f"{INSTITUTION} is verified.")).to_be_visible()


def comment_on_principle_three(page: Page) -> str:
    acts.write_comment(page, 3, WORDS, place=PLACE)
    reference = acts.send(page)
    assert reference.startswith("P3-")
    return reference


def approve(moderator: Page, reference: str) -> None:
    moderator.goto("/moderation/")
    moderator.get_by_role("link", name=re.compile(rf"^{reference}\b")).click()
    moderator.get_by_role("button", name="Take this case").click()
    expect(moderator.get_by_role("article").get_by_text(WORDS)).to_be_visible()
    moderator.get_by_role("radio", name=re.compile("^Approve")).check()
    moderator.get_by_role("button", name="Approve and publish").click()
    expect(moderator.get_by_text(f"Comment {reference} was approved.")).to_be_visible()


def find_it_public(visitor: Page, reference: str) -> None:
    acts.open_principle(visitor, 3, place=PLACE)
    card = visitor.get_by_role("article").filter(has=visitor.get_by_role("link", name=reference, exact=True))
    expect(card).to_contain_text(WORDS)
    expect(card).to_contain_text(INSTITUTION)


def endorse_principle_three(page: Page) -> None:
    acts.open_principle(page, 3, place=PLACE)
    page.get_by_role("link", name="Endorse this text").click()
    page.get_by_role("radio", name="Endorse", exact=True).check()
    page.get_by_role("button", name="Look it over before signing").click()
    acts.sign(page)


def ask_for_a_digest(visitor: Page, folder: Path) -> dict[str, Path]:
    visitor.goto(f"{PLACE}digests/")
    visitor.get_by_label("About").select_option(value="3")
    visitor.get_by_role("button", name="Build this digest").click()
    expect(visitor.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(visitor.get_by_role("link", name="PDF", exact=True)).to_be_visible(timeout=PATIENCE)
    return {label: download(visitor, label, folder) for label in ("PDF", "Data (CSV)")}


def download(visitor: Page, label: str, folder: Path) -> Path:
    with visitor.expect_download() as started:
        visitor.get_by_role("link", name=label, exact=True).first.click()
    target = folder / started.value.suggested_filename
    started.value.save_as(target)
    return target


def words_of_pdf(file: Path) -> str:
    """All words of a PDF, whatever lines and pages they were set on."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())


def rows_of(file: Path, table: str) -> list[dict[str, str]]:
    """A table of a digest's data."""
    with zipfile.ZipFile(file) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(table).decode("utf-8-sig"))))
