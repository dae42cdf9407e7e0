import gettext
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.core.management import CommandError, call_command
from pytest_django import Settings

from consultation.kit.catalogue import (
    LANGUAGES,
    PLURALS,
    Problem,
    compile_all,
    extracted,
    faults,
    po_file,
    problems,
    read,
    update,
)

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

class Kind:
    GENERAL = "general", _("general remark")

def count(n: int) -> str:
    # Translators: what an institution wrote
    return ngettext("%(n)d comment", "%(n)d comments", n) % {"n": n} + pgettext("verb", "Close")

SAME = _("one " "sentence")
NOT = f"{SAME}" + gettext_not("not this")
"""

PAGE = """{% load i18n %}
    <h1>{% translate "Open & past" %}</h1>
  {# Translators: a greeting #}
  {% translate "Hello" context "mail" %}
{% blocktranslate trimmed count counter=total with name=person.name %}
      {{ counter }} act by {{ name }}
   {% plural %}
      {{ counter }} acts by {{ name }}
{% endblocktranslate %}
        {{ _("Save") }} don't "stop
{% blocktranslate %}100% <b>sure</b>{% endblocktranslate %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "consultation/comments/models.py": CODE,
        "consultation/migrations/0001_initial.py": '_("never")',
        "templates/pages/home.html": PAGE,
        "templates/mail/hello.txt": '{% load i18n %}{% translate "Hello" context "mail" %}',
        "static/js/app.js": '_("nor this")',
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_messages_come_from_code_and_templates(root: Path) -> None:
    found = {(message.context, message.id) for message in extracted(root) if message.id}
    assert found == {
        (None, "general remark"),
        (None, ("%(n)d comment", "%(n)d comments")),
        ("verb", "Close"),
        (None, "one sentence"),
        (None, "Open & past"),
        ("mail", "Hello"),
        (None, ("%(counter)s act by %(name)s", "%(counter)s acts by %(name)s")),
        (None, "Save"),
        (None, "100%% <b>sure</b>"),
    }


def test_a_message_brings_its_file_and_the_note_for_translators(root: Path) -> None:
    message = extracted(root).get("%(n)d comment")
    assert message is not None
    assert message.auto_comments == ["what an institution wrote"]
    assert [file for file, _ in message.locations] == ["consultation/comments/models.py"]


def test_update_makes_every_catalogue_and_a_second_one_changes_nothing(root: Path) -> None:
    assert update(root) == dict.fromkeys(LANGUAGES, 9)
    before = {language: po_file(root, language).read_bytes() for language in LANGUAGES}
    moments = {language: po_file(root, language).stat().st_mtime_ns for language in LANGUAGES}
    update(root)
    assert before == {language: po_file(root, language).read_bytes() for language in LANGUAGES}
    assert moments == {language: po_file(root, language).stat().st_mtime_ns for language in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fr", [0, 0, 1, 1, 1, 1, 1, 1, 1]),
        ("es", [1, 0, 1, 1, 1, 1, 1, 1, 1]),
        ("ru", [2, 0, 1, 2, 2, 0, 2, 2, 0]),
        ("ar", [0, 1, 2, 3, 4, 4, 4, 5, 5]),
        ("zh_Hans", [0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_each_language_has_its_plural_forms(root: Path, language: str, forms: list[int]) -> None:
    update(root)
    rule = gettext.c2py(read(root, language).plural_expr)
    assert [rule(number) for number in (0, 1, 2, 5, 11, 21, 99, 100, 101)] == forms


def translate(root: Path, language: str, text: str) -> None:
    """Give every message of one language a translation made of its own words."""
    file = po_file(root, language)
    catalog = read(root, language)
    lines = []
    for message in catalog:
        if not message.id:
            continue
        key, plural = (message.id, "") if isinstance(message.id, str) else message.id
        lines.append(f'msgctxt "{message.context}"' if message.context else "")
        lines.append(f'msgid "{key}"')
        if plural:
            lines.append(f'msgid_plural "{plural}"')
            lines += [f'msgstr[{form}] "{text}{plural}"' for form in range(catalog.num_plurals)]
        else:
            lines.append(f'msgstr "{text}{key}"')
        lines.append("")
    head = file.read_text().split("\n\n")[0]
    file.write_text(head + "\n\n" + "\n".join(lines))


def test_check_names_what_is_missing_until_all_is_translated(root: Path) -> None:
    update(root)
    assert Problem("fr", "Save", "not translated") in problems(root)
    assert len(problems(root)) == 9 * len(LANGUAGES)
    for language in LANGUAGES:
        translate(root, language, "» ")
    assert problems(root) == []
    (root / "templates" / "new.html").write_text('{% load i18n %}{% translate "New" %}')
    assert problems(root) == [Problem(language, "New", "not translated") for language in LANGUAGES]


def test_a_wrong_rule_for_plurals_is_a_problem(root: Path) -> None:
    update(root)
    translate(root, "ru", "» ")
    file = po_file(root, "ru")
    file.write_text(file.read_text().replace("nplurals=3; plural=(n%10==1", "nplurals=3; plural=(n%10==2"))
    assert Problem("ru", "", "wrong rule for plurals") in problems(root)


def test_what_is_no_longer_asked_for_stays_as_a_comment(root: Path) -> None:
    update(root)
    translate(root, "fr", "» ")
    (root / "templates" / "pages" / "home.html").write_text("")
    update(root)
    assert '#~ msgstr "» Save"' in po_file(root, "fr").read_text()
    assert read(root, "fr").get("Save") is None


def test_what_is_asked_for_again_has_its_translation_and_stands_once(root: Path) -> None:
    update(root)
    translate(root, "fr", "» ")
    page = root / "templates" / "pages" / "home.html"
    source = page.read_text()
    page.write_text("")
    update(root)
    page.write_text(source)
    update(root)
    assert po_file(root, "fr").read_text().count('msgid "Save"') == 1
    assert read(root, "fr").get("Save").string == "» Save"


def test_compiling_writes_what_is_older_than_its_source_and_gettext_reads_it(root: Path) -> None:
    update(root)
    translate(root, "ar", "» ")
    assert [file.parent.parent.name for file in compile_all(root)] == list(LANGUAGES)
    assert compile_all(root) == []
    source = po_file(root, "ar")
    os.utime(source, ns=(2**61, 2**61))
    assert compile_all(root) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as file:
        arabic = gettext.GNUTranslations(file)
    assert arabic.gettext("Save") == "» Save"
    assert arabic.ngettext("%(n)d comment", "%(n)d comments", 2) == "» %(n)d comments"
    assert arabic.gettext("Not there") == "Not there"
    assert sorted(file.name for file in source.parent.iterdir()) == ["django.mo", "django.po"]


ARABIC, FRENCH = (PLURALS[language].split("plural=")[1].rstrip(";") for language in ("ar", "fr"))


def fault(
    asked: str | tuple[str, str], given: str | tuple[str, ...], rule: str = FRENCH, flags: str = ""
) -> list[str]:
    return faults(Message(asked), Message(asked, given, flags=flags.split()), rule)


def test_a_fuzzy_or_empty_translation_is_a_fault() -> None:
    assert fault("Save", "Garder", flags="fuzzy") == ["fuzzy"]
    assert fault("Save", "") == ["not translated"]
    assert fault(("%(n)d act", "%(n)d acts"), ("%(n)d acte", "")) == ["not translated"]
    assert faults(Message("Save"), None, FRENCH) == ["not translated"]


@pytest.mark.parametrize(
    ("asked", "given", "expected"),
    [
        ("%(a)s by %(b)s", "%(b)s: %(a)s", []),
        ("%(a)s by %(b)s", "%(b)s", ["other placeholders"]),
        ("%(a)s", "%(a)s %(c)s", ["other placeholders"]),
        ("%(a)d", "%(a)s", ["other placeholders"]),
        ("%(a)s", "%(a)s, %(a)s", []),
        ("%s of %s", "%s", ["other placeholders"]),
        ("100%% of %(a)s", "%(a)s à 100 %%", []),
        ("{name}", "{nom}", ["other placeholders"]),
        ("<b>a</b>", "<b>b", ["other HTML tags"]),
        ('<a href="%(u)s">a</a>', '<a href="%(u)s">b</a>', []),
    ],
)
def test_placeholders_and_tags_must_be_those_of_the_original(
    asked: str, given: str, expected: list[str]
) -> None:
    assert fault(asked, given) == expected


def test_only_a_form_for_one_number_may_leave_the_number_out() -> None:
    acts = ("%(n)d act by %(w)s", "%(n)d acts by %(w)s")
    full = "%(n)d %(w)s"
    assert fault(acts, ("%(w)s", "%(w)s", "%(w)s", full, full, full), ARABIC) == []
    assert fault(acts, (full, full, "", full, full, full), ARABIC) == ["not translated"]
    assert fault(acts, (full, full, "x", full, full, full), ARABIC) == ["other placeholders"]
    assert fault(acts, (full, full, full, "%(w)s", full, full), ARABIC) == ["other placeholders"]
    assert fault(acts, ("%(w)s", full)) == ["other placeholders"]
    assert fault(("One act", "%(n)d acts"), ("%(n)d acte", "%(n)d actes")) == []


def test_the_command_ends_in_error_until_every_sentence_is_translated(
    root: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BASE_DIR = root
    call_command("messages", "update")
    with pytest.raises(CommandError, match="45 translations are missing or wrong"):
        call_command("messages", "check")
    assert "fr: not translated: 'Save'" in capsys.readouterr().err
    for language in LANGUAGES:
        translate(root, language, "» ")
    call_command("messages", "check")
    call_command("messages", "compile")
    assert "5 catalogues compiled." in capsys.readouterr().out
