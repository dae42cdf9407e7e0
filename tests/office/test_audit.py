"""What the secretariat is told of acts and of looks, and how it switches signals."""

import csv
import io

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from consultation.moderation import queries
from consultation.moderation.models import Look
from consultation.record.models import Entry
from tests import factories as make
from tests.comments.acts import hide
from tests.contract.calls import by

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation("rivers", languages=("en",))


@pytest.fixture(scope="module")
def desk(consultation):
    return signed_in(make.secretariat(consultation))


@pytest.fixture(scope="module")
def words(consultation):
    """One comment of each kind that is not public, one that is, and a statement that waits."""
    institution = make.verified_institution()
    return {
        "public": make.comment(consultation, institution),
        "waiting": make.pending_comment(consultation, institution),
        "hidden": hide(make.comment(consultation, institution)),
        "secretariat": make.comment(consultation, institution, visibility="secretariat"),
        "statement": make.endorsement(consultation, institution, statement="We agree, with care."),
    }


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def looks():
    return [
        (each.person, each.item_id, each.revision, each.door)
        for each in Look.objects.order_by("pk").select_related("person")
    ]


def test_every_look_at_what_is_not_public_is_kept_whatever_the_door(consultation, words):
    observer, institution = make.observer(consultation), words["public"].institution
    page, program = signed_in(observer), by(observer)
    home = "/consultations/rivers/comments/"
    expected = []
    for name in ("waiting", "hidden", "secretariat"):
        reference, item = words[name].reference, words[name].item_id
        assert page.get(f"{home}{reference}/").status_code == 200
        assert program.get(f"comments/rivers/{reference}/").status_code == 200
        assert program.get(f"comments/rivers/{reference}/revisions/").status_code == 200
        expected += [(observer, item, 1, "page"), (observer, item, 1, "api"), (observer, item, 1, "api")]
    for name in ("waiting", "statement"):
        case = words[name].item.cases.get(closed_at=None)
        assert page.get(f"/moderation/cases/{case.pk}/").status_code == 200
        assert program.get(f"moderation/cases/{case.pk}/").status_code == 200
        expected += [(observer, words[name].item_id, 1, "page"), (observer, words[name].item_id, 1, "api")]
    assert looks() == expected
    listed = {row["subject"]["reference"] for row in program.get("moderation/cases/").json()["results"]}
    assert len(listed) == 2
    assert {item for _who, item, _revision, _door in looks()[len(expected) :]} == {
        words["waiting"].item_id,
        words["statement"].item_id,
    }
    moderator = make.moderator(consultation)
    taken = by(moderator).post("moderation/claim/").json()["subject"]["reference"]
    assert looks()[-1][0] == moderator
    assert taken in listed
    before = Look.objects.count()
    own = make.manager(institution)
    for reader in (signed_in(own), page, Client()):
        reader.get(f"{home}{words['public'].reference}/")
    signed_in(own).get(f"{home}{words['waiting'].reference}/")
    by(own).get(f"comments/rivers/{words['hidden'].reference}/revisions/")
    program.get(f"comments/rivers/{words['public'].reference}/revisions/")
    page.get("/moderation/")
    Client().get(f"{home}{words['hidden'].reference}/")
    assert Look.objects.count() == before


def test_no_look_can_be_changed_or_deleted_but_a_person_is_forgotten(consultation, words):
    observer = make.observer(consultation)
    signed_in(observer).get(f"/consultations/rivers/comments/{words['waiting'].reference}/")
    mine = Look.objects.filter(person=observer)
    for spoil in (
        lambda: mine.delete(),
        lambda: mine.update(revision=2),
        lambda: mine.update(person=make.person()),
    ):
        with pytest.raises(DatabaseError, match="look_"), transaction.atomic():
            spoil()
    assert mine.update(person=None) == 1


def test_the_secretariat_reads_acts_and_looks_page_by_page_and_takes_them_along(consultation, desk, words):
    observer = make.observer(consultation)
    hidden, waiting = words["hidden"], words["waiting"]
    signed_in(observer).get(f"/consultations/rivers/comments/{hidden.reference}/")
    page = desk.get("/secretariat/rivers/audit/?show=looks").content.decode()
    assert (str(observer) in page, hidden.reference in page, hidden.latest.body in page) == (
        True,
        True,
        False,
    )
    page = desk.get("/secretariat/rivers/audit/").content.decode()
    for sentence in ("A case was opened.", "Hidden.", "Sent.", f"{hidden.reference} is no longer shown."):
        assert sentence in page
    assert (">Signed<" in page, "endorsement: signed" in page) == (True, False)
    assert f"/moderation/cases/{waiting.item.cases.get().pk}/" in page
    assert desk.get("/secretariat/rivers/audit/?cursor=x").status_code == 400
    entries = list(Entry.objects.filter(stream_id=consultation.pk).order_by("number"))
    acts = rows(desk.get("/secretariat/rivers/audit.csv"))
    assert [int(row["number"]) for row in acts] == [each.number for each in entries]
    claimed = next(row for row in acts if row["kind"] == "case.hide")
    assert (claimed["reference"], claimed["public"], claimed["verb"]) == (
        hidden.reference,
        "false",
        "decide_case",
    )
    [look] = rows(desk.get("/secretariat/rivers/audit.csv?show=looks"))
    assert (look["person"], look["reference"], look["door"]) == (str(observer), hidden.reference, "page")


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_audit_costs_the_same_whatever_its_length(
    consultation, desk, words, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30):
        short = desk.get("/secretariat/rivers/audit/").content.decode()
    for _many in range(8):
        make.comment(consultation)
    with django_assert_max_num_queries(30):
        long = desk.get("/secretariat/rivers/audit/").content.decode()
    assert "cursor=" in long
    assert "cursor=" not in short


def test_the_secretariat_switches_signals_on_its_page(consultation, desk):
    page = "/secretariat/rivers/signals/"
    shown = desk.get(page).content.decode()
    assert shown.count(" checked") == 6
    assert "It holds links." in shown
    assert desk.post(page, {}).status_code == 400
    said = {"on": ["links", "shouting"], "shown": "links shouting telephone-number", "claim": "1"}
    assert desk.post(page, said).status_code == 303
    assert queries.signals_off(consultation) == {"telephone-number"}
    assert desk.get(page).content.decode().count(" checked") == 5
    assert "was switched off" in desk.get("/secretariat/rivers/audit/").content.decode()
    assert desk.post(page, {**said, "on": ["policy"], "claim": "2"}).status_code == 400
