import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from accounts.models import User
from consultation.kit import clock
from consultation.kit.claims import ClaimKey, fields_hash, forget_old, lookup
from consultation.kit.models import Claim
from consultation.kit.refusal import Refusal, refuse
from consultation.kit.verb import current_act, subjects_of, verb
from consultation.record.models import SITE, Entry, Stream
from consultation.record.steps import Facts, record
from tests import factories as make


class Thing:
    def facts(self) -> Facts:
        return Facts("thing", "1")


@verb
def rename(actor: User, *, name: str) -> User:
    """A verb for tests: the actor has another name, on record."""
    row = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    if not name:
        refuse("nameless", "A name is needed.").require()
    row.name = name
    row.save(update_fields=["name"])
    record(actor, "thing.renamed", Thing(), public=True)
    return row


@verb
def rename_inside(actor: User, *, name: str) -> User:
    """A verb that wrongly calls another."""
    return rename(actor, name=name)


def claim(person: User, key: str = "k", path: str = "/here/", **fields) -> ClaimKey:
    return ClaimKey(person.pk, key, path, fields_hash(fields))


@pytest.mark.django_db
def test_a_claimed_verb_runs_once_and_its_repetition_gives_the_same_subjects():
    person = make.person()
    first = rename.claimed(claim(person, name="A"), 201, person, name="A")
    again = rename.claimed(claim(person, name="A"), 201, person, name="A")
    assert (first.replayed, again.replayed) == (False, True)
    assert (
        (again.status, again.subjects) == (201, [("accounts.user", str(person.pk))]) == (201, first.subjects)
    )
    assert Entry.objects.filter(kind="thing.renamed").count() == 1


@pytest.mark.django_db
def test_the_same_key_for_other_fields_is_refused_and_nothing_is_written():
    person = make.person()
    rename.claimed(claim(person, name="A"), 200, person, name="A")
    with pytest.raises(Refusal) as refused:
        rename.claimed(claim(person, name="B"), 200, person, name="B")
    assert (refused.value.code, refused.value.status) == ("key-reused", 422)
    assert User.objects.get(pk=person.pk).name == "A"


@pytest.mark.django_db
def test_a_key_of_another_person_or_path_is_another_claim():
    person, colleague = make.person(), make.person()
    rename.claimed(claim(person, name="A"), 200, person, name="A")
    assert not rename.claimed(claim(colleague, name="A"), 200, colleague, name="A").replayed
    assert not rename.claimed(claim(person, path="/there/", name="A"), 200, person, name="A").replayed


@pytest.mark.django_db
def test_a_refusal_leaves_no_claim_and_no_record():
    person = make.person()
    with pytest.raises(Refusal):
        rename.claimed(claim(person, name=""), 200, person, name="")
    assert lookup(claim(person, name="")) is None
    assert not Entry.objects.filter(kind="thing.renamed").exists()
    assert not rename.claimed(claim(person, name="C"), 200, person, name="C").replayed


@pytest.mark.django_db(transaction=True)
def test_a_repetition_waits_for_the_first_run_and_then_gives_what_it_came_to():
    person = make.person()
    entered, may_end = threading.Event(), threading.Event()

    @verb
    def slow(actor: User, *, name: str) -> User:
        entered.set()
        assert may_end.wait(10)
        return rename.function(actor, name=name)

    def run(act):
        try:
            return act.claimed(claim(person, name="A"), 201, person, name="A")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(run, slow)
        assert entered.wait(10)
        second = pool.submit(run, rename)
        wait_until_somebody_waits_for_a_lock()
        may_end.set()
        assert (first.result(20).replayed, second.result(20).replayed) == (False, True)
    assert Entry.objects.filter(kind="thing.renamed").count() == 1


def wait_until_somebody_waits_for_a_lock() -> None:
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("Nobody came to wait.")


@pytest.mark.django_db(transaction=True)
def test_a_verb_inside_another_is_refused_by_the_house_itself():
    person = make.person()
    with pytest.raises(RuntimeError, match="durable"):
        rename_inside(person, name="B")
    assert User.objects.get(pk=person.pk).name != "B"


