"""With Redis stopped, frozen or killed, nothing raises, nothing waits, and it is said once."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest
from django.core.cache import caches

from consultation.config.embedded import Redis
from consultation.config.places import BASE_DIR
from consultation.kit import cache as kit_cache
from consultation.kit.cache import TolerantRedisCache
from tests.config.installation import Installation


@pytest.fixture
def server(installation: Installation) -> Iterator[Redis]:
    """A Redis that only this test talks to, and may end."""
    server = Redis(installation.places)
    server.start()
    yield server
    for process in server._all():
        process.send_signal(signal.SIGCONT)
    server.stop()


@pytest.fixture
def cache(server: Redis, monkeypatch: pytest.MonkeyPatch) -> TolerantRedisCache:
    """The site's cache, over that Redis, asking again as soon as it may."""
    monkeypatch.setattr(kit_cache, "PAUSE", 0.0)
    options = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}
    cache = TolerantRedisCache(f"unix://{server.socket}?db=1", {"OPTIONS": options, "KEY_PREFIX": "accord"})
    cache.set("known", "value")
    assert cache.get("known") == "value"
    return cache


def the_process(server: Redis) -> psutil.Process:
    (process,) = server._all()
    return process


def kill(server: Redis) -> None:
    process = the_process(server)
    process.kill()
    process.wait(5)


def freeze(server: Redis) -> None:
    process = the_process(server)
    process.suspend()
    # The signal is only queued by then: on another core Redis may still answer what comes at once.
    gives_up = time.monotonic() + 5
    while process.status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < gives_up, "Redis went on in spite of SIGSTOP."


ON_AN_EMPTY_CACHE = {
    "get": (lambda cache: cache.get("known", "otherwise"), "otherwise"),
    "get_many": (lambda cache: cache.get_many(["known"]), {}),
    "has_key": (lambda cache: "known" in cache, False),
    "set": (lambda cache: cache.set("known", 1), None),
    "set_many": (lambda cache: cache.set_many({"known": 1}), []),
    "add": (lambda cache: cache.add("known", 1), True),
    "incr": (lambda cache: cache.incr("known", 3), 3),
    "touch": (lambda cache: cache.touch("known"), False),
    "delete": (lambda cache: cache.delete("known"), False),
    "delete_many": (lambda cache: cache.delete_many(["known"]), None),
    "clear": (lambda cache: cache.clear(), None),
    "get_or_set": (lambda cache: cache.get_or_set("known", "made"), "made"),
}


def test_the_site_uses_this_cache_and_gives_up_after_a_third_of_a_second() -> None:
    cache = caches["default"]
    assert type(cache) is TolerantRedisCache
    assert cache._options == {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}


def test_every_question_to_a_killed_redis_is_answered_as_by_an_empty_cache(
    cache: TolerantRedisCache, server: Redis
) -> None:
    kill(server)
    answers = {name: ask(cache) for name, (ask, _) in ON_AN_EMPTY_CACHE.items()}
    assert answers == {name: expected for name, (_, expected) in ON_AN_EMPTY_CACHE.items()}


def test_the_cache_works_again_when_redis_is_back(cache: TolerantRedisCache, server: Redis) -> None:
    kill(server)
    assert cache.get("known") is None
    server.start()
    cache.set("known", "again")
    assert cache.get("known") == "again"


def test_a_frozen_redis_costs_one_short_wait_and_then_none(
    cache: TolerantRedisCache, server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit_cache, "PAUSE", 60.0)
    freeze(server)
    start = time.monotonic()
    assert [cache.get("known") for _ in range(50)] == [None] * 50
    assert time.monotonic() - start < 1.5


def test_that_it_is_away_is_logged_once_a_minute(
    cache: TolerantRedisCache, server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    kill(server)
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            cache.get("known")
    assert [record.getMessage() for record in caplog.records] == ["cache.away error=ConnectionError"]


def test_clearing_the_cache_leaves_what_is_not_its_own(
    cache: TolerantRedisCache, installation: Installation
) -> None:
    with installation.redis() as client:
        client.select(1)
        client.rpush("celery", "a wake-up")
        cache.clear()
        assert client.keys() == ["celery"]


@pytest.fixture
def sender(server: Redis) -> Iterator[subprocess.Popen[str]]:
    """A process that has sent one wake-up over that Redis, and sends another when told."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.config.sender", str(server.socket)],
        cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "sent\n"
        yield process
        process.kill()


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_a_wake_up_that_cannot_be_sent_is_given_up_within_a_moment(
    server: Redis, sender: subprocess.Popen[str], how: str
) -> None:
    kill(server) if how == "killed" else freeze(server)
    told, _ = sender.communicate("again\n", timeout=30)
    outcome, seconds = told.split("\t")
    assert outcome == "given up"
    assert float(seconds) < 1
