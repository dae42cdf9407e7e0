"""The database itself keeps the states of an institution."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Institution, InstitutionState
from consultation.kit import clock
from tests import factories as make

pytestmark = pytest.mark.django_db

MOVES = {
    "pending": {"verified", "rejected"},
    "verified": {"suspended"},
    "suspended": {"verified"},
    "rejected": set(),
}


def refused(act) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


@pytest.mark.parametrize("state", MOVES)
def test_an_institution_moves_along_the_states_of_the_handbook_and_no_others(state):
    institution = make.institution()
    rows = Institution.objects.filter(pk=institution.pk)
    if state in ("verified", "suspended"):
        make.verify(institution)
    if state == "suspended":
        make.suspend(institution)
    if state == "rejected":
        rows.update(state="rejected")
    for other in set(InstitutionState.values) - {state}:
        change = {"state": other, "verified_how": "letter", "settled_at": clock.now()}
        if other in MOVES[state]:
            with transaction.atomic():
                assert rows.update(**change) == 1
                transaction.set_rollback(True)
        else:
            assert "institution_states" in refused(lambda change=change: rows.update(**change))


def test_an_institution_is_born_waiting():
    for state in ("verified", "rejected", "suspended"):
        born = Institution(slug="new-one", state=state, verified_how="letter", settled_at=clock.now())
        assert "institution_born_pending" in refused(born.save)


def test_a_verified_institution_says_how_and_when():
    rows = Institution.objects.filter(pk=make.institution().pk)
    assert "institution_verified_says_how_and_when" in refused(lambda: rows.update(state="verified"))


def test_the_public_data_of_an_institution_stand_in_versions_that_never_change():
    version = make.institution().versions
    assert "institution_version_fixed" in refused(lambda: version.update(name="Another name"))
