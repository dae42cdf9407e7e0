import pytest

from consultation.kit.languages import (
    INTERFACE,
    canonical_tag,
    choose,
    direction,
    html_lang,
    is_tag,
    locale_of,
    name,
)


@pytest.mark.parametrize(
    ("tag", "spelled"),
    [
        ("en", "en"), ("FR", "fr"), ("zh-hans", "zh-Hans"), ("ZH_HANT_tw", "zh-Hant-TW"), ("pt-br", "pt-BR"),
        ("es-419", "es-419"), ("iw", "he"), ("ckb", "ckb"), ("de-CH-1996", "de-CH-1996"), (" ar ", "ar"),
    ],
)  # fmt: skip
def test_a_tag_has_one_spelling(tag: str, spelled: str) -> None:
    assert canonical_tag(tag) == spelled
    assert is_tag(tag)


@pytest.mark.parametrize(
    "tag",
    [
        "", "e", "english", "xx", "en-", "en--US", "-en", "en US", "en-x-private", "zh-hans\x00", "é", "１２",
        "en\n\nen", "en" + "-abcde" * 6,
    ],
)  # fmt: skip
def test_what_names_no_language_is_no_tag(tag: str) -> None:
    assert canonical_tag(tag) is None
    assert not is_tag(tag)
    assert html_lang(tag) == "und"


def test_the_languages_of_the_interface_have_names_of_their_own() -> None:
    assert [html_lang(code) for code in INTERFACE] == ["en", "fr", "es", "ru", "ar", "zh-Hans"]
    assert [str(locale_of(code)) for code in INTERFACE] == ["en", "fr", "es", "ru", "ar", "zh_Hans"]


@pytest.mark.parametrize(
    ("code", "way"),
    [
        ("ar", "rtl"), ("fa-IR", "rtl"), ("he", "rtl"), ("uz-Arab", "rtl"),
        ("ar-Latn", "ltr"), ("zh-hans", "ltr"), ("", "ltr"),
    ],
)  # fmt: skip
def test_each_script_has_its_direction(code: str, way: str) -> None:
    assert direction(code) == way


def test_languages_are_named_in_the_readers_language() -> None:
    assert name("ar", "fr") == "arabe"
    assert name("zh-hans", "en") == "Simplified Chinese"
    assert name("pt-MZ", "es") == "portugués"
    assert name("de", "unknown") == "German"
    assert name("qqq", "en") == "qqq"


@pytest.mark.parametrize(
    ("available", "wanted", "authoritative", "chosen"),
    [
        (["en", "fr"], "fr", "en", "fr"),
        (["en", "zh-hans"], "zh-Hans", "en", "zh-hans"),
        (["en", "pt"], "pt-BR", "en", "pt"),
        (["en", "zh-hant", "zh-hans"], "zh", "en", "zh-hans"),
        (["en", "ar"], "fr", "ar", "ar"),
        (["ru", "es"], "fr", "ar", "es"),
        ([], "fr", "en", None),
    ],
)  # fmt: skip
def test_a_reader_is_shown_the_nearest_language(
    available: list[str], wanted: str, authoritative: str, chosen: str | None
) -> None:
    assert choose(available, wanted, authoritative) == chosen
