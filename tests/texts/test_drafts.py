"""The next text of a principle while it is written: private, one at a time, never overwritten unseen."""

import pytest

from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts import actions, drafts, queries
from consultation.texts.models import Change, Principle, PrincipleVersion
from tests import factories as make
from tests.refusals import refused
from tests.together import at_once

WORDS = ("Title 1 (en)", "Principle 1. Systems are open to review. People may ask why a decision was taken.")


@pytest.fixture
def consultation(db):
    return make.consultation(languages=["en", "fr", "ar"])


@pytest.fixture
def secretariat(consultation):
    return make.secretariat(consultation)


def principle(consultation, number=1) -> Principle:
    return Principle.objects.get(consultation=consultation, number=number)


def writing(consultation, number=1) -> drafts.Writing:
    return drafts.writing(principle(consultation, number))


def draft(actor, consultation, body="Other words.", *, language="en", number=1, title="New", base=None):
    standing = writing(consultation, number).standing(language)
    return actions.draft_text(
        actor,
        consultation_id=consultation.pk,
        number=number,
        language=language,
        title=title,
        body=body,
        base=drafts.token(standing) if base is None else base,
        at=clock.now(),
    )


def test_a_draft_is_the_next_text_in_one_language_and_nobody_reads_it(consultation, secretariat):
    draft(secretariat, consultation, "Other\r\nwords. ")
    found = writing(consultation)
    assert found.drafted == {"en": ("New", "Other\nwords.")}
    assert found.standing("fr") == found.current["fr"]
    version = PrincipleVersion.objects.get(published_at=None)
    assert (version.number, version.translations.get().authoritative) == (2, True)
    assert [each.number for each in queries.published_versions(version.principle)] == [1]
    assert queries.principle(consultation, 1).current.number == 1
    assert not Entry.objects.filter(stream_id=consultation.pk, kind__contains="draft").exists()


def test_nobody_else_writes_one(consultation):
    elsewhere = make.secretariat(make.consultation())
    for person in (make.moderator(consultation), make.observer(consultation), make.registrar(), elsewhere):
        with refused("no-role"):
            draft(person, consultation)
        with refused("no-role"):
            actions.add_principle(person, consultation_id=consultation.pk, title="T", at=clock.now())
    assert not PrincipleVersion.objects.filter(published_at=None).exists()


def test_whoever_began_from_other_words_overwrites_nothing(consultation, secretariat):
    began = drafts.token(WORDS)
    draft(secretariat, consultation, "First.", base=began)
    with refused("draft-moved-on"):
        draft(make.secretariat(consultation), consultation, "Second.", base=began)
    assert writing(consultation).drafted == {"en": ("New", "First.")}
    # The very same words again are no change, and another language is another text.
    draft(secretariat, consultation, "First.", base=began)
    draft(secretariat, consultation, "Autres mots.", language="fr")
    # Whoever read the new words may go on from them.
    draft(secretariat, consultation, "Second.", base=drafts.token(("New", "First.")))
    assert writing(consultation).drafted["en"] == ("New", "Second.")


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_save_at_once_one_does_and_the_others_are_told():
    consultation = make.consultation()
    people = [make.secretariat(consultation) for _ in range(8)]
    began = drafts.token(WORDS)

    def save(person):
        return lambda: draft(person, consultation, f"By {person.pk}.", base=began)

    outcomes = at_once([save(person) for person in people])
    codes = [getattr(each, "code", "saved") for each in outcomes]
    assert sorted(codes) == ["draft-moved-on"] * 7 + ["saved"]
    winner = people[codes.index("saved")]
    assert writing(consultation).drafted == {"en": ("New", f"By {winner.pk}.")}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"language": "ru"}, "language"),
        ({"title": "x" * 301}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"body": "a\x00b"}, "body"),
    ],
)
def test_what_no_text_can_be_is_refused_beside_its_field(consultation, secretariat, fields, name):
    with refused("invalid", name):
        draft(secretariat, consultation, **fields)


def test_a_discarded_draft_leaves_the_published_text(consultation, secretariat):
    draft(secretariat, consultation)
    draft(secretariat, consultation, "Autres mots.", language="fr")

    def discard(language, base):
        actions.discard_draft(
            secretariat,
            consultation_id=consultation.pk,
            number=1,
            language=language,
            base=base,
            at=clock.now(),
        )

    with refused("draft-moved-on"):
        discard("en", drafts.token(WORDS))
    discard("en", drafts.token(("New", "Other words.")))
    assert list(writing(consultation).drafted) == ["fr"]
    discard("fr", drafts.token(("New", "Autres mots.")))
    assert not PrincipleVersion.objects.filter(published_at=None).exists()
    assert principle(consultation).current.number == 1


