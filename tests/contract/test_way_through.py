"""The way through by HTTP alone: from reading a text to a digest that quotes what was said.

Once on the text that is shipped, once on another one: nothing but its loader knows a text's name.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pypdf
import pytest
from django.core import mail
from django.core.management import call_command

from consultation.kit import clock
from consultation.site.queries import current_terms
from consultation.texts.actions import load_text
from consultation.texts.models import Consultation
from consultation.texts.source import read_folder
from tests import factories as make
from tests import worker
from tests.contract.program import Program
from tests.faults.visitor import Visitor, forms

pytestmark = pytest.mark.django_db(transaction=True)
ANOTHER = Path(__file__).parent.parent / "texts" / "three-principles"
EMAIL = "ada@springs.example"
BODY = "We ask that whoever decides says **why**, in writing."


@dataclass(frozen=True)
class Text:
    """A text, and what is true of it."""

    slug: str
    principles: int
    language: str


def shipped() -> Text:
    call_command("load_initiative", verbosity=0)
    consultation = Consultation.objects.get()
    return Text(consultation.slug, 10, "en")


def another() -> Text:
    call_command("load_initiative", verbosity=0)
    consultation = load_text(None, source=read_folder(ANOTHER), at=clock.now())
    return Text(consultation.slug, 3, "ar")


def sign_up(site: str) -> None:
    """Somebody makes an account with the forms of the site and confirms the address."""
    somebody = Visitor(site)
    form = somebody.form(somebody.get("/accounts/signup/"), "email", "password1")
    fields = {"name": "Ada", "email": EMAIL, "password1": make.PASSWORD, "password2": make.PASSWORD}
    somebody.send(form, **fields, terms=current_terms("en").pk)
    [link] = re.findall(r"/accounts/confirm-email/[^\s/]+/", mail.outbox[-1].body)
    page = somebody.get(link)
    somebody.send(next(each for each in forms(page) if "/confirm-email/" in each.url))


def with_token(site: str, email: str) -> Program:
    """A program that acts for a person, with a token as the command prints it."""
    out = StringIO()
    call_command("api_token", email, stdout=out)
    return Program(site, out.getvalue().strip())


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


@pytest.mark.parametrize("load", [shipped, another])
def test_the_way_through(load, live_server, tmp_path):
    text = load()
    visitor, consultation = Program(live_server.url), f"consultations/{text.slug}/"

    assert visitor.get(consultation)["state"] == "open"
    principles = visitor.get(f"{consultation}principles/?language={text.language}")["results"]
    assert [each["number"] for each in principles] == list(range(1, text.principles + 1))
    third = visitor.get(f"{consultation}principles/3/?language={text.language}")
    assert third == principles[2]
    assert third["language"] == text.language

    sign_up(live_server.url)
    ada = with_token(live_server.url, EMAIL)
    given = {"name": "Academy of Springs", "country": "KE", "type": "academy", "website": "springs.example"}
    academy = ada.post("institutions/", given, status=201)
    assert (academy["state"], academy["warnings"]) == ("pending", [])
    [mandate] = ada.get("me/")["mandates"]
    assert (mandate["institution"], len(mandate["powers"])) == (academy["slug"], 3)

    registrar = with_token(live_server.url, make.registrar().email)
    assert [each["slug"] for each in registrar.get("institutions/?state=pending")["results"]] == [
        academy["slug"]
    ]
    verified = registrar.post(f"institutions/{academy['slug']}/verify/", {"how": "domain"}, status=200)
    assert visitor.get(f"institutions/{academy['slug']}/") == verified

    comment = {
        "institution": academy["slug"],
        "principle": 3,
        "kind": "technical",
        "body": BODY,
        "passage": {"exact": third["body"][:40]},
        "language": "en",
    }
    written = ada.post(f"{consultation}comments/", comment, status=201)
    assert re.fullmatch(r"P3-\d+", written["reference"])
    assert written["state"] == "pending"
    address = f"comments/{text.slug}/{written['reference']}/"
    assert visitor.ask("GET", address).status == 404

    moderator = with_token(live_server.url, make.moderator(Consultation.objects.get(slug=text.slug)).email)
    case = moderator.post("moderation/claim/", {"consultation": text.slug}, status=200)
    assert (case["subject"]["reference"], case["subject"]["text"]) == (written["reference"], BODY)
    moderator.post(f"moderation/cases/{case['id']}/decide/", {"action": "approve"}, status=200)
    published = visitor.get(address)
    assert (published["state"], published["body"]) == ("published", BODY)
    assert visitor.get(f"{consultation}comments/?principle=3&q=whoever")["results"] == [published]

    position = {
        "institution": academy["slug"],
        "principle": 3,
        "version": third["version"],
        "position": "endorse",
    }
    signed = ada.post(f"{consultation}endorsements/", position, status=201)
    assert signed["state"] == "signed"
    assert visitor.get(f"{consultation}principles/3/")["endorsements"]["endorse"] == 1
    figures = visitor.get(f"participation/{text.slug}/")
    assert figures["totals"] == {"institutions": 1, "countries": 1, "comments": 1, "endorsements": 1}

    question = {"formats": ["pdf", "csv"], "language": text.language}
    asked = visitor.post(f"{consultation}digests/", question, status=202)
    assert (asked["state"], asked["progress"], asked["files"]) == ("queued", 0, [])
    with worker.running(tmp_path / "worker.log"):
        ready = visitor.until(f"digests/{asked['id']}/", lambda each: each["state"] == "ready", seconds=90)
    assert (ready["progress"], [each["format"] for each in ready["files"]]) == (100, ["pdf", "csv"])
    assert visitor.get(f"{consultation}digests/")["results"] == [ready]

    files = {each["format"]: visitor.ask("GET", each["url"]) for each in ready["files"]}
    for each in ready["files"]:
        file = files[each["format"]]
        assert file.status == 200
        assert (len(file.content), hashlib.sha256(file.content).hexdigest()) == (
            each["bytes"],
            each["sha256"],
        )
        assert file.headers["Content-Disposition"].startswith("attachment; ")
    with zipfile.ZipFile(io.BytesIO(files["csv"].content)) as archive:
        [said] = rows(archive, "comments.csv")
        [endorsed] = rows(archive, "endorsements.csv")
    assert (said["reference"], said["body"], said["institution"]) == (
        written["reference"],
        BODY,
        academy["slug"],
    )
    assert (endorsed["institution"], endorsed["principle"], endorsed["position"]) == (
        academy["slug"],
        "3",
        "endorse",
    )
    printed = "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["pdf"].content)).pages
    )
    assert written["reference"] in printed
    assert "Academy of Springs" in printed
