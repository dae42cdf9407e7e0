"""No phrase that was planted in a text is met by anybody who may not read that text, through no address.

`garden` says which phrases there are, `sowing` and `standing` into which texts and states they go, `doors`
which addresses are asked: each that the resolver and the OpenAPI document know. A new address that names
something new fails until `doors` says what.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest
from django.test import Client, override_settings

from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.record.queries import newest_public
from tests import factories as make
from tests.contract.calls import visitor
from tests.pages.page import read
from tests.planted import doors, sowing
from tests.planted.garden import PERSONAS
from tests.planted.reading import content
from tests.planted.world import World, planted

pytestmark = pytest.mark.usefixtures("on_top")
DATA = ["csv", "json", "html"]
# What readers look at while everything is there, and what is kept of it for the next one.
KEPT = ("", "text/", "principles/1/", "participation/", "endorsements/", "transparency/", "history/")
OFTEN = 10**6
# Positions that were given up: what was said with them is history, and is told by no page of today.
HISTORY = {
    "statement, contested",
    *(f"statement, withdrawn, reason {state}" for state in ("waiting", "refused", "released")),
}


@pytest.fixture(scope="module")
def world(kept: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with override_settings(
        MEDIA_ROOT=str(tmp_path_factory.mktemp("files")),
        TRANSLATOR_URL="http://127.0.0.1:9/",
        API_CALLS_A_MINUTE={"person": OFTEN, "visitor": OFTEN},
    ):
        world = planted()
        world.build(DATA, ["en"])
        until = newest_public(world.consultation.pk)
        for page in KEPT:
            assert Client().get(f"/consultations/planted/{page}").status_code == 200
        world.happen()
        world.build(DATA, ["en"])
        world.build(DATA, ["fr"], until=until)
        yield world


def every_address(world: World, *, sample: bool = True, formats: Iterable[str] = DATA) -> list[str]:
    """Every address of the site, with what it names in this world."""
    calls = visitor().get("schema/").json()["paths"]
    return list(doors.addresses(world.values(list(formats), sample=sample), calls))


def browser_of(world: World, persona: str) -> Client:
    """A browser in which this kind of person just gave the password."""
    client = Client()
    person = world.people[persona]
    if person is not None:
        client.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD})
        client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
        client.force_login(person)
    return client


def met_by(world: World, persona: str, addresses: Iterable[str]) -> dict[str, str]:
    """The phrases that somebody meets, with the address where they did first."""
    client, met = browser_of(world, persona), dict[str, str]()
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code != 429, address
        for phrase in world.garden.met(content(answer)):
            met.setdefault(phrase.what, address)
    return met


def leaked(world: World, persona: str, met: dict[str, str]) -> dict[str, str]:
    """What somebody met who may not."""
    may = world.garden.may_read(persona)
    return {what: address for what, address in met.items() if what not in may}


def sampled(world: World, persona: str) -> set[str]:
    """What this kind of person has to meet where only a sample of comments is asked for by name."""
    kinds = ("body", "proposal", "translated body", "translated proposal")
    named = {f"{kind}, {state}" for kind in kinds for state in sowing.SAMPLE}
    return named & world.garden.may_read(persona)


def test_no_phrase_is_met_by_those_who_may_not_read_it_and_each_by_those_who_may(world: World) -> None:
    addresses = every_address(world)
    assert len(addresses) > 300
    # Those who may read it look first: what is kept for the next reader is not theirs.
    own = [each for each in addresses if "/comments/" in each or each.startswith("/desk/")]
    met = met_by(world, "ours", own)
    assert leaked(world, "ours", met) == {}
    assert sampled(world, "ours") - set(met) == set()
    # What a colleague elsewhere is told as well is at their desk, in lists and by programs.
    others = [each for each in addresses if each.startswith("/api/") or "/consultations/" not in each]
    for persona, asked in (("visitor", addresses), ("other", others)):
        met = met_by(world, persona, asked)
        assert leaked(world, persona, met) == {}
        assert sampled(world, persona) - set(met) == set()
        assert persona == "other" or world.garden.may_read(persona) - set(met) - HISTORY == set()


def test_no_mail_tells_a_phrase_to_those_who_may_not_read_it(world: World) -> None:
    told: set[str] = set()
    for message in Message.objects.select_related("person"):
        said = json.dumps([message.context, message.subject, message.body]).encode()
        hats = world.hats(message.person) if message.person else {"visitor"}
        for phrase in world.garden.met(said):
            assert phrase.readers & hats, (phrase.what, message.kind)
            told.add(phrase.what)
    assert {"message, rejected", "message, hidden", "reason for contesting"} <= told


def test_the_record_holds_no_phrase(world: World) -> None:
    rows = json.dumps(list(Entry.objects.values()), default=str).encode()
    assert world.garden.met(rows) == []


def test_what_says_nearly_the_same_is_offered_only_where_it_is_public(world: World) -> None:
    client, write = browser_of(world, "other"), "/consultations/planted/write/?principle=1"
    offered = set[str]()
    for state in ("pending", "hidden", "for the secretariat only", "edit that waits", "public"):
        # But for their last letters, so that what is typed is not what is met.
        body, proposal = (
            world.garden.phrases[f"{kind}, {state}"].needles[0].decode()[:-1] for kind in ("body", "proposal")
        )
        typed = {
            "body": f"We ask for a register that everybody may read: quillon {body}.",
            "proposed_text": f"Registers are kept, quillon {proposal}.",
            "do": "look",
        }
        form = read(client.get(write)).form("look").filled(**typed)
        offered |= {phrase.what for phrase in world.garden.met(client.post(write, form).content)}
    assert "body, public" in offered
    assert leaked(world, "other", dict.fromkeys(offered, write)) == {}


@pytest.mark.long
def test_every_comment_position_and_case_by_its_name_in_every_kind_of_file(world: World) -> None:
    formats = ["html", "pdf", "docx", "xlsx", "csv", "json"]
    world.build(formats, ["en", "fr"])
    addresses = every_address(world, sample=False, formats=formats)
    for persona in PERSONAS[::-1]:
        prefixed = [f"/fr{each}" for each in addresses if each.startswith("/consultations/")]
        met = met_by(world, persona, addresses if persona != "visitor" else [*addresses, *prefixed])
        assert leaked(world, persona, met) == {}, persona


def test_addresses_that_name_something_new_must_say_what(world: World) -> None:
    values = world.values(DATA, sample=True)
    with pytest.raises(LookupError, match="NAMES"):
        doors.filled("consultations/<slug:slug>/petitions/<uuid:pk>/", values)
    calls = {"/api/v1/news/": {"get": {"parameters": [{"in": "query", "name": "mood"}]}}}
    with pytest.raises(LookupError, match="mood"):
        list(doors.questions("api/v1/news/", values, calls))
