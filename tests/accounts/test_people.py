from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts import queries
from accounts.models import SiteRole, User

pytestmark = pytest.mark.django_db
PASSWORD = "a long test password"


def test_createsuperuser_makes_an_administrator_who_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", email="Root@Accord.example", interactive=False, verbosity=0)

    person = User.objects.get()
    assert person.email == "root@accord.example"
    assert queries.site_roles(person) == {SiteRole.Role.ADMINISTRATOR}
    assert authenticate(email="root@accord.example", password=PASSWORD) == person


def test_an_administrator_whose_role_cannot_be_written_is_not_made() -> None:
    User.objects.create_superuser("root@accord.example", PASSWORD)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_superuser("root@accord.example", PASSWORD)

    assert User.objects.count() == SiteRole.objects.count() == 1


def test_an_address_has_one_account_whatever_its_case() -> None:
    User.objects.create_user("someone@test.example")

    with pytest.raises(IntegrityError):
        User.objects.create(email="Someone@Test.example")


def test_a_person_without_a_password_cannot_sign_in_with_one() -> None:
    person = User.objects.create_user("someone@test.example")

    assert not person.has_usable_password()
    assert authenticate(email="someone@test.example", password="") is None
