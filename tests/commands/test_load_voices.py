"""Voices from public sources go the way of anybody's comments, by institutions marked as made up."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Institution, User
from consultation.comments.models import Comment, Cosignature
from consultation.kit import clock
from consultation.management.voices import reading
from consultation.moderation.models import Case, Decision
from consultation.post import steps as post
from consultation.post.models import Message
from tests import factories as make
from tests import truths

DATA = Path(os.environ.get("ACCORD_DATA", ""))
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("ACCORD_DATA" not in os.environ, reason="ACCORD_DATA is not set"),
]
SEATTLE, DOCKET = "voices-15-per-hour-seattle", "voices-cms-2022-0163"


def load(only, **options):
    said = StringIO()
    call_command("load_voices", DATA, only=only, force=True, stdout=said, **options)
    return said.getvalue()


def test_a_conversation_is_had_again_by_made_up_institutions(client):
    somebody = make.person()
    User.objects.filter(pk=somebody.pk).update(demonstration=True)
    waits = post.write("comment-changed", person=somebody, context={}, not_before=clock.now())
    assert f"/consultations/{SEATTLE}/: 14 comments sent" in load("seattle", most=14)
    [source] = [each for each in reading.sources(DATA) if each.slug == SEATTLE]
    voices = source.voices[:14]
    comments = list(Comment.objects.filter(consultation__slug=SEATTLE).order_by("made_at"))
    assert [each.latest.body for each in comments] == [voice.words for voice in voices]
    wanted = {True: "published", False: "rejected", None: "pending"}
    assert [each.state for each in comments] == [wanted[voice.accepted] for voice in voices]
    assert {each.state for each in comments} >= {"published", "rejected"}
    assert [each.latest.language_detected for each in comments] == [
        each.latest.language == "en" and sum(map(str.isalpha, each.latest.body)) >= 40 for each in comments
    ]
    assert Cosignature.objects.filter(comment__in=comments).exists()
    assert Decision.objects.filter(item__consultation__slug=SEATTLE).exists()
    assert all(each.demonstration for each in Institution.objects.all())
    assert all("(made up for trying)" in each.current.name for each in Institution.objects.all())
    assert (
        not User.objects.filter(email__startswith="voice-")
        .exclude(password="")
        .exclude(password__startswith="!")
        .exists()
    )
    # Whoever tries the site at the same time loses no mail.
    assert list(Message.objects.filter(job_state="waiting")) == [waits]
    truths.assert_all_hold()

    page = client.get(f"/consultations/{SEATTLE}/principles/1/").content.decode()
    shown = next(each for each in comments if each.state == "published")
    assert shown.reference in page
    assert "compdemocracy/openData, CC BY 4.0" in client.get(f"/consultations/{SEATTLE}/").content.decode()

    before = (Comment.objects.count(), Institution.objects.count(), Cosignature.objects.count())
    assert ": 0 comments sent" in load("seattle", most=14)
    assert (Comment.objects.count(), Institution.objects.count(), Cosignature.objects.count()) == before


def test_a_docket_keeps_its_paragraphs_and_its_senders(client):
    load("cms", most=6)
    comments = list(Comment.objects.filter(consultation__slug=DOCKET).order_by("made_at"))
    assert {each.state for each in comments} == {"published"}
    assert any("\n" in each.shown.body for each in comments)
    assert not any("<br" in each.shown.body or "&amp;" in each.shown.body for each in comments)
    assert {each.shown.language for each in comments} == {"en"}
    assert not Case.objects.filter(closed_at=None).exists()


def test_what_is_no_such_folder_is_said_in_a_sentence(tmp_path, settings):
    with pytest.raises(CommandError, match="no such source"):
        call_command("load_voices", tmp_path, force=True)
    (tmp_path / "polis" / "broken").mkdir(parents=True)
    (tmp_path / "polis" / "broken" / "comments.csv").write_text("nothing\n")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("load_voices", tmp_path, force=True)
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="--force"):
        call_command("load_voices", tmp_path)


@pytest.mark.long
def test_every_voice_of_every_source_is_heard():
    said = load("")
    assert [line for line in said.splitlines() if line.startswith("  ")] == []
    found = reading.sources(DATA)
    assert Comment.objects.count() == sum(len(each.voices) for each in found)
    assert Institution.objects.count() == sum(
        len({voice.speaker.key for voice in each.voices}) for each in found
    )
    truths.assert_all_hold()
