from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import queries, rules
from accounts.models import Institution, SiteRole, User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make.person()


@pytest.fixture
def pending(owner: User) -> Institution:
    return make.institution("Pending academy", by=owner)


@pytest.fixture
def verified() -> Institution:
    return make.verified_institution("Verified academy")


@pytest.fixture
def suspended() -> Institution:
    return make.suspend(make.verified_institution("Suspended academy"))


def test_only_verified_institutions_are_public(
    pending: Institution, verified: Institution, suspended: Institution
) -> None:
    assert list(queries.public()) == [verified]


@pytest.mark.parametrize("number", [1, 3])
def test_public_institutions_and_their_data_cost_one_query(number: int, django_assert_num_queries) -> None:
    for _ in range(number):
        make.verified_institution()

    with django_assert_num_queries(1):
        assert len([each.current.name for each in queries.public()]) == number


def test_owner_and_colleague_see_what_waits_and_strangers_do_not(
    owner: User, pending: Institution, verified: Institution, suspended: Institution
) -> None:
    colleague, stranger = make.representative(pending), make.person()

    def sees(person: queries.Reader) -> set[Institution]:
        return set(queries.visible_to(person))

    assert sees(owner) == sees(colleague) == {pending, verified}
    assert sees(stranger) == sees(AnonymousUser()) == sees(None) == {verified}
    assert sees(make.registrar()) == {pending, verified, suspended}


def test_the_queue_holds_what_waits_the_oldest_first(verified: Institution, suspended: Institution) -> None:
    first, second = make.institution(), make.institution()

    assert list(queries.waiting()) == [first, second]


def test_a_registrar_settles_an_institution_and_others_do_not(owner: User, pending: Institution) -> None:
    registrar, stranger = make.registrar(), make.person()
    administrator = make.person()
    SiteRole.objects.create(person=administrator, role=SiteRole.Role.ADMINISTRATOR)
    registrar_of_its_own = make.registrar()
    make.representative(pending, by=registrar_of_its_own)
    at = datetime.now(UTC)

    verdicts = {
        person: rules.may_settle_institution(person, pending, at=at).refusal
        for person in (registrar, owner, stranger, administrator, registrar_of_its_own, None)
    }

    codes = [refusal.code if refusal else None for refusal in verdicts.values()]
    assert codes == [None, "no-role", "no-role", "no-role", "own-institution", "not-signed-in"]


def test_an_ended_role_gives_nothing() -> None:
    person = make.registrar()
    assert queries.site_roles(person) == {"registrar"}

    SiteRole.objects.update(ended_at=datetime.now(UTC))

    assert queries.site_roles(person) == frozenset()
    assert not queries.has_site_role(person, SiteRole.Role.REGISTRAR)
    assert queries.site_roles(AnonymousUser()) == frozenset()
