"""Publishing a version, and giving roles."""

import pytest

from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts import actions, queries
from consultation.texts.models import Change
from tests import factories as make
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation(languages=["en", "fr"])


def publish(consultation, actor, *, number=1, change=Change.SUBSTANTIVE):
    texts = {"en": ("Title", f"New words for {number}."), "fr": ("Titre", "De nouveaux mots.")}
    return actions.publish_version(
        actor,
        consultation_id=consultation.pk,
        number=number,
        texts=texts,
        change=change,
        notes={"en": "Because."},
        at=clock.now(),
    )


def give(consultation, actor, person, role):
    actions.give_role(actor, consultation_id=consultation.pk, person_id=person.pk, role=role)


def test_the_secretariat_publishes_a_version_that_is_current_from_then_on(consultation):
    version = publish(consultation, make.secretariat(consultation))
    principle = queries.principle(consultation, 1)
    assert (principle.current, version.number, version.change_notes) == (version, 2, {"en": "Because."})
    assert queries.translation(principle.current, "fr").body == "De nouveaux mots."
    assert queries.translation(principle.current, "ru").body == "New words for 1."
    entry = Entry.objects.filter(kind="version.published").latest("number")
    assert (entry.public, entry.principle, entry.revision) == (True, 1, 2)


def test_nobody_else_publishes_one(consultation):
    elsewhere = make.secretariat(make.consultation())
    for person in (make.moderator(consultation), make.observer(consultation), make.registrar(), elsewhere):
        with refused("no-role"):
            publish(consultation, person)
    assert queries.principle(consultation, 1).current.number == 1


def test_a_version_of_what_is_not_there_is_not_found(consultation):
    with refused("not-found"):
        publish(consultation, None, number=9)


def test_the_newest_substantive_version_is_what_is_to_be_reaffirmed(consultation):
    for change in (Change.EDITORIAL, Change.SUBSTANTIVE, Change.EDITORIAL):
        publish(consultation, None, change=change)
    assert queries.newest_substantive(queries.principle(consultation, 1)) == 3
    assert [each.number for each in queries.published_versions(queries.principle(consultation, 1))] == [
        4,
        3,
        2,
        1,
    ]


def test_the_secretariat_gives_roles_and_each_is_on_record_once(consultation):
    boss, person = make.secretariat(consultation), make.person()
    before = Entry.objects.filter(kind="role.given").count()
    for _ in range(2):
        give(consultation, boss, person, "moderator")
    give(consultation, boss, person, "observer")
    assert queries.roles_of(person, consultation) == {"moderator", "observer"}
    assert Entry.objects.filter(kind="role.given").count() == before + 2
    assert queries.roles_of(person, make.consultation()) == set()


def test_nobody_else_gives_roles(consultation):
    make.secretariat(consultation)
    person = make.person()
    for actor in (make.moderator(consultation), make.registrar(), person):
        with refused("no-role"):
            give(consultation, actor, person, "secretariat")


def test_a_role_and_its_holder_exist(consultation):
    boss = make.secretariat(consultation)
    with refused("invalid", "role"):
        give(consultation, boss, make.person(), "emperor")
    gone = make.person(is_active=False)
    with refused("invalid", "person"):
        give(consultation, boss, gone, "moderator")
    consultation.pk = 0
    with refused("not-found"):
        give(consultation, boss, make.person(), "moderator")


def test_lists_of_principles_leave_out_what_was_withdrawn(consultation):
    principle = queries.principle(consultation, 2)
    principle.withdrawn_at = clock.now()
    principle.save()
    assert [each.number for each in queries.principles(consultation)] == [1, 3]
    assert queries.principle(consultation, 2) is not None
    assert queries.principle_totals([consultation]) == {consultation.pk: 2}


@pytest.mark.parametrize("principles", [1, 3])
def test_a_whole_text_costs_two_queries_whatever_its_length(principles, django_assert_num_queries):
    consultation = make.consultation(principles=principles, languages=["en", "fr", "ar"])
    with django_assert_num_queries(2):  # principles with their versions; translations
        read = [queries.translation(each.current, "ar").body for each in queries.principles(consultation)]
    assert len(read) == principles
