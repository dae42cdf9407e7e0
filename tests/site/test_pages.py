"""The site's own pages: their versions, first texts, and what is taken of what an administrator writes."""

import pgtrigger
import pytest
from django.conf import settings
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils.html import strip_tags

from accounts.actions import publish_page
from consultation.kit import clock
from consultation.record.models import SITE, Entry
from consultation.record.queries import newest_public
from consultation.site import queries, steps
from consultation.site.first_texts import shipped
from consultation.site.models import Key, SitePage, SitePageVersion
from tests import factories as make
from tests.refusals import refused

pytestmark = pytest.mark.django_db
LANGUAGES = list(dict(settings.LANGUAGES))


def publish(actor=None, **changes):
    given = {"key": "about", "language": "fr", "title": "Ici", "body": "Des mots.", "after": 1, **changes}
    return publish_page(actor or make.administrator(), at=clock.now(), **given)


def test_five_pages_come_in_six_languages_as_they_are_shipped():
    kept = {
        (row.page.key, row.language): (row.number, row.title, row.body)
        for row in SitePageVersion.objects.select_related("page")
    }
    assert kept == {(text.key, text.language): (1, text.title, text.body) for text in shipped()}
    assert set(kept) == {(key, language) for key in Key.values for language in LANGUAGES}


@pytest.mark.parametrize("key", Key.values)
def test_each_first_text_is_its_own_language_and_as_long_as_the_others(key):
    texts = {text.language: text for text in shipped() if text.key == key}
    paragraphs = {language: text.body.count("\n\n") for language, text in texts.items()}
    assert set(paragraphs.values()) == {paragraphs["en"]}
    assert len({text.body for text in texts.values()}) == len(LANGUAGES)


def test_loading_again_leaves_what_was_published():
    publish()
    before = list(SitePageVersion.objects.order_by("pk").values())
    steps.load_first_texts()
    assert list(SitePageVersion.objects.order_by("pk").values()) == before


def test_a_page_that_is_missing_comes_back():
    with pgtrigger.ignore("consultation.SitePageVersion:site_page_version_never_deleted"):
        SitePageVersion.objects.filter(page__key="about", language="ru").delete()
    steps.load_first_texts()
    assert queries.current("about", "ru").version.language == "ru"


def test_an_administrator_publishes_the_next_version_in_one_language_and_it_is_on_record():
    actor = make.administrator()
    stamp = newest_public(SITE)
    version = publish(actor, title="  Ici \n même ")
    assert (version.number, version.title, version.body, version.by) == (2, "Ici même", "Des mots.\n", actor)
    assert queries.current("about", "fr").version == version
    assert queries.current("about", "es").version.number == 1
    entry = Entry.objects.filter(stream_id=SITE).latest("number")
    assert (entry.kind, entry.subject_key, entry.revision) == ("page.published", "about.fr", 2)
    assert (entry.public, entry.actor, newest_public(SITE) > stamp) == (True, actor, True)


def test_nobody_else_publishes():
    consultation = make.consultation()
    for who in (
        make.person(),
        make.registrar(),
        make.secretariat(consultation),
        make.moderator(consultation),
    ):
        with refused("no-role"):
            publish(who)
    with refused("not-signed-in"):
        publish_page(None, key="about", language="fr", title="a", body="b", after=1, at=clock.now())
    assert SitePageVersion.objects.filter(number__gt=1).count() == 0


def test_who_read_an_earlier_version_publishes_nothing_over_it():
    publish()
    with refused("edited-meanwhile"):
        publish(title="Là")
    assert queries.current("about", "fr").version.title == "Ici"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": "\n"}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "x" * 50_001}, "body"),
        ({"language": "tlh"}, "language"),
        ({"key": "contact", "body": "Write to {contact} please."}, "body"),
        ({"key": "privacy", "body": "We keep nothing."}, "body"),
    ],
)
def test_what_cannot_be_published_is_said_by_field(changes, field):
    with refused("invalid", field):
        publish(**changes)


def test_a_page_that_nobody_knows_is_not_made():
    with refused("not-found"):
        publish(key="imprint")
    with pytest.raises(Exception, match="site_page_is_known"), transaction.atomic():
        SitePage.objects.create(key="imprint")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {} SET title = 'Other'",
        "UPDATE {} SET body = ''",
        "UPDATE {} SET by_id = %s",
        "DELETE FROM {}",
    ],
)
def test_the_database_refuses_to_rewrite_a_version(change):
    person = make.person()
    statement = change.format(SitePageVersion._meta.db_table)
    guarded = pytest.raises((InternalError, ProgrammingError), match=r"Cannot (update|delete)")
    with guarded, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [person.pk] if "%s" in statement else [])


def test_who_published_can_be_cleared_alone():
    version = publish()
    SitePageVersion.objects.filter(pk=version.pk).update(by=None)
    version.refresh_from_db()
    assert version.by is None


def test_readers_of_a_language_without_the_page_get_it_in_english():
    found = queries.current("about", "de")
    assert (found.version.language, found.newer_in_english) == ("en", None)


def test_a_translation_older_than_the_english_page_is_known():
    english = publish(language="en", title="Here")
    assert queries.current("about", "fr").newer_in_english == english.published_at
    publish()
    assert queries.current("about", "fr").newer_in_english is None
    assert queries.current("about", "en").newer_in_english is None


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_one_query_however_many_versions(number, django_assert_num_queries):
    for after in range(1, number):
        publish(after=after)
    with django_assert_num_queries(1):
        assert queries.current("about", "fr").version.number == number


def test_first_texts_hold_no_markup_of_their_own():
    assert [text for text in shipped() if strip_tags(text.body) != text.body] == []
