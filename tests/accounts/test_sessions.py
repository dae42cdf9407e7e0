"""Sessions, and what is noted of them, go when they are over (DESIGN 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import tasks
from consultation.kit import clock
from tests import factories as make

pytestmark = pytest.mark.django_db


def sign_in() -> Client:
    client = Client()
    person = make.person()
    client.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD})
    return client


def tidy_after(**time: float) -> None:
    with time_machine.travel(clock.now() + timedelta(**time), tick=False):
        tasks.tidy()


def test_a_session_is_kept_for_fourteen_days() -> None:
    sign_in()
    tidy_after(days=13, hours=23)
    assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)
    tidy_after(days=14, hours=1)
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


def test_what_was_noted_of_a_session_goes_with_signing_out() -> None:
    client = sign_in()
    stays = sign_in().session.session_key
    client.post("/accounts/logout/")
    tidy_after(hours=1)
    assert [each.session_key for each in UserSession.objects.all()] == [stays]
