"""Guessing passwords and codes: five times in five minutes, whether Redis is there or not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.models import User
from consultation.kit import clock
from consultation.kit.models import Try
from consultation.kit.tasks import tidy
from tests import factories as make
from tests.together import at_once

pytestmark = pytest.mark.django_db
ADDRESS, SECRET = "ada@test.example", "JBSWY3DPEHPK3PXP"
IN = "in"
WRONG = "The email address and/or password you specified are not correct."
WRONG_CODE = "Incorrect code."
TOO_MANY = "Too many failed login attempts. Try again later."


@pytest.fixture
def without_redis(settings, tmp_path):
    """Nobody answers where Redis is looked for."""
    away = {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path}/redis.sock"}
    settings.CACHES = {"default": away}


@pytest.fixture(params=["with Redis", "without"])
def whether_redis_is_there_or_not(request):
    if request.param == "without":
        request.getfixturevalue("without_redis")


@pytest.fixture
def person() -> User:
    return make.person(ADDRESS)


def sign_in(password: str, *, email: str = ADDRESS, client: Client | None = None, host: int = 1) -> str:
    """What becomes of somebody who signs in with this password from this host."""
    client = client or Client(REMOTE_ADDR=f"192.0.2.{host}")
    return outcome(client.post("/accounts/login/", {"login": email, "password": password}))


def send_code(client: Client, code: str) -> str:
    return outcome(client.post("/accounts/2fa/authenticate/", {"code": code}))


def outcome(answer) -> str:
    if answer.status_code == 302:
        return IN
    # What the page says, not its context: that one gets mixed up between clients at the same moment.
    page = answer.content.decode()
    [sentence] = [each for each in (WRONG, WRONG_CODE, TOO_MANY) if each in page]
    return sentence


def code_of_now() -> str:
    counters = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(SECRET, next(iter(counters))))


@pytest.mark.usefixtures("whether_redis_is_there_or_not")
def test_after_five_wrong_passwords_the_right_one_has_to_wait_for_five_minutes(person, time_machine):
    begin = clock.now()
    time_machine.move_to(begin, tick=False)
    assert [sign_in("guessed") for _ in range(5)] == [WRONG] * 5
    assert [sign_in(make.PASSWORD, host=2), sign_in(make.PASSWORD)] == [TOO_MANY] * 2
    time_machine.move_to(begin + timedelta(seconds=299), tick=False)
    assert sign_in(make.PASSWORD) == TOO_MANY
    time_machine.move_to(begin + timedelta(seconds=301), tick=False)
    assert sign_in(make.PASSWORD) == IN


@pytest.mark.usefixtures("whether_redis_is_there_or_not")
def test_a_host_has_ten_guesses_a_minute_whoever_it_claims_to_be(person, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    guesses = [sign_in("guessed", email=f"{number}@test.example") for number in range(11)]
    assert guesses == [WRONG] * 10 + [TOO_MANY]
    assert sign_in(make.PASSWORD, host=2) == IN


@pytest.mark.usefixtures("whether_redis_is_there_or_not")
def test_after_five_wrong_codes_the_right_one_has_to_wait_for_five_minutes(person, time_machine):
    begin, client = clock.now(), Client()
    time_machine.move_to(begin, tick=False)
    totp.TOTP.activate(person, SECRET)
    assert sign_in(make.PASSWORD, client=client) == IN
    assert [send_code(client, "000") for _ in range(5)] == [WRONG_CODE] * 5
    assert send_code(client, code_of_now()) == TOO_MANY
    time_machine.move_to(begin + timedelta(seconds=301), tick=False)
    assert send_code(client, code_of_now()) == IN


@pytest.mark.usefixtures("whether_redis_is_there_or_not")
def test_right_passwords_do_not_count(person):
    assert [sign_in(make.PASSWORD) for _ in range(7)] == [IN] * 7
    assert not Try.objects.exists()


def test_while_redis_counts_the_database_does_not(person):
    assert sign_in("guessed") == WRONG
    assert not Try.objects.exists()


def test_what_is_counted_without_redis_tells_nobody_who_it_was(person, without_redis):
    assert sign_in("guessed") == WRONG
    kept = list(Try.objects.values_list("who", flat=True))
    assert len(kept) == 2
    assert all(re.fullmatch(r"[0-9a-f]{64}", who) for who in kept)


def test_it_is_forgotten_after_an_hour(person, without_redis, time_machine):
    assert sign_in("guessed") == WRONG
    time_machine.move_to(clock.now() + timedelta(minutes=59))
    tidy()
    assert Try.objects.count() == 2
    time_machine.move_to(clock.now() + timedelta(minutes=2))
    tidy()
    assert not Try.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_guessing_at_the_same_moment_gives_no_more_guesses(person, without_redis):
    guesses = at_once([lambda: sign_in("guessed") for _ in range(8)])
    assert guesses.count(WRONG) + guesses.count(TOO_MANY) == 8
    assert guesses.count(WRONG) <= 5
