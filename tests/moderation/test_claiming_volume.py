"""Fifty moderators at once, and a hundred thousand cases: nothing is lost, and nothing gets slower."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from consultation.kit import clock
from consultation.moderation import queries
from consultation.moderation.actions import claim_next, state_languages
from consultation.moderation.actions.claiming import LEASE
from consultation.moderation.filters import EVERYTHING
from consultation.moderation.models import Case
from consultation.texts.models import Consultation
from tests import factories as make
from tests.bench import volume
from tests.office.browsing import signed_in
from tests.together import at_once

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
MODERATORS, VANISHING, CASES = 50, 10, 500
FEW, MANY = 1_000, 100_000


def with_cases(number: int, *, at: datetime, languages: tuple[str, ...] = ("en",)) -> Consultation:
    consultation = make.consultation()
    speakers = [make.verified_institution() for _ in range(20)]
    volume.waiting(consultation, speakers, number, at=at, languages=languages)
    return consultation


def until_none_is_left(person: User, *, at: datetime) -> list[Case]:
    """What one moderator gets who goes on asking."""
    taken = []
    while case := claim_next(person, at=at):
        taken.append(case)
    return taken


def vanish(person: User, *, at: datetime) -> None:
    """A moderator whose connection dies in the middle of taking a case: nothing of it is committed."""
    block = transaction.atomic()
    block._from_testcase = True
    with suppress(DatabaseError), block:
        assert claim_next(person, at=at) is not None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_fifty_at_once_take_five_hundred_cases_and_ten_vanish() -> None:
    at = clock.now()
    consultation = with_cases(CASES, at=at, languages=("en", "fr", "de", "ar", "sw"))
    people = [make.moderator(consultation) for _ in range(MODERATORS)]
    for place, person in enumerate(people):
        state_languages(person, languages=[["en", "fr"], ["de"], ["ja"]][place % 3], at=at)
    gone, staying = people[:VANISHING], people[VANISHING:]
    acts = [
        *(lambda each=each: vanish(each, at=at) for each in gone[:5]),
        *(lambda each=each: claim_next(each, at=at) for each in gone[5:]),
        *(lambda each=each: until_none_is_left(each, at=at) for each in staying),
    ]
    came_to = at_once(acts, people=MODERATORS)
    held_by_gone = [each.pk for each in came_to[5:VANISHING]]
    taken = [case.pk for cases in came_to[VANISHING:] for case in cases]
    assert len(held_by_gone) == 5
    assert len({*held_by_gone, *taken}) == len(held_by_gone) + len(taken)
    # Whoever died with a case in hand may have made the others pass over it for a moment.
    rest = until_none_is_left(staying[0], at=at)
    assert len({*held_by_gone, *taken, *(each.pk for each in rest)}) == CASES
    # What those hold who left without a word is there for others once their time is over.
    late = until_none_is_left(staying[0], at=at + LEASE)
    assert {*held_by_gone} <= {each.pk for each in late}
    assert Case.objects.filter(closed_at=None).count() == CASES


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def test_a_hundred_thousand_cases_cost_the_queue_no_query_more_and_a_claim_reads_no_more_rows() -> None:
    at = clock.now()
    few, many = with_cases(FEW, at=at), with_cases(MANY, at=at, languages=("en",) * 99 + ("fr",))
    spent = {}
    for consultation in (few, many):
        moderator = make.moderator(consultation)
        client = signed_in(moderator)
        client.get("/moderation/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            first = client.get("/moderation/")
        spent[consultation.pk] = len(asked)
        follows = re.search(r'href="([^"]+)">More below', first.content.decode())[1].replace("&amp;", "&")
        assert client.get(follows).status_code == 200
    assert len(set(spent.values())) == 1, spent
    moderator = make.moderator(many)
    for languages in (["en"], ["fr"], ["ja"]):
        state_languages(moderator, languages=languages, at=at)
        with CaptureQueriesContext(connection) as asked:
            case = claim_next(moderator, at=at, filters=EVERYTHING)
        assert case is not None
        assert case.item.language == ("fr" if languages == ["fr"] else "en")
        for query in asked.captured_queries:
            if "SKIP LOCKED" in query["sql"]:
                assert most_rows(plan_of(query["sql"])) <= MANY / 50, plan_of(query["sql"])
    page = queries.offered_to(moderator, at=at)[:1]
    assert page[0].due_at == min(Case.objects.filter(consultation=many).values_list("due_at", flat=True))


def most_rows(plan: str) -> int:
    """The most rows that any step of a plan gave or threw away."""
    gave = [float(rows) for rows in re.findall(r"rows=([\d.]+)", plan)]
    away = [float(rows) for rows in re.findall(r"Removed by \w+(?: \w+)*: (\d+)", plan)]
    return int(max([*gave, *away]))
