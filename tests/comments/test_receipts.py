"""What a receipt vouches for can be computed again from the words: RFC 8785, then SHA-256."""

import hashlib
import json

import pytest

from consultation.comments.models import CommentRevision
from consultation.comments.wording import Wording, checked, differs, hashed, of, words_hash
from tests import factories as make
from tests.refusals import refused

TRANSLATION = {"language": "fr", "body": "Dites qui contrôle qui.", "proposed_text": ""}


def test_the_hash_is_that_of_the_canonical_form_and_names_a_translation_only_where_there_is_one():
    plain = Wording("general", "Say who audits whom.", "", None, "en")
    words = {"kind": "general", "body": plain.body, "proposed_text": "", "passage": None, "language": "en"}
    said = {"reference": "P1-1", "revision": 2, **words}
    assert hashed("P1-1", 2, plain) == said
    # ASCII keys in order, no white space: this is the canonical form of RFC 8785.
    form = json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert words_hash("P1-1", 2, plain) == hashlib.sha256(form.encode()).hexdigest()
    detected = Wording("general", plain.body, "", None, "en", language_detected=True)
    assert words_hash("P1-1", 2, detected) == words_hash("P1-1", 2, plain)
    translated = Wording("general", plain.body, "", None, "en", translation=TRANSLATION)
    assert hashed("P1-1", 2, translated) == {**said, "translation": TRANSLATION}
    assert words_hash("P1-1", 2, translated) != words_hash("P1-1", 2, plain)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"language": "", "body": "Dites."}, "translation.language"),
        ({"language": "no such", "body": "Dites."}, "translation.language"),
        ({"language": "EN", "body": "Say."}, "translation.language"),
        ({"language": "fr", "body": " ", "proposed_text": "Dites."}, "translation.body"),
        ({"language": "fr", "body": "x" * 20_001}, "translation.body"),
        ({"language": "fr", "body": "x", "proposed_text": "nul \x00"}, "translation.proposed_text"),
    ],
)
def test_what_is_wrong_in_a_translation_is_named(given, field):
    with refused("invalid", field):
        checked(make.words(translation=given), [], complete=True)


def test_an_empty_translation_is_none_and_a_kept_one_names_its_three_parts():
    assert (
        checked(make.words(translation={"language": "fr", "body": " "}), [], complete=True).translation
        is None
    )
    given = {"language": "fr", "body": "Dites qui contrôle qui."}
    assert checked(make.words(translation=given), [], complete=True).translation == TRANSLATION


@pytest.mark.parametrize(
    ("change", "substance"),
    [
        ({"body": "We ask\n for a  public register. "}, False),
        ({"kind": "editorial"}, False),
        ({"body": "We ask for a register."}, True),
        ({"proposed_text": "A register."}, True),
        ({"passage": {"exact": "open to review", "prefix": "", "suffix": ""}}, True),
        ({"translation": TRANSLATION}, True),
    ],
)
def test_a_change_in_substance_is_one_of_words_beyond_white_space(change, substance):
    before, after = make.words(), make.words(**change)
    assert differs(CommentRevision(**before.fields()), CommentRevision(**after.fields())) is substance


@pytest.mark.django_db
def test_a_translation_is_sent_moderated_found_and_redacted_with_the_words():
    comment = make.comment(body="Say who audits whom.", translation=TRANSLATION)
    revision = comment.shown
    assert revision.translation == TRANSLATION
    assert revision.words_hash == words_hash(comment.reference, 1, of(revision))
