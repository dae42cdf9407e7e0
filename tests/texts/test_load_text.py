"""A whole text from files: read, published once, and published again only where words changed."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts import drafts, queries
from consultation.texts.actions import draft_text, load_text
from consultation.texts.models import Change, Consultation, Principle, PrincipleVersion, Translation
from consultation.texts.source import BadText, read_folder
from tests import factories as make
from tests.refusals import refused

FACTS = """\
slug: small-text
authoritative: en
languages: [en, fr]
zone: Europe/Oslo
rounds:
  - number: 1
    acts: [comment, endorse]
    days: 10
"""
ENGLISH = """\
---
language: en
title: A small text
clauses:
  "1": {title: Be kind, text: No insults.}
  "2": {title: Be brief, text: No spam.}
---
The preamble, in two

paragraphs.

# Openness

## 1. Open systems

Systems are open.

They stay so.

## 3. People

People decide.
"""
FRENCH = """\
---
language: fr
title: Un petit texte
clauses:
  "1": {title: Courtoisie, text: Pas d'injures.}
---
Le préambule.

# Ouverture

## 1. Des systèmes ouverts

Les systèmes sont ouverts.
"""


@pytest.fixture
def folder(tmp_path):
    def write(facts=FACTS, **editions):
        (tmp_path / "consultation.yaml").write_bytes(facts.encode())
        for code, text in {"en": ENGLISH, "fr": FRENCH, **editions}.items():
            (tmp_path / f"{code}.md").write_bytes(text.encode())
        return tmp_path

    return write


def load(folder, change=None, actor=None, at=None):
    return load_text(actor, source=read_folder(folder), change=change, at=at or clock.now())


def loaded():
    """Every principle's current words by number and language."""
    rows = Translation.objects.filter(version__current_of__isnull=False)
    return {
        (row.version.principle.number, row.language): (row.title, row.body, row.authoritative)
        for row in rows.select_related("version__principle")
    }


WORDS = {
    (1, "en"): ("Open systems", "Systems are open.\n\nThey stay so.", True),
    (1, "fr"): ("Des systèmes ouverts", "Les systèmes sont ouverts.", False),
    (3, "en"): ("People", "People decide.", True),
}


@pytest.mark.django_db
def test_a_text_is_published_with_its_words_headings_clauses_and_rounds(folder):
    at = clock.now()
    consultation = load(folder(), at=at)
    assert loaded() == WORDS
    assert (consultation.published_at, consultation.title("fr"), consultation.title("ar")) == (
        at, "Un petit texte", "A small text",
    )  # fmt: skip
    assert consultation.preambles["en"] == "The preamble, in two\n\nparagraphs."
    assert [each.headings for each in queries.principles(consultation)] == [
        {"en": "Openness", "fr": "Ouverture"},
        {},
    ]
    assert [(each.number, sorted(each.titles)) for each in consultation.clauses.all()] == [
        ("1", ["en", "fr"]),
        ("2", ["en"]),
    ]
    [round_] = consultation.rounds.all()
    assert (round_.opens_at, round_.opens_comment, round_.opens_discuss, round_.opens_endorse) == (
        at, True, False, True,
    )  # fmt: skip
    assert list(Entry.objects.filter(public=True).order_by("number").values_list("kind", flat=True)) == [
        "version.published",
        "version.published",
        "consultation.published",
    ]


@pytest.mark.django_db
def test_a_round_closes_at_six_in_the_evening_where_the_consultation_is(folder):
    at = clock.now()
    [round_] = load(folder(), at=at).rounds.all()
    there = round_.closes_at.astimezone(ZoneInfo("Europe/Oslo"))
    assert (there.hour, there.minute) == (18, 0)
    assert there.date() == (at.astimezone(ZoneInfo("Europe/Oslo")) + timedelta(days=10)).date()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [None, Change.EDITORIAL, Change.SUBSTANTIVE])
def test_loading_the_same_text_again_changes_nothing(folder, change):
    consultation = load(folder())
    before = Entry.objects.count(), PrincipleVersion.objects.count(), consultation.published_at
    again = load(folder(), change)
    assert again == consultation
    assert (Entry.objects.count(), PrincipleVersion.objects.count(), again.published_at) == before
    assert consultation.rounds.count() == 1


@pytest.mark.django_db
def test_changed_words_are_refused_until_somebody_says_what_kind_of_change_it_is(folder):
    load(folder())
    changed = folder(en=ENGLISH.replace("They stay so.", "They always stay so."))
    with refused("invalid", "change"):
        load(changed)
    assert loaded() == WORDS
    load(changed, Change.SUBSTANTIVE)
    versions = PrincipleVersion.objects.filter(principle__number=1).order_by("number")
    assert [(each.number, each.change) for each in versions] == [(1, "substantive"), (2, "substantive")]
    assert loaded()[1, "en"][1].endswith("They always stay so.")
    assert Principle.objects.get(number=3).versions.count() == 1


