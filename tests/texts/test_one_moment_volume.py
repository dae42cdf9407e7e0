"""1,000 comments and 500 endorsements: version 2 is published while people and programs read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Event

import pytest
from django.core.management import call_command
from django.db import connection

from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from tests import factories as make
from tests.texts.test_one_moment import get, truly

SLUG = "crowded"
HOME = f"/consultations/{SLUG}/"
API = f"/api/v1/consultations/{SLUG}/"
ADDRESSES = [
    f"{HOME}principles/1/",
    f"{HOME}text/",
    HOME,
    f"{HOME}endorsements/",
    f"{API}principles/1/",
    f"{API}principles/",
    f"{API}endorsements/?principle=1",
    f"{API}comments/?principle=1",
]
READERS = 6
LONG_ENOUGH = 120  # seconds
BODY = "Principle 1. Systems are open to review. People may ask why a decision was taken."


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_readers_see_the_old_state_or_the_new_one_and_never_a_mixture():
    consultation = make.consultation(SLUG, principles=1, acts=("comment", "endorse"))
    numbers = {"institutions": 500, "comments": 1_000, "endorsements": 500}
    call_command("fill", consultation=SLUG, seed=7, verbosity=0, **numbers)
    assert comments.counts(consultation)[1] > 500
    before = {address: truly(address) for address in ADDRESSES}
    tally = endorsements.tallies(consultation)[1]
    assert (tally.support > 300, tally.to_reaffirm) == (True, 0)

    read: Queue[tuple[str, tuple[bytes, str]]] = Queue()
    enough = Event()

    def reader(turn: int) -> None:
        try:
            while not enough.is_set():
                address = ADDRESSES[turn % len(ADDRESSES)]
                read.put((address, get(address)))
                turn += 1
        finally:
            connection.close()

    def until_all_are_read() -> None:
        left = set(ADDRESSES)
        while left:
            address, answer = read.get(timeout=LONG_ENOUGH)
            seen[address].add(answer)
            left.discard(address)

    seen: dict[str, set[tuple[bytes, str]]] = {address: set() for address in ADDRESSES}
    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(reader, turn) for turn in range(READERS)]
        until_all_are_read()
        try:
            make.new_version(consultation, 1, f"{BODY} Systems are open to review, says another text.")
            until_all_are_read()
            until_all_are_read()
        finally:
            enough.set()
        for each in readers:
            each.result(LONG_ENOUGH)
    while not read.empty():
        address, answer = read.get()
        seen[address].add(answer)

    assert endorsements.tallies(consultation)[1].to_reaffirm == tally.support + tally.decline
    after = {address: truly(address) for address in ADDRESSES}
    assert {address: found - {before[address], after[address]} for address, found in seen.items()} == {
        address: set() for address in ADDRESSES
    }
    assert all(before[address] != after[address] for address in ADDRESSES if "comments" not in address)
    assert all({before[address], after[address]} == seen[address] for address in ADDRESSES)
