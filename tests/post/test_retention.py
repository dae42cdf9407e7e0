"""What mails said is kept for thirty days, and that there was one for a year (DESIGN 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from consultation.kit import clock
from consultation.post import steps, tasks
from consultation.post.models import Message
from tests import factories as make

pytestmark = pytest.mark.usefixtures("on_top")
FACTS = {"institution": "Academy of Tests", "url": "/"}


@pytest.fixture(scope="module")
def sent(kept: None) -> Message:
    message = steps.write("institution-verified", person=make.person(), context=FACTS)
    tasks.sweep()
    message.refresh_from_db()
    assert message.sent_at
    return message


def tidy_after(days: int) -> None:
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        tasks.tidy()


def test_what_a_mail_said_is_kept_for_thirty_days(sent: Message) -> None:
    tidy_after(29)
    sent.refresh_from_db()
    assert sent.body
    assert sent.context == FACTS
    tidy_after(31)
    sent.refresh_from_db()
    assert (sent.subject, sent.body, sent.context) == ("", "", {})
    assert sent.kind == "institution-verified"


def test_that_there_was_a_mail_is_kept_for_a_year(sent: Message) -> None:
    tidy_after(364)
    assert Message.objects.filter(pk=sent.pk).exists()
    tidy_after(366)
    assert not Message.objects.filter(pk=sent.pk).exists()


def test_a_mail_that_waits_keeps_what_it_will_say() -> None:
    later = clock.now() + timedelta(days=60)
    waiting = steps.write("institution-verified", person=make.person(), context=FACTS, not_before=later)
    tidy_after(31)
    waiting.refresh_from_db()
    assert waiting.context == FACTS
