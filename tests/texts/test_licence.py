"""Under which licence somebody agreed to have published what they send."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from consultation.kit import clock
from consultation.texts import queries, steps
from consultation.texts.models import LicenceAcceptance
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_first_comment_agrees_once_for_its_consultation():
    consultation, institution = make.consultation(), make.verified_institution()
    person = make.manager(institution)
    make.draft(consultation, institution)
    assert not queries.has_accepted_licence(person, consultation)
    for _ in range(2):
        make.sent_comment(consultation, institution)
    accepted = LicenceAcceptance.objects.get()
    assert (accepted.person, accepted.consultation, accepted.licence) == (person, consultation, "CC BY 4.0")
    assert queries.has_accepted_licence(person, consultation)
    assert not queries.has_accepted_licence(person, make.consultation())
    assert not queries.has_accepted_licence(make.signatory(institution), consultation)


def test_what_was_agreed_to_first_stays():
    consultation, person = make.consultation(), make.person()
    at = clock.now()
    steps.accept_licence(person, consultation, at=at)
    steps.accept_licence(person, consultation, at=clock.now())
    assert LicenceAcceptance.objects.get().at == at


def test_the_database_refuses_to_rewrite_it():
    steps.accept_licence(make.person(), make.consultation(), at=clock.now())
    guarded = pytest.raises((InternalError, ProgrammingError), match="Cannot update")
    with guarded, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {LicenceAcceptance._meta.db_table} SET licence = 'none'")
