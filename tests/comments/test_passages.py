"""Passages: a comment is anchored to words of the text it is on, in any of its languages."""

import pytest

from consultation.comments import queries
from consultation.comments.actions import submit_comment
from consultation.kit import clock, passage
from consultation.texts.actions import publish_version
from consultation.texts.models import Change
from tests import factories as make
from tests.comments.acts import anew, write
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def consultation(kept):
    consultation = make.consultation(languages=["en", "fr"], principles=2)
    texts = {
        "en": ("Title", "Systems are open. People ask why systems are open."),
        "fr": ("Titre", "Les systèmes sont ouverts."),
    }
    publish(consultation, texts)
    return consultation


def publish(consultation, texts):
    publish_version(
        None,
        consultation_id=consultation.pk,
        number=1,
        texts=texts,
        change=Change.SUBSTANTIVE,
        notes={},
        at=clock.now(),
    )


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution()


def on(consultation, institution, exact, **more):
    selector = {"exact": exact, **{key: more.pop(key) for key in ("prefix", "suffix") if key in more}}
    return write(make.manager(institution), consultation, institution, passage=selector, **more).latest


def test_words_are_found_in_every_language_of_the_text(consultation, institution):
    for exact in ("People ask why", "Les systèmes"):
        assert on(consultation, institution, exact).passage == {"exact": exact, "prefix": "", "suffix": ""}


def test_words_that_are_not_in_the_text_are_refused_by_their_field(consultation, institution):
    for exact in ("people ask why", "People  ask", "Les systemes", "Systems are open to review"):
        with refused("invalid", "passage.exact"):
            on(consultation, institution, exact)
    with refused("invalid", "passage.exact"):
        on(consultation, institution, "People ask why", principle=2)
    with refused("invalid", "passage.exact"):
        on(consultation, institution, "People ask why", principle=None)


def test_what_stands_around_decides_between_the_same_words(consultation, institution):
    kept = on(consultation, institution, "ystems are open", prefix="why s").passage
    body = consultation.principles.get(number=1).current.translations.get(language="en").body
    assert passage.find(body, **kept).start == body.rindex("ystems are open")
    assert passage.find(body, "ystems are open").start == body.index("ystems are open")


def test_context_that_is_not_in_the_text_is_no_mistake(consultation, institution):
    assert (
        on(consultation, institution, "People", prefix="nowhere", suffix="nothing").passage["exact"]
        == "People"
    )


def test_a_passage_of_no_words_is_none(consultation, institution):
    assert on(consultation, institution, " ").passage is None


@pytest.mark.parametrize(
    ("selector", "field"),
    [
        ({"exact": "People\x00"}, "passage.exact"),
        ({"exact": "x" * 2001}, "passage.exact"),
        ({"exact": "People", "prefix": "x" * 2001}, "passage.prefix"),
        ({"exact": "People", "suffix": "x" * 2001}, "passage.suffix"),
    ],
)
def test_a_passage_that_can_not_be_kept_is_refused_by_its_field(consultation, institution, selector, field):
    with refused("invalid", field):
        on(consultation, institution, **selector)


def test_an_edit_is_anchored_in_the_version_the_comment_is_on(consultation, institution):
    comment = make.comment(consultation, institution, passage={"exact": "People", "prefix": "", "suffix": ""})
    make.new_version(consultation, 1)
    still_there = {"exact": "People", "prefix": "", "suffix": ""}
    words = make.words("Other words.", passage=still_there)
    submit_comment(make.manager(institution), comment_id=comment.pk, words=words, at=clock.now())
    assert (anew(comment).version.number, anew(comment).latest.passage) == (2, still_there)
    with refused("invalid", "passage.exact"):
        on(consultation, institution, "People")


def test_the_passages_of_a_list_are_those_that_readers_see(consultation, institution):
    anchored = make.comment(consultation, institution, passage={"exact": "open", "prefix": "", "suffix": ""})
    make.comment(consultation, institution)
    make.pending_comment(consultation, institution, passage={"exact": "why", "prefix": "", "suffix": ""})
    passage = {"exact": "open", "prefix": "", "suffix": ""}
    assert queries.anchors(queries.public()) == [queries.Anchor(anchored.pk, anchored.version_id, 2, passage)]
