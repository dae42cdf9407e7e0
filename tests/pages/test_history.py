"""The public record as a page and as a feed: a sentence for every kind, filters as addresses, no leak."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from consultation.kit import clock
from consultation.pages.reading import events, history
from consultation.record.models import Entry
from consultation.standing.actions import extend_round
from consultation.texts import actions as texts
from consultation.texts.rounds import RoundPlan
from tests import factories as make
from tests.comments.acts import hide, withdraw
from tests.pages.page import read

ATOM = "{http://www.w3.org/2005/Atom}"
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
# What is told of the site as a whole stands in the site's own record.
OF_THE_SITE = {"institution", "page", "demonstration"}
# Named beside public ones in one expression, and never public itself.
PRIVATE = {"clause.drafted"}
DAY = timedelta(days=1)


def public_kinds() -> set[str]:
    """The kinds of all public entries that the code of the two apps can write."""
    found: set[str] = set()
    for folder in ("accounts", "consultation"):
        for path in (Path(settings.BASE_DIR) / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= set(_kinds_in(ast.parse(path.read_text())))
    return {kind for kind in found - PRIVATE if kind.split(".")[0] not in OF_THE_SITE}


def _kinds_in(module: ast.Module) -> Iterator[str]:
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record" and _public(call):
                named = call.args[1]
                # A kind in a variable is one of those that its function names, or its callers in the module.
                yield from _kinds(named) or _kinds(function) or _kinds(module)


def _public(call: ast.Call) -> bool:
    given = {each.arg: each.value for each in call.keywords}
    value = given.get("public")
    return value is not None and not (isinstance(value, ast.Constant) and value.value is False)


def _kinds(place: ast.AST) -> list[str]:
    words = [each.value for each in ast.walk(place) if isinstance(each, ast.Constant)]
    return [each for each in words if isinstance(each, str) and KIND.fullmatch(each)]


def test_every_public_kind_of_entry_has_a_sentence_and_one_group():
    kinds = public_kinds()
    assert {"version.published", "round.extended", "cosignature.vanished", "comment.moved"} <= kinds
    assert kinds - set(events.TELLERS) == set()
    for kind in kinds:
        groups = [group for group in history.GROUPS if kind in (history.kinds_of(group) or [])]
        assert len(groups) == 1, kind


@pytest.fixture
def lively(consultation):
    """A consultation in which something of every group happened, and something was hidden."""
    first = make.verified_institution("First Academy", country="KE")
    second = make.verified_institution("Second Academy", country="NO")
    comment = make.comment(consultation, first, body="Unspeakable words.")
    make.cosign(comment, second)
    hide(comment)
    withdraw(make.comment(consultation, second, principle=2, body="Unspeakable too."))
    make.endorsement(consultation, first, principle=2)
    make.new_version(consultation, 2)
    boss, round_ = make.secretariat(consultation), consultation.rounds.get()
    plan = RoundPlan(round_.closes_at + 9 * DAY, round_.closes_at + 19 * DAY, ["comment"])
    coming = texts.add_round(boss, consultation_id=consultation.pk, plan=plan, at=clock.now())
    texts.change_round(boss, round_id=coming.pk, plan=RoundPlan(**_later(plan)), at=clock.now())
    texts.remove_round(boss, round_id=coming.pk, at=clock.now())
    extend_round(
        boss,
        round_id=round_.pk,
        closes_at=round_.closes_at + DAY,
        reasons={"en": "Many asked."},
        at=clock.now(),
    )
    return consultation


def _later(plan: RoundPlan) -> dict[str, object]:
    return {"opens_at": plan.opens_at + DAY, "closes_at": plan.closes_at, "acts": ["discuss"]}


def numbers(response) -> list[int]:
    return [int(each[1:]) for each in read(response).ids if re.fullmatch(r"e\d+", each)]


@pytest.mark.usefixtures("on_top")
def test_what_an_address_asks_for_is_what_the_page_and_the_feed_tell(client, lively, home):
    public = Entry.objects.filter(stream=lively.pk, public=True).order_by("-number")
    today = clock.now().astimezone(ZoneInfo(lively.zone)).date()
    first = Entry.objects.filter(kind="comment.appeared").order_by("number").first()
    cases = {
        "": public,
        "?kind=rounds": public.filter(kind__startswith="round."),
        "?kind=text": public.filter(kind__in=["version.published", "consultation.published"]),
        "?kind=cosignatures": public.filter(kind__startswith="cosignature."),
        "?principle=2": public.filter(principle=2),
        "?principle=2&kind=endorsements": public.filter(principle=2, kind__startswith="endorsement."),
        "?institution=first-academy": public.filter(institution=first.institution),
        "?institution=nobody": public.none(),
        f"?from={today}": public,
        f"?to={today - DAY}": public.none(),
        f"?from={today + DAY}": public.none(),
        # What is not known is passed over.
        "?kind=nonsense&principle=x&from=2026-99-99&to=%00": public,
    }
    for query, wanted in cases.items():
        expected = list(wanted.values_list("number", flat=True))
        assert numbers(client.get(f"{home}history/{query}")) == expected, query
        feed = ET.fromstring(client.get(f"{home}feed.atom{query}").content)
        ids = [each.findtext(f"{ATOM}id") for each in feed.findall(f"{ATOM}entry")]
        assert [int(each.rpartition("#e")[2]) for each in ids] == expected, query
    text = read(client.get(f"{home}history/?institution=nobody")).text
    assert "Nothing of this kind has happened." in text
    assert "Round 2 was removed before it opened." in read(client.get(f"{home}history/?kind=rounds")).text


@pytest.mark.usefixtures("on_top")
def test_no_word_of_what_is_hidden_or_withdrawn_and_no_name_of_a_suspended_institution(client, lively, home):
    suspended = make.verified_institution("Third Academy")
    make.comment(lively, suspended, body="Unspeakable thrice.")
    make.suspend(suspended)
    for address in ("history/", "feed.atom"):
        said = client.get(home + address).content.decode()
        assert "Unspeakable" not in said
        assert "Third Academy" not in said
        assert "First Academy" in said
        assert "P1-1 is no longer shown." in said


@pytest.mark.usefixtures("on_top")
def test_each_choice_is_a_feed_of_its_own_with_all_that_atom_asks_for(client, lively, home):
    seen = set()
    for query in ("", "?kind=rounds", "?kind=rounds&principle=", "?principle=2"):
        response = client.get(f"{home}feed.atom{query}")
        feed = ET.fromstring(response.content)
        # RFC 4287, 4.1.1 and 4.1.2.
        for name in ("id", "title", "updated"):
            assert feed.findtext(ATOM + name)
        assert feed.find(f"{ATOM}author/{ATOM}name") is not None
        links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
        assert links["self"].endswith(f"{home}feed.atom{query.removesuffix('&principle=')}")
        assert links["alternate"].endswith(f"{home}history/{query.removesuffix('&principle=')}")
        seen.add(feed.findtext(f"{ATOM}id"))
        for entry in feed.findall(f"{ATOM}entry"):
            for name in ("id", "title", "updated"):
                assert entry.findtext(ATOM + name)
            assert entry.find(f"{ATOM}link").get("href").startswith("http")
    assert len(seen) == 3


@pytest.mark.usefixtures("on_top")
def test_pages_of_a_choice_go_on_without_a_gap(client, lively, home, monkeypatch):
    monkeypatch.setattr(history, "SIZE", 2)
    found, address = [], f"{home}history/?principle=2"
    while address:
        response = client.get(address)
        found += numbers(response)
        onward = re.search(r'hx-get="([^"]+)"', response.content.decode())
        address = unescape(onward[1]) if onward else ""
    wanted = Entry.objects.filter(stream=lively.pk, public=True, principle=2).order_by("-number")
    assert len(found) > 3
    assert found == list(wanted.values_list("number", flat=True))


@pytest.mark.usefixtures("on_top")
@pytest.mark.parametrize("number", [1, 3])
def test_the_history_takes_as_many_queries_for_much_as_for_little(
    client, consultation, home, number, django_assert_num_queries
):
    boss, round_ = make.secretariat(consultation), consultation.rounds.get()
    for each in range(1, number + 1):
        comment = make.comment(consultation, principle=each)
        make.cosign(comment)
        make.endorsement(consultation, principle=each)
        extend_round(
            boss,
            round_id=round_.pk,
            closes_at=round_.closes_at + each * DAY,
            reasons={"en": "Because."},
            at=clock.now(),
        )
    client.get(home)
    # The consultation and its rounds (2), the stamp (2), a page of entries, what they name (institutions,
    # comments, co-signatures, positions, extensions: 5), and for the filters institutions and principles (2).
    with django_assert_num_queries(12):
        assert client.get(f"{home}history/").status_code == 200
