from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import queries, steps
from accounts.models import Institution, Mandate, Power, User
from consultation.kit.refusal import Refusal
from tests import factories as make

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = START + timedelta(days=5)
pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def institution(kept: None) -> Institution:
    return make.institution()


def grant(person: User, institution: Institution, *powers: Power, until: date | None = None) -> Mandate:
    return steps.grant_mandate(
        person, institution, powers, evidence=Mandate.Evidence.LETTER, at=START, until=until
    )


def test_a_power_is_held_for_its_institution_by_its_holder_alone(institution: Institution) -> None:
    noise = make.institution()
    owner, colleague, stranger = make.person(), make.person(), make.person()
    grant(owner, institution, Power.SIGN)
    grant(colleague, institution, Power.CONTRIBUTE)
    grant(stranger, noise, Power.SIGN)

    def holds(person: queries.Reader, power: Power) -> bool:
        return queries.empowers(person, institution, power, at=LATER)

    assert [holds(person, Power.SIGN) for person in (owner, colleague, stranger)] == [True, False, False]
    assert [holds(person, Power.CONTRIBUTE) for person in (owner, colleague, stranger)] == [
        False,
        True,
        False,
    ]
    assert not holds(AnonymousUser(), Power.SIGN)
    assert not holds(None, Power.SIGN)
    assert queries.empowers(owner, institution.pk, Power.SIGN, at=LATER)


def test_a_mandate_holds_to_the_end_of_its_last_day_in_utc(institution: Institution) -> None:
    person = make.person()
    grant(person, institution, Power.SIGN, until=date(2026, 3, 9))
    last_moment = datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)

    assert queries.empowers(person, institution, Power.SIGN, at=last_moment)
    assert not queries.empowers(person, institution, Power.SIGN, at=last_moment + timedelta(seconds=1))


def test_a_mandate_holds_from_its_start(institution: Institution) -> None:
    person = make.person()
    grant(person, institution, Power.SIGN)

    assert queries.empowers(person, institution, Power.SIGN, at=START)
    assert not queries.empowers(person, institution, Power.SIGN, at=START - timedelta(seconds=1))


def test_an_ended_mandate_gives_nothing_even_for_the_time_before(institution: Institution) -> None:
    person = make.person()
    mandate = grant(person, institution, Power.SIGN)
    Mandate.objects.filter(pk=mandate.pk).update(ended_at=LATER)

    assert not queries.empowers(person, institution, Power.SIGN, at=START)


def test_a_closed_account_holds_no_powers(institution: Institution) -> None:
    person = make.person(is_active=False)
    grant(person, institution, Power.SIGN)

    assert not queries.empowers(person, institution, Power.SIGN, at=LATER)
    assert list(queries.managers_and_signatories(institution, at=LATER)) == []


def test_granting_again_ends_the_earlier_mandate_and_keeps_it(institution: Institution) -> None:
    person = make.person()
    first = grant(person, institution, Power.SIGN, Power.MANAGE)

    steps.grant_mandate(person, institution, [Power.CONTRIBUTE], evidence=Mandate.Evidence.LETTER, at=LATER)

    first.refresh_from_db()
    assert first.ended_at == LATER
    in_force = queries.mandates_in_force(person, at=LATER)
    assert [mandate.powers for mandate in in_force] == [["contribute"]]


def test_granting_again_before_the_earlier_one_starts_ends_it_at_its_start(institution: Institution) -> None:
    person = make.person()
    first = grant(person, institution, Power.SIGN)

    steps.grant_mandate(
        person,
        institution,
        [Power.CONTRIBUTE],
        evidence=Mandate.Evidence.LETTER,
        at=START - timedelta(days=1),
    )

    first.refresh_from_db()
    assert first.ended_at == START


@pytest.mark.parametrize("number", [1, 3])
def test_institutions_of_a_person_are_sorted_by_name_in_one_query(
    number: int, django_assert_num_queries
) -> None:
    person = make.person()
    make.institution("Noise of another person")
    for letter in "CAB"[:number]:
        grant(person, make.institution(f"{letter} academy"), Power.SIGN)

    with django_assert_num_queries(1):
        names = [each.current.name for each in queries.institutions_of(person, Power.SIGN, at=LATER)]

    assert names == sorted(f"{letter} academy" for letter in "CAB"[:number])
    assert list(queries.institutions_of(person, Power.MANAGE, at=LATER)) == []
    assert queries.institutions_of(person, at=LATER).count() == number


def test_those_told_of_an_act_are_managers_and_signatories_once_each(institution: Institution) -> None:
    registered_it = make.manager(institution)
    both, contributor, stranger = make.person(), make.person(), make.person()
    grant(both, institution, Power.SIGN, Power.MANAGE)
    grant(contributor, institution, Power.CONTRIBUTE)
    grant(stranger, make.institution(), Power.SIGN)
    now = datetime.now(UTC)

    assert list(queries.managers_and_signatories(institution, at=now)) == [registered_it, both]


def test_locking_gives_the_institution_with_its_current_data(institution: Institution) -> None:
    locked = steps.lock_institution(institution.pk)

    assert locked == institution
    assert locked.current is not None
    assert locked.current.number == 1


def test_locking_what_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        steps.lock_institution(0)

    assert refused.value.code == "not-found"
