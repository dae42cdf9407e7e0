from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import User
from consultation.config.places import places
from consultation.kit import clock
from consultation.post import actions, steps, tasks
from consultation.post.models import Message
from tests import factories as make


class Unreachable(BaseEmailBackend):
    """A mail server that is not there."""

    error: Exception = SMTPServerDisconnected("gone")

    def send_messages(self, email_messages: Any) -> int:
        raise self.error


class RefusesRecipients(Unreachable):
    error = SMTPRecipientsRefused({"ada@test.example": (550, b"no such person as ada@test.example")})


class OutsideOfTransactions(BaseEmailBackend):
    """A mail server that tells who still holds a transaction open."""

    open_transactions: list[bool] = []

    def send_messages(self, email_messages: Any) -> int:
        self.open_transactions.append(connection.in_atomic_block)
        return len(email_messages)


HERE = f"{__name__}."


@pytest.fixture
def ada() -> User:
    return make.person("ada@test.example", language="fr")


def written(person: User, **facts: Any) -> Message:
    return steps.write("comment-received", person=person, context={"reference": "P3-42", **facts})


def make_due(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(not_before=Now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_it_works(ada: User) -> None:
    message = written(ada)

    assert actions.deliver(message.pk)

    (sent,) = mail.outbox
    message.refresh_from_db()
    assert (sent.to, sent.subject, sent.body) == (["ada@test.example"], message.subject, message.body)
    assert "P3-42" in message.subject
    assert message.job_state == Message.State.DONE
    assert message.sent_at is not None
    assert message.lease_until is None
    assert sent.extra_headers["Message-ID"] == f"<{message.pk}@localhost>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_a_mail_goes_to_the_address_and_in_the_language_of_when_it_was_written(ada: User) -> None:
    message = written(ada)

    assert (message.address, message.language, message.person) == ("ada@test.example", "fr", ada)


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again(ada: User) -> None:
    message = written(ada)

    assert [actions.deliver(message.pk), actions.deliver(message.pk)] == [True, False]
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_message_that_is_not_there_is_passed_over() -> None:
    assert not actions.deliver(uuid4())


@pytest.mark.django_db
def test_nothing_goes_out_before_its_time(ada: User) -> None:
    later = clock.now() + timedelta(minutes=1)
    message = steps.write("comment-received", person=ada, context={}, not_before=later)

    assert not actions.deliver(message.pk)
    make_due(message)
    assert actions.deliver(message.pk)


@pytest.mark.django_db
def test_a_failure_waits_longer_each_time_and_gives_up_after_five(ada: User, settings) -> None:
    settings.EMAIL_BACKEND = f"{HERE}Unreachable"
    message = written(ada)
    waits = []

    for _ in range(5):
        make_due(message)
        assert not actions.deliver(message.pk)
        wait = Message.objects.annotate(wait=F("not_before") - Now()).get()
        waits.append((wait.job_state, wait.attempts, round(wait.wait.total_seconds() / 60)))

    assert waits == [
        ("waiting", 1, 1),
        ("waiting", 2, 4),
        ("waiting", 3, 16),
        ("waiting", 4, 64),
        ("failed", 5, 256),
    ]
    make_due(message)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert not actions.deliver(message.pk)


@pytest.mark.django_db
def test_what_failed_once_goes_out_when_the_server_is_back(ada: User, settings) -> None:
    settings.EMAIL_BACKEND = f"{HERE}Unreachable"
    message = written(ada)
    actions.deliver(message.pk)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert not actions.deliver(message.pk)
    make_due(message)
    assert actions.deliver(message.pk)

    message.refresh_from_db()
    assert (message.job_state, message.last_error) == (Message.State.DONE, "")


@pytest.mark.django_db
def test_neither_row_nor_log_repeat_the_address_that_a_server_answered_with(
    ada: User, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{HERE}RefusesRecipients"
    message = written(ada)

    actions.deliver(message.pk)

    message.refresh_from_db()
    assert message.last_error == "SMTPRecipientsRefused"
    assert "ada@test.example" not in caplog.text


@pytest.mark.django_db
def test_a_message_whose_senders_die_again_and_again_is_given_up(ada: User) -> None:
    message = written(ada)
    Message.objects.update(attempts=5, lease_until=Now() - timedelta(seconds=1))

    assert not actions.deliver(message.pk)

    message.refresh_from_db()
    assert (message.job_state, message.last_error) == (Message.State.FAILED, "sender died")
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_sender_that_died_leaves_the_message_to_the_next_one(ada: User) -> None:
    message = written(ada)
    assert actions.lease(None, message_id=message.pk) is not None

    assert not actions.deliver(message.pk)
    Message.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert actions.deliver(message.pk)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(ada: User, settings) -> None:
    settings.EMAIL_BACKEND = f"{HERE}OutsideOfTransactions"
    OutsideOfTransactions.open_transactions.clear()

    actions.deliver(written(ada).pk)

    assert OutsideOfTransactions.open_transactions == [False]


@pytest.fixture
def at_once() -> Iterator[Callable[[Callable[[], bool]], list[bool]]]:
    """Run one thing in four threads that start together."""
    barrier = Barrier(4)

    def run(work: Callable[[], bool]) -> bool:
        try:
            barrier.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        yield lambda work: list(threads.map(run, [work] * 4))


@pytest.mark.django_db(transaction=True)
def test_deliveries_of_one_message_at_the_same_moment_send_it_once(ada: User, at_once) -> None:
    message = written(ada)

    results = at_once(lambda: actions.deliver(message.pk))

    assert sorted(results) == [False, False, False, True]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_send_each_message_once(ada: User, at_once) -> None:
    for number in range(8):
        written(ada, reference=f"P3-{number}")

    at_once(lambda: tasks.sweep() is None)

    assert len(mail.outbox) == 8
    told = {re.findall(r"P3-\d", message.subject)[0] for message in mail.outbox}
    assert told == {f"P3-{number}" for number in range(8)}


@pytest.mark.django_db
def test_the_sweep_sends_all_that_is_due_and_stops_at_a_failure_of_each(ada: User, settings) -> None:
    due, later = written(ada), written(ada)
    Message.objects.filter(pk=later.pk).update(not_before=Now() + timedelta(minutes=1))

    tasks.sweep()

    states = dict(Message.objects.values_list("pk", "job_state"))
    assert states == {due.pk: Message.State.DONE, later.pk: Message.State.WAITING}


@pytest.mark.django_db
def test_the_woken_task_sends_its_message(ada: User) -> None:
    noise, message = written(ada), written(ada)

    tasks.deliver(str(message.pk))

    states = dict(Message.objects.values_list("pk", "job_state"))
    assert states == {message.pk: Message.State.DONE, noise.pk: Message.State.WAITING}


def wake_ups() -> list[tuple[str, list[str]]]:
    """What waits for workers in Redis, oldest first: tasks' names and arguments."""
    with redis.Redis(unix_socket_path=str(places().redis_socket), db=settings.REDIS_DATABASE) as broker:
        sent = [json.loads(message) for message in reversed(broker.lrange("celery", 0, -1))]
    return [
        (message["headers"]["task"], json.loads(base64.b64decode(message["body"]))[0]) for message in sent
    ]


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_woken_after_the_commit_and_never_when_there_was_none(ada: User) -> None:
    with transaction.atomic():
        message = written(ada)
        assert wake_ups() == []
    with transaction.atomic():
        written(ada)
        transaction.set_rollback(True)

    assert wake_ups() == [("post.deliver", [str(message.pk)])]


@pytest.mark.django_db
def test_taking_back_spares_other_mails_and_those_under_way(ada: User) -> None:
    taken_back = written(ada, decision="1", reference="P3-1")
    other = written(ada, decision="2")
    sent = written(ada, decision="1")
    actions.deliver(sent.pk)
    under_way = written(ada, decision="1")
    actions.lease(None, message_id=under_way.pk)

    assert steps.cancel(decision="1") == 1

    left = set(Message.objects.values_list("pk", flat=True))
    assert left == {other.pk, sent.pk, under_way.pk}
    assert not actions.deliver(taken_back.pk)


@pytest.mark.django_db
def test_taking_back_everything_is_no_question(ada: User) -> None:
    with pytest.raises(ValueError, match="Say which mails"):
        steps.cancel()


@pytest.mark.django_db
def test_a_mail_of_an_erased_person_goes_with_them(ada: User) -> None:
    message = written(ada)

    ada.delete()

    assert not Message.objects.filter(pk=message.pk).exists()


@pytest.mark.django_db
def test_times_are_those_of_the_database(ada: User) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    message = written(ada)
    actions.deliver(message.pk)

    message.refresh_from_db()
    assert message.sent_at is not None
    assert before < message.sent_at < before + timedelta(seconds=60)
