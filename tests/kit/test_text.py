import pytest
from django import forms
from django.core.exceptions import ValidationError

from consultation.kit.fields import WordsField
from consultation.kit.text import UnfitText, clean, is_blank, too_long, validate_text


def test_text_is_kept_code_point_for_code_point_but_for_line_ends() -> None:
    text = " e\u0301 é \u200f\u202e \ufeff\x07 ﬁ 😀\t"
    assert clean(text) == text
    assert clean("a\r\nb\rc\n\r\nd") == "a\nb\nc\n\nd"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "null-characters-not-allowed"),
        ("a\ud800", "surrogates-not-allowed"),
        ("\udc00", "surrogates-not-allowed"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(UnfitText) as refused:
        clean(text)
    assert refused.value.code == code
    with pytest.raises(ValidationError) as invalid:
        validate_text(text)
    assert invalid.value.code == code
    assert invalid.value.messages == [str(refused.value)]


def test_a_limit_counts_code_points() -> None:
    assert too_long("😀" * 5, 5) is None
    assert too_long("😀" * 6, 5) == "Use at most 5 characters. There are 6."


class Words(forms.Form):
    body = WordsField(limit=5)
    note = WordsField(limit=5, required=False, rows=None)


def errors(**data: str) -> dict[str, list[str]]:
    return {name: list(messages) for name, messages in Words(data).errors.items()}


def test_a_form_keeps_words_as_typed() -> None:
    form = Words({"body": " a\r\nb ", "note": "  "})
    assert form.is_valid()
    assert form.cleaned_data == {"body": " a\nb ", "note": ""}


def test_line_ends_count_once() -> None:
    assert errors(body="a\r\nb\r\nc") == {}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "This field is required."),
        (" \r\n ", "This field is required."),
        ("abcdef", "Use at most 5 characters. There are 6."),
        ("a\x00", "The text holds a null character. Remove it and send it again."),
        ("\ud800", "The text holds half of a character. Type the character again."),
    ],
)
def test_a_form_says_what_is_wrong_beside_the_field(body: str, sentence: str) -> None:
    assert errors(body=body) == {"body": [sentence]}


def test_the_box_follows_the_direction_of_its_words_and_knows_its_limit() -> None:
    body = str(Words()["body"])
    assert 'dir="auto"' in body
    assert 'data-limit="5"' in body
    assert "maxlength" not in body
    assert str(Words()["note"]).startswith('<input type="text"')


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        (" \n\t\u00a0", True),
        ("\u200b\u2060\ufeff\u202e", True),
        ("\u3164\u115f\u2800\ufe0f", True),
        ("a", False),
        ("\U0001f44d", False),
        ("\u0651", False),
        ("\u200b。", False),
    ],
)
def test_a_text_of_which_nobody_sees_anything_is_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank
