"""Translations by a program: who may ask, what is kept, and when it is dropped."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from consultation.comments import actions, queries
from consultation.comments.models import MachineTranslation
from consultation.comments.queries import CommentFilters
from consultation.kit import clock, translator
from consultation.moderation import actions as moderation
from consultation.moderation.handlers import Details, Span
from tests import factories as make
from tests.comments.acts import anew, edit, hide, with_a_case, withdraw
from tests.refusals import refused
from tests.translating import standing_in

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def server():
    with standing_in() as server:
        yield server


@pytest.fixture(autouse=True)
def translated_by(settings, server):
    settings.TRANSLATOR_URL = server.url
    server.asked.clear()
    return server


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def public(consultation):
    return make.comment(consultation, body="A **public** register.", proposed_text="Registers.")


@pytest.fixture(scope="module")
def pending(consultation):
    return make.pending_comment(consultation, body="Not read by a moderator yet.")


def ask(comment, language="fr", *, by=None, revision=None):
    return actions.ask_translation(
        by,
        comment_id=comment.pk,
        revision=revision or comment.latest.number,
        language=language,
        at=clock.now(),
    )


def translated(comment, language="fr", **asked):
    row = ask(comment, language, **asked)
    assert actions.translate(row.pk)
    row.refresh_from_db()
    return row


def test_a_visitor_has_a_public_comment_translated_once_for_all(public, server):
    row = ask(public)
    assert (row.job_state, row.body, row.made_at) == ("waiting", "", None)
    assert actions.translate(row.pk)
    row.refresh_from_db()
    assert (row.job_state, row.translator) == ("done", "LibreTranslate")
    assert (row.body, row.proposed_text) == ("[en>fr A **public** register.]", "[en>fr Registers.]")
    assert ask(public, by=make.person()).pk == row.pk
    assert not actions.translate(row.pk)
    assert len(server.asked) == 2
    assert queries.machine_translation(public.latest, "fr") == row
    assert queries.machine_translation(public.latest, "es") is None


def test_nobody_is_asked_while_the_site_has_no_translator(settings, public):
    settings.TRANSLATOR_URL = ""
    with refused("not-found"):
        ask(public)


def test_what_is_not_public_is_translated_for_those_only_who_read_it(consultation, pending):
    for stranger in (None, make.manager(make.verified_institution())):
        with refused("not-found"):
            ask(pending, by=stranger)
    for reader in (make.manager(pending.institution), make.moderator(consultation)):
        assert ask(pending, by=reader).revision == pending.latest


def test_an_edit_that_nobody_released_is_no_readers_to_translate(consultation):
    comment = edit(make.comment(consultation, body="The first words."), "The second words.")
    assert translated(comment, revision=1).body == "[en>fr The first words.]"
    with refused("not-found"):
        ask(comment, revision=2)
    with refused("not-found"):
        ask(comment, revision=3)


def test_only_into_another_language_of_the_site(public):
    for language in ("en", "sw", "", "x" * 300):
        with refused("invalid", "language"):
            ask(public, language)


def redact(comment):
    """A moderator blackens a word of a public comment."""
    moderator, [case] = (
        make.moderator(comment.consultation),
        with_a_case(comment).item.cases.filter(closed_at=None),
    )
    moderation.claim_case(moderator, case_id=case.pk, at=clock.now())
    details = Details(spans=(Span(quote="register"),))
    moderation.decide_case(
        moderator, case_id=case.pk, action="redact", clause="1", details=details, at=clock.now()
    )


@pytest.mark.parametrize("end", [hide, withdraw, redact])
def test_hidden_withdrawn_or_redacted_it_is_dropped_and_none_on_its_way_comes_back(
    consultation, end, monkeypatch
):
    comment = make.comment(consultation)
    made, waiting, ended = translated(comment), ask(comment, "es"), []

    def and_meanwhile(_text, **_languages):
        if not ended:
            ended.append(end(comment))
        return "palabras"

    # In this thread: the server's own has no part in the transaction of the test.
    monkeypatch.setattr(translator, "translate", and_meanwhile)
    actions.translate(waiting.pk)
    assert not MachineTranslation.objects.filter(pk__in=[made.pk, waiting.pk]).exists()


def test_no_search_finds_the_words_of_a_translation(consultation, public, server, monkeypatch):
    monkeypatch.setattr(server, "answer", lambda _asked: (200, {"translatedText": "Quetzalcoatl"}))
    assert translated(public, "es").body == "Quetzalcoatl"
    found = queries.of_consultation(consultation, filters=CommentFilters(q="Quetzalcoatl"))
    assert not found.exists()


def test_the_server_is_asked_outside_of_every_transaction(public, monkeypatch):
    blocks = []

    def note(text, **_languages):
        blocks.append(len(connection.atomic_blocks))
        return text

    row = ask(public)
    outside = len(connection.atomic_blocks)
    monkeypatch.setattr(translator, "translate", note)
    assert actions.translate(row.pk)
    assert set(blocks) == {outside}


def test_a_busy_server_is_tried_again_and_after_five_times_no_more(public, server, monkeypatch):
    row = ask(public)
    with monkeypatch.context() as broken:
        broken.setattr(server, "answer", lambda _asked: (503, {}))
        for attempt in range(1, 6):
            MachineTranslation.objects.filter(pk=row.pk).update(not_before=Now())
            assert list(queries.untranslated()) == [row]
            assert not actions.translate(row.pk)
            row.refresh_from_db()
            assert (row.attempts, row.last_error) == (attempt, "status 503")
            # Not at once again, and nobody else's either meanwhile.
            assert not actions.translate(row.pk)
    assert row.job_state == "failed"
    assert not queries.untranslated().exists()
    assert translated(public).body.startswith("[en>fr")


def test_what_will_never_do_is_not_tried_again(public, server, monkeypatch):
    monkeypatch.setattr(server, "answer", lambda _asked: (400, {"error": "fr is not supported"}))
    row = ask(public)
    assert not actions.translate(row.pk)
    row.refresh_from_db()
    assert (row.job_state, row.attempts, row.body) == ("failed", 1, "")


def test_a_worker_that_died_leaves_it_to_the_next_and_the_sixth_gives_up(public):
    row = ask(public)
    leased = MachineTranslation.objects.filter(pk=row.pk)
    leased.update(attempts=1, lease_until=Now() + timedelta(seconds=60))
    assert not actions.translate(row.pk)
    leased.update(lease_until=Now() - timedelta(seconds=1))
    assert actions.translate(row.pk)

    dead = ask(public, "ru")
    MachineTranslation.objects.filter(pk=dead.pk).update(attempts=5)
    assert not actions.translate(dead.pk)
    dead.refresh_from_db()
    assert (dead.job_state, dead.last_error) == ("failed", "worker died")


def test_the_comment_itself_stays_as_it_was(public):
    before = (public.state, public.latest.words_hash, public.latest.body)
    translated(public)
    after = anew(public)
    assert (after.state, after.latest.words_hash, after.latest.body) == before
