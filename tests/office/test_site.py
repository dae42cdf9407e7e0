"""The administrator's check of the installation."""

import pytest

from accounts.models import SiteRole
from tests import factories as make
from tests.office.browsing import page, signed_in

pytestmark = pytest.mark.django_db


def administrator():
    person = make.person()
    SiteRole.objects.create(person=person, role=SiteRole.Role.ADMINISTRATOR)
    return person


def test_the_check_says_what_is_well_and_what_is_not():
    said = page(signed_in(administrator()).get("/site/"))
    assert "Database well PostgreSQL 18" in said
    assert "Tables well All migrations are applied." in said
    assert "Redis well embedded" in said
    assert "Background worker needs a look No worker answered within a second." in said
    assert "Mail well written to files; 0 wait, 0 failed" in said


@pytest.mark.parametrize("who", [make.person, make.registrar, lambda: make.secretariat(make.consultation())])
def test_nobody_else_learns_of_it(who):
    assert signed_in(who()).get("/site/").status_code == 404


def test_an_administrator_whose_role_ended_is_out():
    person = administrator()
    SiteRole.objects.filter(person=person).update(ended_at="2026-01-01T00:00Z")
    assert signed_in(person).get("/site/").status_code == 404
