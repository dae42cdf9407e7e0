"""Rounds: added, changed, removed by the secretariat, by the clock; never two for one act at a time."""

from dataclasses import replace
from datetime import timedelta

import pgtrigger
import pytest
from django.db import DatabaseError, transaction

from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts import actions, rounds
from consultation.texts.models import Round, RoundExtension
from consultation.texts.rounds import RoundPlan
from tests import factories as make
from tests.refusals import refused
from tests.together import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def guarded(db):
    """The database's own guard over opened rounds, which other tests do without."""
    pgtrigger.enable("consultation.Round:round_fixed_once_opened")


@pytest.fixture
def consultation():
    return make.consultation(days=10)


@pytest.fixture
def first(consultation):
    return consultation.rounds.get()


@pytest.fixture
def secretariat(consultation):
    return make.secretariat(consultation)


@pytest.fixture
def plan(first):
    return RoundPlan(first.closes_at + DAY, first.closes_at + 9 * DAY, ["comment", "discuss"])


def add(actor, consultation, plan, at=None):
    return actions.add_round(actor, consultation_id=consultation.pk, plan=plan, at=at or clock.now())


def change(actor, round_, plan, at=None):
    return actions.change_round(actor, round_id=round_.pk, plan=plan, at=at or clock.now())


def remove(actor, round_, at=None):
    return actions.remove_round(actor, round_id=round_.pk, at=at or clock.now())


def told():
    kinds = Entry.objects.filter(kind__startswith="round.").order_by("number")
    return list(kinds.values_list("kind", "subject_key", "public"))


def test_a_round_is_added_changed_and_removed_until_it_opens_all_of_it_on_public_record(
    guarded, consultation, secretariat, plan
):
    new = add(secretariat, consultation, replace(plan, purposes={"en": " On wording. ", "fr": " "}))
    assert (new.number, new.acts, new.purposes) == (2, ["comment", "discuss"], {"en": "On wording."})
    later = replace(rounds.of(new), closes_at=plan.closes_at + DAY, acts=["endorse"])
    changed = change(secretariat, new, later)
    assert (changed.closes_at, changed.acts, changed.sequence) == (later.closes_at, ["endorse"], 1)
    # The same once more changes nothing.
    assert change(secretariat, new, later).sequence == 1
    remove(secretariat, new)
    assert consultation.rounds.count() == 1
    assert told() == [("round.added", "2", True), ("round.changed", "2", True), ("round.removed", "2", True)]


def test_nobody_else_touches_them(consultation, first, plan):
    elsewhere = make.secretariat(make.consultation())
    for person in (make.moderator(consultation), make.observer(consultation), make.registrar(), elsewhere):
        with refused("no-role"):
            add(person, consultation, plan)
        with refused("no-role"):
            change(person, first, plan)
        with refused("no-role"):
            remove(person, first)
    assert told() == []


def test_what_was_opened_stays_and_only_its_purpose_may_be_said_better(guarded, first, secretariat):
    present = rounds.of(first)
    for other in (
        {"opens_at": first.opens_at + DAY},
        {"closes_at": first.closes_at - DAY},
        {"closes_at": first.closes_at + DAY},
        {"acts": ["comment"]},
    ):
        with refused("round-opened"):
            change(secretariat, first, replace(present, **other))
    with refused("round-opened"):
        remove(secretariat, first)
    assert change(secretariat, first, replace(present, purposes={"en": "Better."})).purposes == {
        "en": "Better."
    }
    assert told() == [("round.reworded", "1", True)]
    # To the instant: open from its first one on.
    with refused("round-opened"):
        remove(secretariat, first, at=first.opens_at)


def test_before_a_consultation_is_published_every_round_may_be_changed_and_nothing_is_public(
    guarded, consultation, first, secretariat, plan
):
    make.unpublish(consultation)
    change(secretariat, first, replace(rounds.of(first), acts=["endorse"]))
    remove(secretariat, first)
    add(secretariat, consultation, plan)
    assert [public for _kind, _key, public in told()] == [False, False, False]


