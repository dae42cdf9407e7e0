"""The database itself keeps the states of an institution."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Institution, InstitutionState
from consultation.kit import clock
from tests import factories as make

pytestmark = pytest.mark.django_db

MOVES = {
    "pending": {"verified", "rejected", "merged"},
    "verified": {"suspended", "merged"},
    "suspended": {"verified"},
    "rejected": set(),
    "merged": set(),
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
    kept = make.institution()
    if state == "merged":
        rows.update(state="merged", merged_into=kept)
    for other in set(InstitutionState.values) - {state}:
        into = kept if other == "merged" else None
        change = {"state": other, "merged_into": into, "verified_how": "letter", "settled_at": clock.now()}
        if other in MOVES[state]:
            with transaction.atomic():
                assert rows.update(**change) == 1
                transaction.set_rollback(True)
        else:
            assert "institution_states" in refused(lambda change=change: rows.update(**change))


def test_an_institution_is_born_waiting():
    for state in ("verified", "rejected", "suspended", "merged"):
        born = Institution(slug="new-one", state=state, verified_how="letter", settled_at=clock.now())
        assert "institution_born_pending" in refused(born.save)


def test_a_merged_institution_names_the_kept_one_and_no_other_does():
    rows, kept = Institution.objects.filter(pk=make.institution().pk), make.institution()
    for change in (
        {"state": "merged"},
        {"merged_into": kept},
        {"state": "merged", "merged_into": rows.get()},
    ):
        assert "institution_merged_names_the_kept_one" in refused(lambda change=change: rows.update(**change))
    rows.update(state="merged", merged_into=kept)
    assert "institution_merged_names_the_kept_one" in refused(lambda: rows.update(merged_into=None))


def test_what_a_registrar_asked_and_what_was_given_stay_as_they_are():
    institution, at = make.institution(), clock.now()
    asked = institution.inquiries.create(words="A letter, please.", asked_at=at)
    given = institution.evidence.create(note="By telephone.", given_at=at)
    other = make.institution()
    for rows in (institution.inquiries.filter(pk=asked.pk), institution.evidence.filter(pk=given.pk)):
        assert "never_changed" in refused(lambda rows=rows: rows.update(institution=other))
    assert "inquiry_never_deleted" in refused(asked.delete)
    assert "evidence_is_a_note_or_a_letter" in refused(lambda: institution.evidence.create(given_at=at))


def test_a_verified_institution_says_how_and_when():
    rows = Institution.objects.filter(pk=make.institution().pk)
    assert "institution_verified_says_how_and_when" in refused(lambda: rows.update(state="verified"))


def test_the_public_data_of_an_institution_stand_in_versions_that_never_change():
    version = make.institution().versions
    assert "institution_version_fixed" in refused(lambda: version.update(name="Another name"))
