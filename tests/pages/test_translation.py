"""A comment in another language by a program: the reader's page, the API, and a moderator's case."""

import pytest
from django.core.cache import cache

from consultation.comments import actions
from consultation.comments.models import MachineTranslation
from consultation.web import translating
from tests import factories as make
from tests.contract.calls import by, problem, visitor
from tests.office.browsing import claim_in, page, signed_in
from tests.pages.page import read
from tests.translating import standing_in

pytestmark = pytest.mark.usefixtures("on_top")
WORDS = "Nous demandons un **registre** public. <script>alert(1)</script>"


@pytest.fixture(scope="module")
def server():
    with standing_in() as server:
        yield server


@pytest.fixture(autouse=True)
def translated_by(settings, server):
    cache.clear()
    settings.TRANSLATOR_URL = server.url


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def comment(text):
    return make.comment(text, body=WORDS, proposed_text="un registre", language="fr")


@pytest.fixture(scope="module")
def home(text):
    return f"/consultations/{text.slug}/"


def in_english(home, comment):
    return f"{home}comments/{comment.reference}/in/en/"


def work():
    for row in MachineTranslation.objects.filter(job_state="waiting"):
        actions.translate(row.pk)


def test_a_reader_asks_for_a_translation_and_reads_it_marked_as_a_machines(client, home, comment):
    there = in_english(home, comment)
    for page_with_it in (f"{home}comments/{comment.reference}/", f"{home}principles/1/"):
        assert there in read(client.get(page_with_it)).links
        assert there not in read(client.get(f"/fr{page_with_it}")).links

    asking = client.get(there)
    assert "The words are sent to LibreTranslate." in page(asking)
    assert client.post(there).headers["Location"] == there
    assert "The translation is being made." in page(client.get(there))
    assert "The translation is being made." in page(client.get(there, headers={"HX-Request": "true"}))
    work()
    assert client.get(there, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"

    answer = client.get(there)
    made = page(answer)
    assert "Machine translation, by LibreTranslate, not checked." in made
    assert "[fr>en Nous demandons un registre public. <script>alert(1)</script>]" in made
    assert "[fr>en un registre]" in made
    assert made.count("Nous demandons un registre public.") == 2
    assert b"<script>alert" not in answer.content
    assert "fr>en" not in page(client.get(f"{home}comments/{comment.reference}/"))


def test_there_is_no_such_page_without_a_translator_or_a_need(client, settings, text, home, comment):
    pending = make.pending_comment(text, language="fr")
    at = f"{home}comments/{comment.reference}/in"
    for nowhere in (f"{at}/fr/", f"{at}/sw/", f"{at}/x%00/", in_english(home, pending)):
        assert (client.get(nowhere).status_code, client.post(nowhere).status_code) == (404, 404)
    settings.TRANSLATOR_URL = ""
    assert client.get(f"{at}/en/").status_code == 404
    assert f"{at}/en/" not in read(client.get(f"{home}comments/{comment.reference}/")).links


def test_what_was_hidden_is_gone_in_every_language(client, text, home):
    comment = make.comment(text, language="fr")
    client.post(in_english(home, comment))
    work()
    actions.withdraw_comment(
        make.manager(comment.institution), comment_id=comment.pk, at=comment.public_since
    )
    assert client.get(in_english(home, comment)).status_code == 410
    assert visitor().get(f"comments/{text.slug}/{comment.reference}/translations/en/").status_code == 410


def test_a_failure_is_told_and_may_be_tried_again(client, home, comment, server, monkeypatch):
    there = f"{home}comments/{comment.reference}/in/es/"
    with monkeypatch.context() as broken:
        broken.setattr(server, "answer", lambda _asked: (400, {}))
        client.post(there)
        work()
    assert "could not be made" in page(client.get(there))
    assert client.post(there).status_code == 303
    assert "is being made" in page(client.get(there))


def test_visitors_ask_for_a_few_new_ones_an_hour(client, home, comment, monkeypatch):
    assert translating.AN_HOUR == {"person": 120, "visitor": 20}
    monkeypatch.setitem(translating.AN_HOUR, "visitor", 2)
    asked = [f"{home}comments/{comment.reference}/in/{tongue}/" for tongue in ("en", "es", "ru")]
    answers = [client.post(each) for each in asked]
    assert [each.status_code for each in answers] == [303, 303, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    # What was asked for before costs nothing, and people with an account have a count of their own.
    assert client.post(asked[0]).status_code == 303
    client.force_login(make.person())
    assert client.post(asked[2]).status_code == 303


def test_programs_ask_and_look_again(text, comment):
    there = f"comments/{text.slug}/{comment.reference}/translations/zh-hans/"
    problem(visitor().get(there), 404, "not-found")
    asked = visitor().post(there)
    assert (asked.status_code, asked.headers["Retry-After"], asked.json()["state"]) == (202, "2", "waiting")
    assert visitor().get(there).status_code == 202
    work()
    assert by(make.person()).post(there).status_code == 200
    told = visitor().get(asked.headers["Location"]).json()
    assert (told["state"], told["translator"], told["checked"]) == ("done", "LibreTranslate", False)
    assert (told["reference"], told["revision"], told["proposed_text"]) == (
        comment.reference,
        1,
        "[fr>zh un registre]",
    )
    assert "<strong>registre</strong>" in told["body_html"]
    problem(visitor().post(there.replace("zh-hans", "fr")), 400, "invalid", "language")


def test_a_moderator_reads_a_case_in_another_language(text):
    waiting = make.pending_comment(text, body=WORDS, language="fr")
    case = f"/moderation/cases/{waiting.item.cases.get().pk}/"
    moderator = signed_in(make.moderator(text))
    before = moderator.get(case)
    assert "Translate into English" in page(before)
    claim = claim_in(before, "Translate into English")
    assert (
        moderator.post(f"{case}translation/", {"claim": claim}).headers["Location"] == f"{case}#translation"
    )
    assert "is being made" in page(moderator.get(case))
    work()
    assert "Machine translation, by LibreTranslate, not checked." in page(moderator.get(case))
    assert "[fr>en Nous demandons" in page(moderator.get(case))
    # Nobody else learns of it: the words are not public.
    stranger = signed_in(make.manager(make.verified_institution()))
    assert stranger.post(f"{case}translation/").status_code == 404
    there = f"/consultations/{text.slug}/comments/{waiting.reference}/in/en/"
    assert stranger.get(there).status_code == 404
    assert moderator.get(there).status_code == 200
