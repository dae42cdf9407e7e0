"""The shipped consultation, as CONTRACT names it; loading it again changes nothing."""

import pytest
from django.core.management import call_command

from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts import queries as texts
from consultation.texts.models import Act, Consultation, PolicyClause, PrincipleVersion, Translation
from tests import factories as make

pytestmark = pytest.mark.django_db
LANGUAGES = {"en", "fr", "es", "ru", "ar", "zh-hans"}


@pytest.fixture
def initiative() -> Consultation:
    call_command("load_initiative", verbosity=0)
    return Consultation.objects.get()


def test_the_initiative_is_public_with_ten_principles_in_six_languages(initiative):
    assert texts.public().get() == initiative
    assert (initiative.slug, initiative.policy) == ("global-ai-governance", "pre")
    principles = texts.principles(initiative)
    assert [each.number for each in principles] == list(range(1, 11))
    for each in principles:
        assert {words.language for words in each.current.translations.all()} == LANGUAGES


def test_the_policy_has_the_clauses_1_to_8(initiative):
    assert [each.number for each in initiative.clauses.all()] == [str(number) for number in range(1, 9)]


def test_its_round_is_open_for_all_acts(initiative):
    now = clock.now()
    assert all(texts.round_open_for(initiative, act, at=now) for act in Act)


def test_loading_it_again_changes_nothing(initiative):
    def everything():
        tables = (Consultation, PolicyClause, PrincipleVersion, Translation, Entry)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = everything()
    call_command("load_initiative", verbosity=0)
    assert everything() == before


def test_loading_it_again_leaves_a_newer_text_of_the_secretariat_alone(initiative):
    version = make.new_version(initiative, 6)
    call_command("load_initiative", verbosity=0)
    assert texts.principle(initiative, 6).current == version