def test_a_number_is_given_once_and_the_order_is_apart(consultation, secretariat):
    def order(numbers, base):
        actions.reorder_principles(
            secretariat, consultation_id=consultation.pk, numbers=numbers, base=base, at=clock.now()
        )

    new = actions.add_principle(
        secretariat,
        consultation_id=consultation.pk,
        title="Fourth",
        body="Words.",
        headings={"fr": "Titre"},
        at=clock.now(),
    )
    assert (new.number, new.current, new.headings) == (4, None, {"fr": "Titre"})
    assert [each.number for each in queries.principles(consultation)] == [1, 2, 3]
    order([4, 3, 1, 2], [1, 2, 3, 4])
    assert [each.number for each in queries.principles(consultation)] == [3, 1, 2]
    assert Entry.objects.get(kind="principles.reordered").public
    with refused("order-moved-on"):
        order([1, 2, 3, 4], [1, 2, 3, 4])
    with refused("invalid", "numbers"):
        order([1, 2, 3, 3], [4, 3, 1, 2])
    actions.remove_principle(secretariat, consultation_id=consultation.pk, number=4, at=clock.now())
    with refused("was-public"):
        actions.remove_principle(secretariat, consultation_id=consultation.pk, number=3, at=clock.now())


def test_headings_are_changed_at_once_and_in_the_open(consultation, secretariat):
    def head(**headings):
        actions.set_headings(
            secretariat, consultation_id=consultation.pk, number=2, headings=headings, at=clock.now()
        )

    head(en="Rights", ar="حقوق")
    head(en="", fr="Droits")
    head(fr="Droits")
    assert principle(consultation, 2).headings == {"ar": "حقوق", "fr": "Droits"}
    assert Entry.objects.filter(kind="principle.heading_changed", public=True, principle=2).count() == 2
    with refused("invalid", "headings.en"):
        head(en="x" * 301)


def test_another_text_published_meanwhile_leaves_the_draft_a_draft(consultation, secretariat):
    draft(secretariat, consultation)
    make.new_version(consultation, 1, "Imported words.")
    found = writing(consultation)
    assert found.current["en"][1] == "Imported words."
    assert found.drafted == {"en": ("New", "Other words.")}
    assert PrincipleVersion.objects.get(published_at=None).number == 3


def test_the_next_text_carries_what_still_holds(consultation, secretariat):
    draft(secretariat, consultation, "Autres mots.", language="fr")
    found = writing(consultation)
    assert found.left_behind() == []
    assert found.outcome() == {**found.current, "fr": ("New", "Autres mots.")}
    draft(secretariat, consultation, "Other words.")
    found = writing(consultation)
    assert found.left_behind() == ["ar"]
    assert sorted(found.outcome()) == ["en", "fr"]
    assert found.outcome(["ar"])["ar"] == found.current["ar"]


def test_a_missing_translation_joins_the_current_text_and_changes_no_word_of_it(secretariat, consultation):
    texts = {"en": ("Title", "Second text.")}
    actions.publish_version(
        secretariat,
        consultation_id=consultation.pk,
        number=1,
        texts=texts,
        change=Change.EDITORIAL,
        notes={},
        at=clock.now(),
    )
    draft(secretariat, consultation, "Second texte.", language="fr")
    hash_before = principle(consultation).current.text_hash
    assert drafts.translations_behind(principle(consultation)) == {"ar": 1, "fr": 1}

    def add(base):
        return actions.add_translations(
            secretariat, consultation_id=consultation.pk, number=1, base=base, at=clock.now()
        )

    with refused("draft-moved-on"):
        add("0" * 64)
    version = add(writing(consultation).token)
    assert (version.number, version.text_hash) == (2, hash_before)
    assert writing(consultation).current == {**texts, "fr": ("New", "Second texte.")}
    assert writing(consultation).drafted == {}
    assert drafts.translations_behind(principle(consultation)) == {"ar": 1}
    entry = Entry.objects.get(kind="translation.added")
    assert (entry.public, entry.principle, entry.revision) == (True, 1, 2)
    draft(secretariat, consultation, "Third text.")
    with refused("not-a-translation"):
        add(writing(consultation).token)
