"""Digests, and what may happen to the worker that builds them."""

from __future__ import annotations

from consultation.digests.models import Format
from tests.faults.site import Site, eventually

A_MINUTE = 60


def test_it_works(site: Site) -> None:
    digest = site.ask_for_digest(1)

    site.until_ready(digest, seconds=A_MINUTE)

    assert made(site, digest) == [(form, 1, 1) for form in sorted(Format.values)]


def test_a_digest_asked_for_while_redis_is_stopped_is_built_once_it_is_back(site: Site) -> None:
    with site.redis_stopped():
        digest = site.ask_for_digest(2, "csv")
        assert site.state(digest) == "queued"

    site.until_ready(digest, seconds=A_MINUTE)


def test_a_worker_killed_while_building_leaves_a_digest_that_is_done_within_a_minute(site: Site) -> None:
    with site.no_file_is_finished():
        digest = site.ask_for_digest(3)
        eventually(site.waiting_to_finish_a_file, "a file all but finished", seconds=20)
        site.kill_worker()
    assert site.state(digest) == "building"

    site.until_ready(digest, seconds=A_MINUTE)

    attempts = [attempts for _form, attempts, _files in made(site, digest)]
    assert sorted(attempts) == [1, 1, 1, 1, 1, 2]
    assert made(site, digest) == [(form, times, 1) for form, times, _files in made(site, digest)]
    assert said(site, digest, "digest.ready") == 1


def test_redis_emptied_in_the_middle_changes_nothing(site: Site) -> None:
    with site.no_file_is_finished(), site.installation.redis() as redis:
        # Two are being built, which is as many as the worker does at once; the third is but a message.
        digests = [site.ask_for_digest(principle, "csv", "json") for principle in (4, 5, 6)]
        eventually(lambda: site.waiting_to_finish_a_file() == 2, "two files all but finished", seconds=20)
        redis.flushall()
    [waits] = [digest for digest in digests if site.state(digest) == "queued"]

    for digest in digests:
        site.until_ready(digest, seconds=A_MINUTE)

    assert [made(site, digest) for digest in digests] == [[("csv", 1, 1), ("json", 1, 1)]] * 3
    assert waits in digests


def test_a_digest_woken_again_and_again_is_built_once(site: Site) -> None:
    with site.no_file_is_finished():
        digest = site.ask_for_digest(7, "csv", "json")
        site.wake("digests.build", digest, times=5)
        eventually(site.waiting_to_finish_a_file, "a file all but finished", seconds=20)

    site.until_ready(digest, seconds=A_MINUTE)
    eventually(site.nothing_is_queued, "an empty queue", seconds=20)

    assert made(site, digest) == [("csv", 1, 1), ("json", 1, 1)]
    assert said(site, digest, "digest.ready") == 1


def made(site: Site, digest: str) -> list[tuple[str, int, int]]:
    """For each format how often it was begun, and how many files there are of it."""
    return site.ask(
        "SELECT part.format, part.attempts, count(file.id) FROM consultation_part part"
        " LEFT JOIN consultation_file file USING (digest_id, format)"
        " WHERE part.digest_id = %s GROUP BY part.id ORDER BY part.format",
        digest,
    )


def said(site: Site, digest: str, kind: str) -> int:
    """How often the record says this of the digest."""
    [(count,)] = site.ask(
        "SELECT count(*) FROM consultation_entry WHERE subject_key = %s AND kind = %s", digest, kind
    )
    return int(count)