@pytest.mark.django_db
def test_a_changed_translation_is_a_changed_text_too(folder):
    load(folder())
    mended = folder(fr=FRENCH.replace("Les systèmes sont ouverts.", "Les systèmes restent ouverts."))
    with refused("invalid", "change"):
        load(mended)
    load(mended, Change.EDITORIAL)
    assert loaded()[1, "fr"][1] == "Les systèmes restent ouverts."
    assert Principle.objects.get(number=1).current.number == 2


@pytest.mark.django_db
def test_loading_what_was_shipped_after_the_secretariat_moved_on_changes_nothing(folder):
    consultation = load(folder())
    make.new_version(consultation, 1, "The secretariat's words.")
    load(folder())
    assert loaded()[1, "en"][1] == "The secretariat's words."
    load(folder(), Change.SUBSTANTIVE)
    assert (loaded()[1, "en"], Principle.objects.get(number=1).current.number) == (WORDS[1, "en"], 3)


@pytest.mark.django_db
def test_a_principle_that_is_new_in_the_files_is_added_in_its_place(folder):
    load(folder())
    load(folder(en=ENGLISH.replace("## 3. People", "## 2. Care\n\nTake care.\n\n## 3. People")))
    assert [each.number for each in queries.principles(Consultation.objects.get())] == [1, 2, 3]
    assert loaded()[2, "en"] == ("Care", "Take care.", True)


@pytest.mark.django_db
def test_marks_and_line_ends_that_an_editor_left_make_no_other_text(folder):
    load(folder())
    before = Entry.objects.count()
    edited = {code: "\ufeff" + text.replace("\n", "\r\n") for code, text in (("en", ENGLISH), ("fr", FRENCH))}
    load(folder("\ufeff" + FACTS.replace("\n", "\r\n"), **edited), Change.SUBSTANTIVE)
    assert (loaded(), Entry.objects.count()) == (WORDS, before)


@pytest.mark.django_db
def test_the_hash_of_a_version_is_that_of_its_exact_authoritative_words(folder):
    load(folder())
    version = Principle.objects.get(number=1).current
    # printf 'Open systems\n\nSystems are open.\n\nThey stay so.' | sha256sum
    assert version.text_hash == "6e5ff12330b85ba382ffb5b070399e73b060f129861ea3489779b903013305e0"


@pytest.mark.django_db
def test_who_may_create_a_consultation_and_who_may_publish_its_text(folder):
    for person in (make.person(), make.manager(make.institution())):
        with refused("no-role"):
            load(folder(), actor=person)
    registrar = make.registrar()
    consultation = load(folder(), actor=registrar)
    assert queries.roles_of(registrar, consultation) == {"secretariat"}
    changed = folder(en=ENGLISH.replace("People decide.", "People decide together."))
    other = make.registrar()
    for person in (other, make.moderator(consultation), make.observer(consultation)):
        with refused("no-role"):
            load(changed, Change.EDITORIAL, actor=person)
    load(changed, Change.EDITORIAL, actor=make.secretariat(consultation))
    assert loaded()[3, "en"][1] == "People decide together."


@pytest.mark.parametrize(
    ("facts", "editions", "named"),
    [
        (FACTS, {"en": "no front matter"}, "en.md"),
        (FACTS, {"en": "---\n[\n---\nText.\n"}, "en.md"),
        (FACTS, {"en": "---\n- a list\n---\nText.\n"}, "en.md"),
        (FACTS, {"fr": ENGLISH.replace("## 3. ", "## 1. ")}, "fr.md"),
        (FACTS, {"fr": FRENCH + "\x00"}, "fr.md"),
        (FACTS.replace("authoritative: en", "authoritative: zh"), {}, "zh"),
        ("[", {}, "consultation.yaml"),
        ("", {}, "consultation.yaml"),
    ],
)
def test_a_file_that_can_not_be_read_is_named(folder, facts, editions, named):
    with pytest.raises(BadText, match=named):
        read_folder(folder(facts, **editions))


def test_a_file_in_another_encoding_is_named(folder):
    place = folder()
    (place / "fr.md").write_bytes(FRENCH.encode("latin-1"))
    with pytest.raises(BadText, match=r"fr\.md"):
        read_folder(place)


