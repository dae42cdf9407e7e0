"""The secretariat brings a text as files: looked over first, then drafts; and takes it away as a ZIP."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consultation.texts import drafts, export, importing
from consultation.texts.models import Principle, PrincipleVersion, Translation
from tests import factories as make
from tests.office.browsing import page, signed_in
from tests.texts import declaration

pytestmark = pytest.mark.usefixtures("on_top")
ADDRESS = "/secretariat/charter/import/"


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation("charter", languages=["en", "fr"])


@pytest.fixture(scope="module")
def boss(consultation):
    return signed_in(make.secretariat(consultation))


def zipped(files, folder="charter"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as pack:
        for name, content in files.items():
            pack.writestr(f"{folder}/{name}", content)
    return packed.getvalue()


def look(client, content, name="text.zip"):
    return client.post(ADDRESS, {"do": "look", "file": SimpleUploadedFile(name, content)})


def hidden(response):
    """The fields that travel along from the look to the act."""
    found = re.findall(r'name="(claim|base|name|kept)" value="([^"]*)"', response.content.decode())
    return {**dict(found), "do": "import"}


def changed(consultation, **replaced):
    """The files of the text with other words in them: `language=(old, new)`."""
    files = export.files(consultation)
    for code, (old, new) in replaced.items():
        text = files[f"{code}.md"].decode()
        assert old in text
        files[f"{code}.md"] = text.replace(old, new).encode()
    return files


def test_the_files_are_looked_over_and_become_drafts_once_that_is_confirmed(boss, consultation):
    files = changed(
        consultation,
        en=("People may ask why a decision was taken.\n\n## 2.", "People are told why.\n\n## 2."),
        fr=("\n\n## 3. Title 3 (fr)", "\n\n## 3. Troisième titre"),
    )
    files["en.md"] += b"\n# Later\n\n## 7. A new one\n\nIt is new.\n"
    shown = look(boss, zipped({**files, ".DS_Store": b"\x00", "notes.txt": b"?"}))
    said = page(shown)
    assert "3 principles would have a new draft" in said
    assert "It is new." in said
    assert re.search("<ins>[^>]*>[^>]*>are told ", shown.content.decode())
    assert "The same as it is: French" in said
    before = Translation.objects.count()
    assert (before, PrincipleVersion.objects.count()) == (6, 3)

    done = boss.post(ADDRESS, hidden(shown))
    assert (done.status_code, done.headers["Location"]) == (303, "/secretariat/charter/principles/")
    assert "The drafts of 3 principles were written." in page(boss.get("/secretariat/charter/principles/"))
    writings = drafts.writings(drafts.principles(consultation))
    assert {each.principle.number: each.drafted for each in writings} == {
        1: {"en": ("Title 1 (en)", "Principle 1. Systems are open to review. People are told why.")},
        2: {},
        3: {"fr": ("Troisième titre", "Principle 3. Systems are open to review. "
                   "People may ask why a decision was taken.")},
        7: {"en": ("A new one", "It is new.")},
    }  # fmt: skip
    assert Principle.objects.get(number=7).headings == {"en": "Later"}
    assert export.files(consultation)["en.md"].decode().count("## ") == 3, "a draft is not public"
    # The very same form again is the same act; the same files again have nothing new.
    assert boss.post(ADDRESS, hidden(shown)).status_code == 303
    assert "There is nothing to import" in page(look(boss, zipped(files)))


def test_one_language_alone_is_taken_also_as_an_editor_saved_it(boss, consultation):
    files = changed(consultation, fr=("Title 2 (fr)", "Deuxième titre"))
    edited = b"\xef\xbb\xbf" + files["fr.md"].replace(b"\n", b"\r\n")
    shown = look(boss, edited, "fr.md")
    assert "1 principle would have a new draft" in page(shown)
    boss.post(ADDRESS, hidden(shown))
    assert list(drafts.of(Principle.objects.get(number=2)).translations.values_list("language", "title")) == [
        ("fr", "Deuxième titre")
    ]


def test_who_looked_before_somebody_else_wrote_looks_again(boss, consultation):
    shown = look(boss, zipped(changed(consultation, en=("Title 1 (en)", "First title"))))
    boss.post(ADDRESS, hidden(look(boss, zipped(changed(consultation, en=("Title 2 (en)", "Second"))))))
    again = boss.post(ADDRESS, hidden(shown))
    assert again.status_code == 409
    assert "Somebody else changed this text meanwhile" in page(again)
    assert drafts.of(Principle.objects.get(number=1)) is None
    assert boss.post(ADDRESS, hidden(again)).status_code == 303
    assert drafts.of(Principle.objects.get(number=1)) is not None


FRONT = "---\nlanguage: {}\n---\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"en.md": "No front matter."}, "en.md , line 1: en.md has no front matter"),
        (
            {"en.md": FRONT.format("en") + "## 1. One\n\nA.\n\n## 1. Two\n\nB.\n"},
            "en.md , line 8: en.md has two",
        ),
        ({"de.md": FRONT.format("de") + "## 1. Eins\n"}, "de.md : This consultation has no text in that"),
        ({"en.md": FRONT.format("en") + "## 2. Gone\n"}, "en.md : Principle 2 was withdrawn."),
        ({"fr.md": FRONT.format("fr") + "## 9. Neuf\n"}, "fr.md : Principle 9 is not in the authoritative"),
        ({"en.md": FRONT.format("en") + "## 0. Nothing\n"}, "its number is not given again"),
        ({"en.md": FRONT.format("en") + f"## 1. {'x' * 301}\n"}, "en.md : Principle 1: Use at most 300"),
        ({"en.md": b"\xff\xfe"}, "can’t be read as UTF-8"),
        ({"en.txt": "Text."}, "There is no Markdown file in it"),
    ],
)
def test_what_can_not_be_taken_is_told_by_file_and_line(boss, consultation, files, told):
    Principle.objects.filter(number=2).update(withdrawn_at=consultation.published_at)
    shown = look(boss, zipped(files))
    assert told in page(shown)
    assert "There is nothing to import" in page(shown)


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"PK"])
def test_what_is_no_zip_is_told(boss, content):
    assert "This ZIP can’t be opened" in page(look(boss, content))


def test_a_zip_that_grows_is_not_unpacked(boss):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("en.md", b"x" * (importing.UNPACKED_LIMIT + 1))
    assert "larger than 8 MB" in page(look(boss, packed.getvalue()))


def test_a_file_that_is_too_large_or_missing_is_refused(boss):
    answers = [look(boss, b"x" * (importing.UPLOAD_LIMIT + 1)), boss.post(ADDRESS, {"do": "look"})]
    assert [each.status_code for each in answers] == [400, 400]
    assert boss.post(ADDRESS, {"do": "import", "kept": "?"}).status_code == 400


def test_others_have_no_import_page(consultation):
    for person in (make.moderator(consultation), make.observer(consultation), make.registrar()):
        client = signed_in(person)
        assert (client.get(ADDRESS).status_code, client.post(ADDRESS).status_code) == (404, 404)


def test_everybody_can_take_the_text_away(client, consultation):
    response = client.get("/consultations/charter/text/source.zip")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/zip")
    packed = b"".join(response.streaming_content)
    assert packed == export.archive(consultation)
    again = client.get(
        "/consultations/charter/text/source.zip", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    assert (
        "/consultations/charter/text/source.zip"
        in client.get("/consultations/charter/text/").content.decode()
    )


@pytest.mark.long
def test_thirty_articles_in_six_languages_become_drafts_in_one_go(tmp_path):
    codes = ["en", "fr", "es", "ru", "ar", "zh-hans"]
    consultation = make.consultation("charter", languages=codes, principles=0)
    boss = signed_in(make.secretariat(consultation))
    texts = declaration.made_up()
    folder = declaration.write(texts, tmp_path)
    shown = look(boss, zipped({path.name: path.read_bytes() for path in folder.iterdir()}))
    assert "30 principles would have a new draft" in page(shown)
    assert boss.post(ADDRESS, hidden(shown)).status_code == 303
    writings = drafts.writings(drafts.principles(consultation))
    drafted = {
        (each.principle.number, code): words for each in writings for code, words in each.drafted.items()
    }
    assert drafted == declaration.words(texts)
