"""A thousand endorsements a minute while pages stay answerable: four hands sign, somebody reads."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Event

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Institution, User
from consultation.endorsements import queries
from consultation.endorsements.actions import Choice, take_positions
from consultation.kit import clock
from consultation.texts.models import Consultation
from tests import counted, truths
from tests import factories as make

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
HANDS, INSTITUTIONS, PRINCIPLES = 4, 24, 25
A_MINUTE = 1000
# Seconds: what a page may take at worst on a machine that does nothing else, and how long it is looked at.
PATIENCE, LOOKING = 5.0, 0.5


def sign_everything(
    consultation: Consultation, signatories: list[tuple[Institution, User]], first: int
) -> int:
    """Each of these institutions endorses each principle, one act at a time, beginning with one of them."""
    try:
        for place in range(first, first + PRINCIPLES):
            for institution, person in signatories:
                take_positions(
                    person,
                    consultation_id=consultation.pk,
                    institution_id=institution.pk,
                    choices=[Choice(1 + place % PRINCIPLES, 1, "endorse")],
                    language="en",
                    at=clock.now(),
                )
        return len(signatories) * PRINCIPLES
    finally:
        connection.close()


def test_a_thousand_endorsements_a_minute_while_pages_answer():
    consultation = make.consultation(principles=PRINCIPLES)
    signatories = []
    for _each in range(INSTITUTIONS):
        institution = make.verified_institution()
        signatories.append((institution, make.manager(institution)))
    home = f"/consultations/{consultation.slug}/"
    pages = [home, f"{home}endorsements/", f"{home}principles/1/", f"{home}endorsements/figures/"]
    visitor, waits, over = Client(), [], Event()
    # What a process reads once, it has read.
    for page in pages:
        visitor.get(page)
    began = time.perf_counter()
    with ThreadPoolExecutor(HANDS) as pool:
        shares = [
            pool.submit(sign_everything, consultation, signatories[hand::HANDS], hand * PRINCIPLES // HANDS)
            for hand in range(HANDS)
        ]
        while not all(share.done() for share in shares):
            asked = time.perf_counter()
            assert visitor.get(pages[len(waits) % len(pages)]).status_code == 200
            waits.append(time.perf_counter() - asked)
            over.wait(LOOKING)
        signed = sum(share.result() for share in shares)
    seconds = time.perf_counter() - began
    rate = 60 * signed / seconds
    told = f"{rate:.0f} a minute; {len(waits)} pages in {median(waits):.2f} s, {max(waits):.2f} s at worst"
    assert signed == INSTITUTIONS * PRINCIPLES
    assert rate > A_MINUTE, told
    assert max(waits) < PATIENCE, told
    tallies = queries.tallies(consultation)
    assert {number: tally.endorse for number, tally in tallies.items()} == {
        number: each["endorse"] for number, each in counted.figures(consultation.pk).items()
    }
    truths.assert_all_hold()
