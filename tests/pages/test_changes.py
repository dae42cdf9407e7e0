"""What changed, languages that lag, two side by side, and the text as a file: as readers meet them."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format

from consultation.pages.views import files
from consultation.texts import arranging
from consultation.texts.actions import publish_version
from consultation.texts.formats import composing
from consultation.texts.models import Change, Consultation, Principle
from tests import factories as make
from tests.pages.page import read
from tests.redlines import seen
from tests.texts.tracked import paragraphs

pytestmark = pytest.mark.usefixtures("on_top")
START = datetime(2026, 5, 3, 9, tzinfo=UTC)
OLD = "Systems are open to review.\n\n- one\n- two"
NEW = "Systems are open to public review.\n\n- one\n- three\n\nA new paragraph."


def publish(text: Consultation, number: int, words: dict[str, str], *, days: int) -> None:
    publish_version(
        None,
        consultation_id=text.pk,
        number=number,
        texts={code: (f"Title {number} ({code})", each) for code, each in words.items()},
        change=Change.SUBSTANTIVE,
        notes={"en": f"Why version of day {days}."},
        at=START + timedelta(days=days),
    )


@pytest.fixture(scope="module")
def consultation(kept: None) -> Consultation:
    """Principle 1 has three versions: the second in three languages, the third without French."""
    made = make.consultation(principles=4, languages=("en", "fr", "ar"), at=START)
    publish(made, 1, dict.fromkeys(("en", "fr", "ar"), OLD), days=1)
    publish(made, 1, {"en": NEW, "ar": NEW}, days=2)
    return made


def marks(response) -> list[str]:
    """What is marked, with its element: words for the ear left out."""
    return re.findall(r"<(ins|del)>(.*?)</\1>", seen(response).split("<main", 1)[1], re.DOTALL)


def test_a_redline_marks_words_paragraph_by_paragraph(client, home):
    response = client.get(f"{home}principles/1/changes/2..3/")
    expected = [("ins", "public "), ("del", "two"), ("ins", "three"), ("ins", "A new paragraph.")]
    assert marks(response)[2:] == expected  # the first two are the key
    page = read(response)
    assert "[added: public ]" in page.text
    assert "Why version of day 2." in page.text
    assert "Why version of day 1." not in page.text
    assert page.text.count("1.1") == page.text.count("1.3") == 1


def test_versions_are_compared_the_right_way_round_and_only_those_there_are(client, home):
    assert client.get(f"{home}principles/1/changes/3..1/")["Location"].endswith("/principles/1/changes/1..3/")
    assert client.get(f"{home}principles/1/changes/2..2/")["Location"].endswith("/principles/1/?version=2")
    links = read(client.get(f"{home}principles/1/changes/1..2/")).links
    assert {f"{home}principles/1/changes/{pair}/" for pair in ("1..2", "1..3", "2..3")} <= set(links)
    for pair in ("1..4", "0..1", "1..99999999999999999999"):
        assert client.get(f"{home}principles/1/changes/{pair}/").status_code == 404
        assert client.get(f"{home}principles/1/changes/{pair}.docx").status_code == 404


def test_a_language_in_which_nothing_changed_says_so(client, consultation, home):
    for days, words in ((3, OLD), (4, NEW)):
        publish(consultation, 4, {"en": words, "fr": "Les mêmes mots."}, days=days)
    address = f"{home}principles/4/changes/2..3/"
    assert "Unchanged" in read(client.get(f"{address}?text=fr")).text
    assert "Unchanged" not in read(client.get(address)).text


def test_texts_are_compared_in_one_language_and_the_page_says_which(client, home):
    arabic = client.get(f"{home}principles/1/changes/2..3/?text=ar").content.decode()
    assert re.search(r'<p class="redline-line" dir="rtl">', arabic)
    french = read(client.get(f"{home}principles/1/changes/2..3/?text=fr"))
    assert "These texts are not both there in French. They are compared in English." in french.text
    assert not [link for link in french.links if link.endswith("text=fr") and "changes" not in link]
    both = read(client.get(f"{home}principles/1/changes/1..2/?text=fr"))
    assert "not both there" not in both.text


def test_the_whole_text_is_compared_between_two_moments(client, consultation, home):
    Principle.objects.filter(consultation=consultation, number=2).update(
        withdrawn_at=START + timedelta(days=3)
    )
    Principle.objects.filter(consultation=consultation, number=4).update(order=0)
    arranging.note(consultation, at=START + timedelta(days=3))
    Principle.objects.create(consultation=consultation, number=5, order=9)
    publish(consultation, 5, {"en": "Wholly new."}, days=4)
    arranging.note(consultation, at=START + timedelta(days=4))
    page = read(client.get(f"{home}text/changes/?from=2026-05-03"))
    for sentence in (
        "Principle 1 was changed.",
        "Principle 2 was withdrawn.",
        "Principle 5 was added.",
        "Principle 4 stands first now.",
        "[removed: Principle 2. Systems are open to review.",
        "[added: Wholly new. ]",
        "First text",
    ):
        assert sentence in page.text
    [form] = [each for each in page.forms if "from" in each.fields]
    assert form.fields["from"] == ["2026-05-03T09:00:00Z"]
    assert form.fields["to"] == ["2026-05-07T09:00:00Z"]
    newest = read(client.get(f"{home}text/changes/"))
    assert ("Principle 5 was added." in newest.text, "Principle 1 was changed." in newest.text) == (
        True,
        False,
    )


def test_moments_the_wrong_way_round_are_turned_and_others_are_not_there(client, home):
    turned = client.get(f"{home}text/changes/?from=2026-05-05T12:00:00Z&to=2026-05-03")
    assert turned.status_code == 302
    assert "from=2026-05-03T21" in turned["Location"]
    assert client.get(turned["Location"]).status_code == 200
    for bad in ("x", "2026-05-02", "2026-13-01", "\x00", "2026-05-04T09:00:00", "9999-12-31T23:59:59Z0"):
        assert client.get(f"{home}text/changes/", {"from": bad}).status_code == 404
    assert client.get(f"{home}text/changes/?to=2030-01-01").status_code == 200
    fresh = make.consultation()
    said = read(client.get(f"/consultations/{fresh.slug}/text/changes/")).text
    assert "The text has not changed since it was first published." in said


def test_what_changed_is_a_word_file_too(client, home):
    one = client.get(f"{home}principles/1/changes/2..3.docx")
    assert one["Content-Disposition"].endswith('-1-2-3.docx"')
    whole = client.get(f"{home}text/changes.docx?from=2026-05-03&text=ar")
    for data in (b"".join(one), b"".join(whole)):
        told = [[words for _style, words in paragraphs(data, accepted=each)] for each in (True, False)]
        assert ["A new paragraph." in words for words in told] == [True, False]


def test_the_text_is_a_file_in_each_of_its_languages_and_made_once(
    client, home, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    for form in ("docx", "pdf"):
        answer = client.get(f"{home}text/ar.{form}")
        data = b"".join(answer)
        assert answer["Content-Disposition"].endswith(f'-ar.{form}"')
        assert answer["ETag"] == f'"{hashlib.sha256(data).hexdigest()}"'
        again = client.get(f"{home}text/ar.{form}", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
    monkeypatch.setattr(files, "MADE_AN_HOUR", 0)
    assert client.get(f"{home}text/ar.pdf").status_code == 200
    refused = client.get(f"{home}text/fr.docx")
    assert (refused.status_code, refused["Retry-After"].isdigit()) == (429, True)
    for absent in ("de.pdf", "ar.xlsx", "ar.html", "zz.docx"):
        assert client.get(f"{home}text/{absent}").status_code == 404


def not_there(language: str) -> str:
    with translation.override(language):
        return composing.not_there(language)


def test_a_reader_of_a_lagging_language_is_told_and_led_to_it(client, home):
    here = read(client.get(f"/fr{home}principles/1/?text=fr"))
    assert "/fr" + f"{home}principles/1/?version=2&text=fr" in here.links
    shown = read(client.get(f"{home}principles/1/?text=fr"))
    assert "This version is not there in French: this is the authoritative text." in shown.text
    earlier = read(client.get(f"{home}principles/1/?version=2&text=fr"))
    sentence = "This text in French is of version 2; the authoritative text has moved on to version 3."
    assert sentence in earlier.text
    assert f"{home}principles/1/changes/2..3/?text=en" in earlier.links
    translated = read(client.get(f"{home}principles/1/?text=ar"))
    assert "This is a translation. The authoritative text is in English." in translated.text
    assert "translation" not in read(client.get(f"{home}principles/1/")).text
    for page in (f"/ru{home}", f"/ru{home}text/", f"/ru{home}principles/2/"):
        assert not_there("ru") in read(client.get(page)).text
    whole = read(client.get(f"{home}text/?text=fr"))
    assert whole.text.count("This version is not there in French") == 1
    assert f"{home}principles/1/?version=2&text=fr" in whole.links


def test_two_languages_stand_side_by_side_by_paragraph(client, home):
    response = client.get(f"{home}principles/1/?beside=ar")
    rows = re.findall(
        r'<div class="beside-row"><p lang="en" dir="ltr">(.*?)</p><p lang="ar" dir="rtl">(.*?)</p></div>',
        response.content.decode(),
        re.DOTALL,
    )
    assert [one for one, _other in rows] == NEW.split("\n\n")
    assert [other for _one, other in rows] == NEW.split("\n\n")
    earlier = [each for each in read(client.get(f"{home}principles/1/?version=2")).links if "&text=" in each]
    assert [each[-2:] for each in earlier[:3]] == ["en", "fr", "ar"]
    lagging = read(client.get(f"{home}principles/1/?beside=fr"))
    assert "This text in French is of version 2" in lagging.text
    for nothing in ("de", "en", "\x00", "x" * 500):
        assert "beside-row" not in client.get(f"{home}principles/1/", {"beside": nothing}).content.decode()
    whole = client.get(f"{home}text/?beside=ar").content.decode()
    assert whole.count('class="beside"') == 4
    assert "This text in French is of version 2" in client.get(f"{home}text/?beside=fr").content.decode()


def test_a_language_that_was_never_there_is_neither_offered_nor_filled_in_from_another_one(client):
    """Arabic words under "français", or a note that runs from the wrong side, would say what is not so."""
    made = make.consultation("one-tongue", languages=("ar",))
    make.new_version(made, 1, "كلمات أخرى.")
    Consultation.objects.filter(pk=made.pk).update(
        languages=["ar", "fr"], preambles={"ar": "ديباجة"}, titles={"ar": "نص"}
    )
    place = "/consultations/one-tongue/"
    assert "?beside=fr" not in read(client.get(f"{place}principles/1/")).links
    beside = client.get(f"{place}text/?beside=fr").content.decode()
    assert beside.count("ديباجة") == 1
    whole = client.get(f"/fr{place}text/").content.decode()
    assert '<div class="column prose lead" lang="ar"' in whole
    # The note is in the reader's language and direction: it stands outside what is Arabic.
    inside = re.findall(r'<div lang="ar" dir="auto"><h3.*?</div>', whole, re.DOTALL)
    assert inside
    assert not any("tongue-note" in each for each in inside)
    assert whole.count("tongue-note") > len(inside) - 1
    # So does a file: what is compared in the authoritative text is no translation.
    file = client.get(f"{place}principles/1/changes/1..2.docx").getvalue()
    assert not any("This is a translation" in words for _style, words in paragraphs(file, accepted=True))


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("ar", "DATETIME_FORMAT", "3 مايو، 2026، 09:00"),
        ("ru", "MONTH_DAY_FORMAT", "3 мая"),
        ("en", "DATETIME_FORMAT", "3 May 2026, 09:00"),
    ],
)
def test_moments_are_written_as_each_language_writes_them(language, name, words):
    with translation.override(language):
        assert date_format(START, name) == words


def test_the_whole_text_tells_of_what_was_withdrawn(client, consultation, home):
    Principle.objects.filter(consultation=consultation, number=2).update(
        withdrawn_at=START + timedelta(days=3)
    )
    page = read(client.get(f"{home}text/"))
    assert "Principle 2 was withdrawn on 6 May 2026. Its number is not given again." in page.text
    assert f"{home}principles/2/" in page.links


@pytest.mark.parametrize("versions", [1, 3])
def test_a_redline_of_the_whole_text_takes_as_many_queries_for_three_changes_as_for_one(
    client, consultation, home, versions, django_assert_num_queries
):
    make.new_version(make.consultation())
    for day in range(versions):
        publish(consultation, 2, {"en": f"Words {day}.", "fr": "Mots.", "ar": OLD}, days=3 + day)
    client.get(home)
    # The place and its rounds (2), the stamp for the browser (2); versions, withdrawn, arrangements (3); the
    # words of both moments (4).
    with django_assert_num_queries(11):
        client.get(f"{home}text/changes/?from=2026-05-03")
