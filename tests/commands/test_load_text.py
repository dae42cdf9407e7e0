"""Loading a whole text from a folder."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import CommandError, call_command

from consultation.kit import clock
from consultation.texts import queries as texts
from consultation.texts.actions import add_round, adopt_clauses, create_consultation
from consultation.texts.models import Consultation
from consultation.texts.rounds import RoundPlan
from tests import factories as make

pytestmark = pytest.mark.django_db
ARABIC = Path(__file__).parent.parent / "texts" / "three-principles"


def load(folder, slug="three", **options):
    call_command("load_text", str(folder), consultation=slug, verbosity=0, **options)


@pytest.fixture
def folder(tmp_path):
    return copytree(ARABIC, tmp_path / "text")


def changed(folder, old, new):
    file = folder / "ar.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def some_word(folder):
    """The first two words of the first principle's body, which stand nowhere else."""
    text = (folder / "ar.md").read_text(encoding="utf-8")
    words = " ".join(text.split("\n## ")[1].split("\n\n")[1].split()[:2])
    assert text.count(words) == 1
    return words


def test_a_text_in_one_language_becomes_a_public_consultation(folder):
    load(folder, slug="three")
    consultation = texts.public().get()
    assert (consultation.slug, consultation.authoritative) == ("three", "ar")
    assert [each.number for each in texts.principles(consultation)] == [1, 2, 3]


def test_changed_words_need_to_be_called_editorial_or_substantive(folder):
    load(folder)
    word = some_word(folder)
    changed(folder, word, word + "ا")
    with pytest.raises(CommandError, match="Say whether this is editorial or substantive"):
        load(folder)


@pytest.mark.parametrize("kind", ["editorial", "substantive"])
def test_changed_words_become_the_next_version_of_their_principle_alone(folder, kind):
    load(folder)
    word = some_word(folder)
    changed(folder, word, word + "ا")
    load(folder, publish=kind)
    versions = [each.current for each in texts.principles(Consultation.objects.get())]
    assert [each.number for each in versions] == [2, 1, 1]
    assert versions[0].change == kind


def test_a_consultation_in_preparation_gets_drafts_and_is_published_only_when_asked_and_complete(
    folder, capsys
):
    facts, words = {"authoritative": "ar", "zone": "UTC"}, {"ar": {"title": "ثلاثة"}}
    made = create_consultation(make.registrar(), facts=facts, words=words, slug="three", at=clock.now())
    for _twice in range(2):
        call_command("load_text", str(folder), consultation="three")
    assert "as a draft: nothing of it is public" in capsys.readouterr().out
    assert not texts.public().exists()
    assert not texts.principles(made).exists()
    assert [each.number for each, words in texts.texts_to_come(made) if "ar" in words] == [1, 2, 3]
    with pytest.raises(CommandError, match="No round opens comments"):
        load(folder, publish="substantive")
    assert not texts.public().exists()
    day = timedelta(days=1)
    plan = RoundPlan(clock.now() + day, clock.now() + 9 * day, ["comment"])
    add_round(None, consultation_id=made.pk, plan=plan, at=clock.now())
    adopt_clauses(None, consultation_id=made.pk, at=clock.now())
    load(folder, publish="substantive")
    assert [each.number for each in texts.principles(texts.public().get())] == [1, 2, 3]


def test_a_text_without_the_language_that_counts_is_refused(folder):
    make.consultation("english")
    with pytest.raises(CommandError, match="The text in English has no title or no words yet"):
        load(folder, slug="english", publish="editorial")


def test_a_folder_without_its_facts_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"consultation\.yaml is missing"):
        load(tmp_path)


def test_a_file_without_front_matter_is_named(folder):
    (folder / "fr.md").write_text("# Un texte\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"fr\.md has no front matter"):
        load(folder)
