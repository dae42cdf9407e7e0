"""Hostile lines through the forms: shown again as they were typed, and never as anything but text."""

from urllib.parse import quote

import pytest

from consultation.comments.models import Comment
from consultation.kit.text import BODY_LIMIT
from tests import factories as make
from tests import naughty
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
OTHERS = ("kind", "language", "visibility", "edition", "institution", "passage")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def neighbour(text):
    return make.comment(text, body="The neighbour's words.")


@pytest.fixture
def writer(text, client):
    institution = make.verified_institution()
    client.force_login(make.manager(institution))
    return client


def the_form(answer):
    """The form with the words of a comment."""
    return next(form for form in read(answer).forms if "body" in form.fields)


def typed(form, line):
    """The words as a browser sends them: its line ends are CR LF."""
    words = naughty.kept(line).replace("\n", "\r\n")
    free = ("body", "proposed_text", "translation_body", "translation_proposed_text")
    return form.filled(**dict.fromkeys(free, words), translation_language="fr")


def comes_back(writer, text, line):
    """Kept as a draft, each free field holds the line."""
    address = f"/consultations/{text.slug}/write/?principle=1"
    words = naughty.kept(line)
    saved = writer.post(address, typed(the_form(writer.get(address)), line) | {"do": "save"})
    if saved.status_code == 303:
        shown = the_form(writer.get(saved.headers["Location"]))
        # Not compared by pytest: it takes minutes to tell two long texts apart.
        assert all(shown.fields[name] == [words] for name in ("body", "proposed_text")), line[:200]
        looked = writer.post(saved.headers["Location"], typed(shown, line) | {"do": "look"})
        assert looked.status_code in (200, 400), line[:200]
        assert b"<script>alert" not in looked.content
    else:
        assert saved.status_code == 400, (line, saved.status_code)
        assert the_form(saved).fields["body"] == [words], line


def is_told_apart(writer, text, form, line):
    """As every field that is no free words: nothing typed is lost."""
    wrong = typed(form, line) | dict.fromkeys(OTHERS, line) | {"do": "save"}
    answer = writer.post(f"/consultations/{text.slug}/write/?principle=1", wrong)
    assert answer.status_code in (400, 403, 404), (line, answer.status_code)
    if answer.status_code == 400:
        assert the_form(answer).fields["body"] == [naughty.kept(line)], line


def is_found_nowhere(client, text, line, neighbour):
    asked = quote(line, safe="", errors="replace")
    home = f"/consultations/{text.slug}/"
    for name in ("q", "kind", "institution", "country", "language", "order", "cursor", "words", "version"):
        assert client.get(f"{home}principles/1/?{name}={asked}").status_code in (200, 400, 404), (name, line)
    assert client.get(f"/search/?q={asked}").status_code in (200, 400), line
    assert client.get(f"{home}comments/{asked}/").status_code in (404, 410), line
    assert neighbour.reference in client.get(f"{home}principles/1/").content.decode()


def test_a_hostile_line_comes_back_as_it_was_typed(writer, text, neighbour):
    form = the_form(writer.get(f"/consultations/{text.slug}/write/?principle=1"))
    for line in naughty.OWN[:9:3]:
        comes_back(writer, text, line)
        is_told_apart(writer, text, form, line)
    is_found_nowhere(writer, text, naughty.OWN[4], neighbour)


@pytest.mark.long
@pytest.mark.skipif(not naughty.HAS_DATA, reason="ACCORD_DATA is not set")
def test_every_hostile_line_comes_back_as_it_was_typed(writer, text):
    for body in naughty.chunks(naughty.lines()):
        comes_back(writer, text, body)


@pytest.mark.long
@pytest.mark.skipif(not naughty.HAS_DATA, reason="ACCORD_DATA is not set")
def test_hostile_lines_from_everywhere_break_no_page(writer, text, neighbour, caplog):
    # Each is logged with its request, and pytest keeps what is logged.
    caplog.set_level("CRITICAL", "django.request")
    form = the_form(writer.get(f"/consultations/{text.slug}/write/?principle=1"))
    for line in naughty.some(250):
        comes_back(writer, text, line)
        is_told_apart(writer, text, form, line)
        is_found_nowhere(writer, text, line, neighbour)


def test_what_can_not_be_kept_is_told_beside_its_field(writer, text):
    address = f"/consultations/{text.slug}/write/?principle=1"
    form = the_form(writer.get(address))
    for body, told in (("a\x00b", "null character"), ("a" * (BODY_LIMIT + 1), "20000 characters")):
        answer = writer.post(address, form.filled(body=body, do="save"))
        assert answer.status_code == 400
        assert told in read(answer).text
        assert not Comment.objects.filter(draft__isnull=False).exists()
    exact = writer.post(address, form.filled(body="\U0001f469" * BODY_LIMIT, do="save"))
    assert exact.status_code == 303
    huge = writer.post(address, form.filled(body="a" * 10_000_000, do="save"))
    assert huge.status_code in (400, 413)
    assert len(huge.content) > 500
