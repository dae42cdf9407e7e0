"""Who accepted which version of the terms."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from accounts.actions import accept_terms, publish_page
from consultation.kit import clock
from consultation.site import queries
from consultation.site.models import SitePageVersion, TermsAcceptance
from tests import factories as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def terms(language="en"):
    return queries.current_terms(language)


def accept(person, version):
    return accept_terms(person, version_id=version.pk, at=clock.now())


def new_terms(language="en"):
    return publish_page(
        make.administrator(),
        key="terms",
        language=language,
        title="Terms",
        body="Other ones.",
        after=terms(language).number,
        at=clock.now(),
    )


def test_a_person_accepts_the_terms_once():
    person = make.person()
    assert not queries.has_accepted(person)
    for _ in range(2):
        accept(person, terms())
    assert queries.has_accepted(person)
    assert [row.version for row in TermsAcceptance.objects.filter(person=person)] == [terms()]
    assert not queries.has_accepted(make.person())


def test_new_terms_in_the_language_that_was_read_are_to_be_accepted_anew():
    person, other = make.person(), make.person()
    accept(person, terms("fr"))
    accept(other, terms("en"))
    new_terms("fr")
    assert (queries.has_accepted(person), queries.has_accepted(other)) == (False, True)
    accept(person, terms("fr"))
    assert queries.has_accepted(person)
    assert TermsAcceptance.objects.filter(person=person).count() == 2


def test_what_is_no_longer_or_never_was_the_terms_is_not_accepted():
    person, old = make.person(), terms()
    new_terms()
    about = SitePageVersion.objects.get(page__key="about", language="en")
    for version in (old, about):
        with refused("terms-moved-on"):
            accept(person, version)
    with refused("not-signed-in"):
        accept_terms(None, version_id=terms().pk, at=clock.now())
    assert not TermsAcceptance.objects.exists()


def test_the_database_refuses_to_rewrite_an_acceptance():
    accept(make.person(), terms())
    guarded = pytest.raises((InternalError, ProgrammingError), match="Cannot update")
    with guarded, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TermsAcceptance._meta.db_table} SET at = now()")


def test_an_acceptance_goes_with_its_person():
    person = make.person()
    accept(person, terms())
    person.delete()
    assert not TermsAcceptance.objects.exists()
