"""Roles over the whole site: given and taken by an administrator."""

from __future__ import annotations

import pytest

from accounts import queries
from accounts.actions import give_site_role, take_site_role
from accounts.models import SiteRole, User
from consultation.kit import clock
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests.refusals import refused
from tests.together import one_after_the_other

pytestmark = pytest.mark.django_db
Role = SiteRole.Role


def give(actor: User | None, person: User, role: str = Role.REGISTRAR) -> SiteRole:
    return give_site_role(actor, person_id=person.pk, role=role, at=clock.now())


def take(actor: User | None, role: SiteRole) -> SiteRole:
    return take_site_role(actor, role_id=role.pk, at=clock.now())


def held(person: User) -> SiteRole:
    return SiteRole.objects.get(person=person, ended_at=None)


def test_a_role_is_given_once_on_record_and_its_holder_is_told() -> None:
    administrator, person = make.administrator(), make.person(language="fr")
    for _ in range(2):
        role = give(administrator, person)
    assert queries.site_roles(person) == {Role.REGISTRAR}
    entry = Entry.objects.get(kind="role.given")
    assert (entry.actor, entry.public) == (administrator, False)
    assert (entry.subject_kind, entry.subject_key) == ("site-role", str(role.pk))
    message = Message.objects.get()
    assert (message.kind, message.address, message.language) == ("role-given", person.email, "fr")


def test_a_role_is_taken_at_once_and_stays_in_the_past() -> None:
    administrator, registrar = make.administrator(), make.registrar()
    role = take(administrator, held(registrar))
    assert queries.site_roles(registrar) == frozenset()
    assert SiteRole.objects.get(pk=role.pk).ended_at is not None
    assert Entry.objects.get(kind="role.taken").subject_key == str(role.pk)
    assert Message.objects.get().kind == "role-taken"
    with refused("not-found"):
        take(administrator, role)


def test_only_administrators_give_and_take() -> None:
    administrator, registrar = make.administrator(), make.registrar()
    for who in (registrar, make.person(), make.secretariat(make.consultation())):
        with refused("no-role"):
            give(who, make.person())
        with refused("no-role"):
            take(who, held(administrator))
    with refused("not-signed-in"):
        give(None, registrar)
    assert queries.site_roles(administrator) == {Role.ADMINISTRATOR}


def test_the_role_and_its_holder_exist() -> None:
    administrator = make.administrator()
    with refused("invalid", "role"):
        give(administrator, make.person(), "emperor")
    for nobody in (make.person(confirmed=False), make.person(is_active=False)):
        with refused("invalid", "person"):
            give(administrator, nobody)
    assert not Message.objects.exists()


def test_the_last_administrator_stays() -> None:
    administrator, asleep = make.administrator(), make.administrator(is_active=False)
    with refused("last-administrator"):
        take(administrator, held(administrator))
    take(administrator, held(asleep))
    other = make.administrator()
    take(administrator, held(administrator))
    assert queries.site_roles(administrator) == frozenset()
    assert queries.site_roles(other) == {Role.ADMINISTRATOR}


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_leave_at_one_moment_one_stays() -> None:
    both = [(person, held(person)) for person in (make.administrator(), make.administrator())]
    with one_after_the_other(SiteRole.objects.filter(role=Role.ADMINISTRATOR)) as start:
        leaving = [start(lambda who=person, role=role: take(who, role)) for person, role in both]
    came_to = [each.result() for each in leaving]
    assert sorted(getattr(each, "code", "taken") for each in came_to) == ["last-administrator", "taken"]
    assert SiteRole.objects.filter(role=Role.ADMINISTRATOR, ended_at=None).count() == 1