def test_a_folder_without_facts_is_no_text(tmp_path):
    with pytest.raises(BadText, match=r"consultation\.yaml"):
        read_folder(tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "principles"),
    [
        (Path(settings.BASE_DIR) / "consultation/texts/initiative", 10),
        (Path(__file__).parent / "three-principles", 3),
    ],
)
def test_the_texts_that_we_hold_load_word_for_word(place, principles):
    source = read_folder(place)
    consultation = load_text(None, source=source, at=clock.now())
    found = {
        (number, code): (section.title, section.body)
        for code, edition in source.editions.items()
        for number, section in edition.sections.items()
    }
    assert {key: words[:2] for key, words in loaded().items()} == found
    assert len(queries.principles(consultation)) == principles
    assert load_text(None, source=read_folder(place), change=Change.EDITORIAL, at=clock.now()) == consultation
    assert PrincipleVersion.objects.count() == principles


def kinds_since(number):
    """What was publicly recorded after this many entries."""
    return list(Entry.objects.filter(public=True).order_by("number").values_list("kind", flat=True)[number:])


@pytest.mark.django_db
def test_another_order_heading_and_preamble_are_loaded_without_a_new_version(folder):
    consultation = load(folder())
    before = Entry.objects.count()
    one, three = ENGLISH.split("# Openness\n\n")[1].split("## 3. People")
    moved = ENGLISH.split("# Openness")[0].replace("in two", "in some")
    moved += f"# Everybody\n\n## 3. People{three}\n# Open to all\n\n{one}"
    # As it is loaded whenever the site starts, nothing of that is done.
    load(folder(en=moved))
    assert Entry.objects.count() == before
    load(folder(en=moved), Change.EDITORIAL)
    assert [(each.number, each.headings) for each in queries.principles(consultation)] == [
        (3, {"en": "Everybody"}),
        (1, {"en": "Open to all", "fr": "Ouverture"}),
    ]
    consultation.refresh_from_db()
    assert consultation.preambles == {"en": "The preamble, in some\n\nparagraphs.", "fr": "Le préambule."}
    assert (loaded(), PrincipleVersion.objects.count()) == (WORDS, 2)
    assert sorted(kinds_since(before)) == [
        "consultation.changed",
        "principle.heading_changed",
        "principle.heading_changed",
        "principles.reordered",
    ]


@pytest.mark.django_db
def test_a_new_language_comes_to_the_versions_that_are_there(folder):
    consultation = load(folder())
    before = Entry.objects.count()
    spanish = FRENCH.replace("language: fr", "language: es").replace(
        "Des systèmes ouverts", "Sistemas abiertos"
    )
    load(folder(es=spanish), Change.SUBSTANTIVE)
    assert loaded() == {**WORDS, (1, "es"): ("Sistemas abiertos", "Les systèmes sont ouverts.", False)}
    assert PrincipleVersion.objects.count() == 2
    consultation.refresh_from_db()
    assert consultation.languages == ["en", "fr", "es"]
    assert "translation.added" in kinds_since(before)
    assert "version.published" not in kinds_since(before)
    # The shipped text, which lacks it, is still a text that was published.
    load(folder(es=spanish))


@pytest.mark.django_db
def test_what_the_files_lack_stays_as_it_is(folder):
    consultation = load(folder())
    place = folder(en=ENGLISH.split("## 3. People")[0])
    (place / "fr.md").unlink()
    load(place, Change.EDITORIAL)
    assert (loaded(), PrincipleVersion.objects.count()) == (WORDS, 2)
    # Beside other words of the authoritative text an old translation would be wrong.
    (place / "en.md").write_text((place / "en.md").read_text().replace("They stay so.", "For ever."))
    load(place, Change.EDITORIAL)
    assert loaded() == {
        (1, "en"): ("Open systems", "Systems are open.\n\nFor ever.", True),
        (3, "en"): WORDS[3, "en"],
    }
    assert [each.number for each in queries.principles(consultation)] == [1, 3]


@pytest.mark.django_db
def test_a_withdrawn_principle_stays_withdrawn_and_as_it_was(folder):
    consultation = load(folder())
    Principle.objects.filter(number=3).update(withdrawn_at=clock.now())
    load(folder(en=ENGLISH.replace("People decide.", "People decide again.")), Change.SUBSTANTIVE)
    assert loaded()[3, "en"] == WORDS[3, "en"]
    assert [each.number for each in queries.principles(consultation)] == [1]


@pytest.mark.django_db
def test_what_the_secretariat_is_drafting_is_neither_published_nor_lost(folder):
    consultation = load(folder())
    writer = make.secretariat(consultation)
    draft = {"number": 3, "language": "en", "title": "People", "body": "People might decide."}
    base = drafts.token(WORDS[3, "en"][:2])
    draft_text(writer, consultation_id=consultation.pk, base=base, at=clock.now(), **draft)
    load(folder())
    load(folder(en=ENGLISH.replace("People decide.", "People decide together.")), Change.EDITORIAL)
    assert loaded()[3, "en"][1] == "People decide together."
    assert drafts.writing(Principle.objects.get(number=3)).drafted == {
        "en": ("People", "People might decide.")
    }