def test_a_step_outside_of_a_verb_is_an_error():
    with pytest.raises(RuntimeError, match="verbs only"):
        current_act()


@pytest.mark.django_db(transaction=True)
def test_two_verbs_that_deadlock_both_end_well_after_one_retry():
    one, other = make.person(), make.person()
    both_hold_one = threading.Barrier(2, timeout=10)
    tries = []

    @verb
    def swap(actor: User, *, first: int, second: int) -> None:
        tries.append(actor.pk)
        lock = User.objects.select_for_update(no_key=True, of=("self",))
        lock.get(pk=first)
        if len(tries) <= 2:
            both_hold_one.wait()
        lock.get(pk=second)
        record(actor, "thing.swapped", Thing())

    def run(actor, first, second):
        try:
            swap(actor, first=first.pk, second=second.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run, one, one, other), pool.submit(run, other, other, one)]
        for each in runs:
            each.result(20)
    assert len(tries) == 3
    assert Entry.objects.filter(kind="thing.swapped").count() == 2


@pytest.mark.django_db(transaction=True)
def test_numbers_stand_in_the_order_of_commits_without_gaps_whoever_writes():
    people = [make.person() for _ in range(8)]
    before = Stream.objects.filter(consultation=SITE).values_list("number", flat=True).first() or 0

    def run(person):
        try:
            for number in range(25):
                with suppress(Refusal):
                    rename(person, name="" if number % 5 == 0 else f"{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, people))
    entries = list(Entry.objects.filter(stream=SITE, number__gt=before).order_by("number"))
    assert [entry.number for entry in entries] == list(range(before + 1, before + 161))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert Stream.objects.get(pk=SITE).public_number == before + 160


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"kind": "other"}, {"public": False}, {"number": 99}])
def test_an_entry_of_the_record_is_never_rewritten(change):
    rename(make.person(), name="A")
    with pytest.raises(DatabaseError):
        Entry.objects.filter(kind="thing.renamed").update(**change)


@pytest.mark.django_db
def test_an_entry_is_never_deleted():
    rename(make.person(), name="A")
    with pytest.raises(DatabaseError):
        Entry.objects.filter(kind="thing.renamed").delete()


@pytest.mark.django_db
def test_the_actor_of_an_entry_can_be_cleared_and_nothing_else():
    person = make.person()
    rename(person, name="A")
    Entry.objects.filter(kind="thing.renamed").update(actor=None)
    assert Entry.objects.get(kind="thing.renamed").actor is None


@pytest.mark.django_db
def test_an_entry_never_gets_another_actor():
    rename(make.person(), name="A")
    other = make.person()
    with pytest.raises(DatabaseError):
        Entry.objects.filter(kind="thing.renamed").update(actor=other)


def test_subjects_are_found_in_lists_and_single_things():
    one, other = User(pk=1), User(pk=2)
    assert subjects_of([one, other]) == [("accounts.user", "1"), ("accounts.user", "2")]
    assert subjects_of(one) == [("accounts.user", "1")]
    assert subjects_of(None) == []


def test_fields_are_hashed_as_parsed_and_files_by_their_content():
    fields = {"body": "words", "at": [1, None, True]}
    assert fields_hash(fields) == fields_hash(dict(reversed(fields.items())))
    assert fields_hash(fields) != fields_hash({**fields, "body": "Words"})
    assert fields_hash(fields, {"file": b"1"}) != fields_hash(fields, {"file": b"2"})
    assert clock.now().tzinfo is not None


@pytest.mark.django_db
def test_a_claim_is_forgotten_after_a_day_and_not_before():
    person = make.person()
    rename.claimed(claim(person, key="old", name="A"), 200, person, name="A")
    rename.claimed(claim(person, key="new", name="A"), 200, person, name="A")
    Claim.objects.filter(key="old").update(made_at=clock.now() - timedelta(hours=25))
    assert forget_old() == 1
    assert set(Claim.objects.values_list("key", flat=True)) == {"new"}