WRONG = [
    ("acts", {"acts": []}),
    ("acts", {"acts": ["comment", "dance"]}),
    ("closes_at", {"closes_at": None}),
    ("closes_at", {"closes_at": clock.now() - 30 * DAY}),
    ("opens_at", {"opens_at": clock.now() - DAY, "acts": ["endorse"]}),
    ("purposes.en", {"purposes": {"en": "x" * 301}}),
    ("purposes.en", {"purposes": {"en": "\x00"}}),
]


@pytest.mark.parametrize(("field", "changes"), WRONG)
def test_what_is_wrong_is_named(consultation, secretariat, plan, field, changes):
    with refused("invalid", field):
        add(secretariat, consultation, replace(plan, **changes))


# Days after the first round's closing; whether another one for comments and replies fits there.
@pytest.mark.parametrize(
    ("opens", "closes", "acts", "fits"),
    [
        (0, 5, ["comment"], True),
        (-1, 5, ["comment"], False),
        (-1, 5, ["discuss"], False),
        (-1, None, ["endorse"], False),
        (0, None, ["endorse"], True),
    ],
)
def test_one_round_at_a_time_opens_an_act_and_the_refusal_says_which(
    consultation, first, secretariat, opens, closes, acts, fits
):
    ends = first.closes_at + closes * DAY if closes is not None else None
    plan = RoundPlan(first.closes_at + opens * DAY, ends, acts)
    if fits:
        assert add(secretariat, consultation, plan).acts == acts
        return
    with refused("invalid", "opens_at"):
        add(secretariat, consultation, plan)


@pytest.mark.django_db(transaction=True)
def test_of_two_secretariats_adding_the_same_round_at_once_one_is_told_why_not(consultation, plan):
    people = [make.secretariat(consultation) for _each in range(2)]
    came = at_once([lambda each=each: add(each, consultation, plan) for each in people])
    assert sorted(type(each).__name__ for each in came) == ["Refusal", "Round"]
    assert consultation.rounds.count() == 2


def test_a_round_for_which_drafts_wait_is_not_removed(consultation, first, secretariat, plan):
    new = add(secretariat, consultation, plan)
    Round.objects.filter(pk=first.pk).delete()
    make.draft(consultation)
    with refused("round-in-use"):
        remove(secretariat, new)
    assert told() == [("round.added", "2", True)]


def test_an_extension_is_never_changed_and_never_shortens(first):
    row = RoundExtension(
        round=first, closed_at=first.closes_at, closes_at=first.closes_at, reasons={}, at=clock.now()
    )
    with pytest.raises(DatabaseError, match="extension_closes_later"), transaction.atomic():
        row.save()
    row.closes_at += DAY
    row.save()
    for act in (lambda: RoundExtension.objects.update(reasons={"en": "?"}), row.delete):
        with pytest.raises(DatabaseError, match="round_extension_never_changed"), transaction.atomic():
            act()


def test_the_database_itself_keeps_what_an_opened_round_said(guarded, first):
    row = Round.objects.filter(pk=first.pk)
    changes = [
        {"opens_at": first.opens_at - DAY},
        {"number": 7},
        {"opens_comment": False},
        {"opens_endorse": False},
        {"closes_at": first.closes_at - DAY},
        # Later only with the extension that says so.
        {"closes_at": first.closes_at + DAY},
        {"closes_at": None, "opens_comment": False, "opens_discuss": False},
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="round_fixed_once_opened"), transaction.atomic():
            row.update(**change)
    with pytest.raises(DatabaseError, match="round_fixed_once_opened"), transaction.atomic():
        row._raw_delete(row.db)
    assert row.update(purposes={"en": "Better."}) == 1
    later = first.closes_at + DAY
    RoundExtension.objects.create(
        round=first, closed_at=first.closes_at, closes_at=later, reasons={}, at=clock.now()
    )
    assert row.update(closes_at=later) == 1
