"""The last mail to somebody who is forgotten leaves no row, whatever became of it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db.models.functions import Now

from consultation.kit.jobs import ATTEMPTS
from consultation.post import steps, tasks
from consultation.post.models import Message

pytestmark = pytest.mark.django_db


def write() -> None:
    steps.write_last("account-erased", address="gone@test.example", language="fr", context={})


def test_once_sent_it_is_gone() -> None:
    write()
    tasks.sweep()
    assert [each.to for each in mail.outbox] == [["gone@test.example"]]
    assert not Message.objects.exists()


def test_one_that_nobody_takes_is_tried_as_often_as_any_and_then_gone(settings) -> None:
    settings.EMAIL_BACKEND = "tests.post.test_delivery.Unreachable"
    write()
    for attempt in range(1, ATTEMPTS + 1):
        assert Message.objects.exists(), attempt
        Message.objects.update(not_before=Now())
        tasks.sweep()
    assert not Message.objects.exists()
