"""Building: each file once, whoever works, dies or comes twice."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models.functions import Now

from consultation.comments.actions import withdraw_comment
from consultation.config.processes import wait_until
from consultation.digests import actions, building, making, queries, storage, tasks
from consultation.digests.models import Digest, DigestState, File, Part
from consultation.kit import clock
from consultation.record.models import Entry
from tests import factories as make
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def consultation():
    return make.consultation(policy="post")


def ask(consultation, *formats, actor=None):
    return actions.request_digest(
        actor,
        consultation=consultation,
        language="en",
        formats=list(formats) or ["csv", "json"],
        at=clock.now(),
    )


def anew(digest):
    return Digest.objects.get(pk=digest.pk)


def expire(jobs):
    jobs.filter(lease_until__isnull=False).update(lease_until=Now() - timedelta(seconds=1))


def test_a_digest_is_built_in_every_format(consultation):
    make.cosign(make.sent_comment(consultation, body="We *ask* for a public register."))
    make.endorsement(consultation)
    digest = ask(consultation, "html", "pdf", "docx", "xlsx", "csv", "json")
    building.build(digest.pk)
    built = anew(digest)
    assert built.state == DigestState.READY
    assert queries.progress(built) == (100, "Ready")
    assert list(queries.public()) == [built]
    assert sorted(File.objects.values_list("format", flat=True)) == [
        "csv",
        "docx",
        "html",
        "json",
        "pdf",
        "xlsx",
    ]
    for file in built.files.all():
        data = queries.open_file(file).read()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.bytes, file.sha256)
        assert queries.servable(file)
    assert (
        queries.latest(consultation, "en", "pdf").name == f"{consultation.slug}-digest-{digest.cutoff}-en.pdf"
    )


def test_building_twice_builds_once(consultation):
    digest = ask(consultation)
    building.build(digest.pk)
    files = list(File.objects.order_by("pk").values())
    building.build(digest.pk)
    assert list(File.objects.order_by("pk").values()) == files
    assert list(Part.objects.values_list("attempts", flat=True)) == [1, 1]
    assert Entry.objects.filter(kind="digest.ready").count() == 1


def test_the_same_edition_built_anew_has_the_same_bytes(consultation):
    make.sent_comment(consultation)
    digest = ask(consultation)
    building.build(digest.pk)
    content = building.content_of(anew(digest))
    issue = building.Issue("another", "ar", 7)
    for file in File.objects.all():
        assert hashlib.sha256(making.make(file.format, content, issue)).hexdigest() == file.sha256


def test_two_builders_at_once_make_each_part_once(consultation, monkeypatch):
    make.sent_comment(consultation)
    digest = ask(consultation, "html", "docx", "xlsx", "csv", "json")
    made, lock, together = [], threading.Lock(), threading.Barrier(2, timeout=20)
    make_file = making.make

    def counted(form, content, issue):
        with lock:
            made.append(form)
        if len(made) <= 2:
            together.wait()
        return make_file(form, content, issue)

    def work():
        try:
            building.build(digest.pk)
            building.build(digest.pk)
        finally:
            connection.close()

    leased = actions.lease_manifest(None, digest_id=digest.pk)
    building._take_manifest(leased)
    monkeypatch.setattr(making, "make", counted)
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work), pool.submit(work)]:
            future.result()
    assert sorted(made) == ["csv", "docx", "html", "json", "xlsx"]
    assert anew(digest).state == DigestState.READY


def test_work_of_a_killed_worker_is_taken_up_once_its_lease_is_over(consultation):
    digest = ask(consultation)
    building._take_manifest(actions.lease_manifest(None, digest_id=digest.pk))
    actions.lease_part(None, digest_id=digest.pk)
    actions.lease_part(None, digest_id=digest.pk)
    building.build(digest.pk)
    assert anew(digest).state == DigestState.BUILDING
    assert queries.unattended() == []
    expire(Part.objects)
    assert queries.unattended() == [digest.pk]
    building.build(digest.pk)
    assert anew(digest).state == DigestState.READY


def test_a_worker_killed_while_reading_leaves_the_manifest_to_the_next(consultation):
    digest = ask(consultation)
    actions.lease_manifest(None, digest_id=digest.pk)
    assert queries.unattended() == []
    expire(Digest.objects)
    assert queries.unattended() == [digest.pk]
    building.build(digest.pk)
    assert anew(digest).state == DigestState.READY


def test_a_renewed_lease_stays(consultation):
    digest = ask(consultation)
    building._take_manifest(actions.lease_manifest(None, digest_id=digest.pk))
    part = actions.lease_part(None, digest_id=digest.pk)
    expire(Part.objects)
    actions.renew_lease(None, part_id=part.pk, attempt=part.attempts)
    assert actions.lease_part(None, digest_id=digest.pk).pk != part.pk
    assert actions.lease_part(None, digest_id=digest.pk) is None


@pytest.mark.parametrize(
    ("reading", "jobs"), [("take", Digest.objects), ("content_of", Part.objects)], ids=["manifest", "content"]
)
def test_reading_keeps_its_lease_however_long_it_takes(consultation, monkeypatch, reading, jobs):
    read, kept = getattr(building, reading), []

    def slowly(digest):
        kept.extend(at_once([lambda: renewed(jobs)]))
        return read(digest)

    monkeypatch.setattr(actions, "RENEW", 0.02)
    monkeypatch.setattr(building, reading, slowly)
    digest = ask(consultation, "csv")
    building.build(digest.pk)
    assert kept == [True]
    assert anew(digest).state == DigestState.READY
    assert (anew(digest).attempts, Part.objects.get().attempts) == (1, 1)


def renewed(jobs):
    """Whether a lease that is over is soon a new one."""
    expire(jobs)
    return wait_until(jobs.filter(lease_until__gt=Now()).exists, seconds=10)


def test_a_format_that_fails_is_tried_five_times_and_then_says_why(consultation, monkeypatch):
    digest = ask(consultation, "csv", "json")

    def broken(content):
        raise ValueError("no room left")

    monkeypatch.setitem(making.DATA, "csv", broken)
    for _attempt in range(5):
        building.build(digest.pk)
        Part.objects.update(not_before=Now())
    failed = anew(digest)
    assert (failed.state, failed.last_error) == (DigestState.FAILED, "csv: ValueError: no room left")
    assert Part.objects.get(format="csv").attempts == 5
    assert queries.unattended() == []
    monkeypatch.undo()
    assert ask(consultation, "csv", "json") == failed
    building.build(digest.pk)
    assert anew(digest).state == DigestState.READY
    assert Part.objects.get(format="json").attempts == 1


def test_a_digest_on_which_five_workers_died_is_given_up(consultation):
    digest = ask(consultation)
    for _attempt in range(5):
        actions.lease_manifest(None, digest_id=digest.pk)
        expire(Digest.objects)
    assert queries.unattended() == []
    tasks.sweep()
    assert anew(digest).state == DigestState.FAILED


def test_a_file_is_on_disk_before_its_row_says_so(consultation):
    digest = ask(consultation, "csv")
    building.build(digest.pk)
    file = File.objects.get()
    stored = default_storage.path(storage.place("csv", file.sha256))
    folder = [entry.name for entry in Path(stored).parent.iterdir()]
    assert folder == [f"{file.sha256}.zip"]


def test_what_is_withdrawn_is_served_no_more_and_the_next_edition_says_so(consultation):
    author = make.verified_institution()
    comment = make.sent_comment(consultation, author, body="Words that must go.")
    digest = ask(consultation, "csv", "html")
    building.build(digest.pk)
    file = File.objects.get(format="csv")
    assert queries.servable(file)
    withdraw_comment(make.manager(author), comment_id=comment.pk, at=clock.now())
    assert not queries.servable(file)
    tasks.sweep()
    second = anew(digest).next
    building.build(second.pk)
    assert not anew(digest).files.filter(withheld_at=None).exists()
    assert (second.edition, anew(second).manifest_hash) == (2, anew(digest).manifest_hash)
    assert list(queries.public()) == [second]
    page = queries.open_file(second.files.get(format="html")).read().decode()
    assert "Words that must go" not in page
    assert "withdrawn by its institution" in page
    assert queries.servable(second.files.get(format="html"))


def test_a_position_given_up_later_is_history_and_withholds_nothing(consultation):
    author = make.verified_institution()
    make.endorsement(consultation, author)
    digest = ask(consultation, "csv")
    building.build(digest.pk)
    make.endorsement(consultation, author, position="decline")
    assert queries.servable(File.objects.get())
    tasks.sweep()
    assert Digest.objects.count() == 1


def test_a_text_withdrawn_while_the_digest_is_built_is_in_no_file_that_is_served(consultation):
    author = make.verified_institution()
    comment = make.sent_comment(consultation, author)
    digest = ask(consultation, "csv")
    building._take_manifest(actions.lease_manifest(None, digest_id=digest.pk))
    withdraw_comment(make.manager(author), comment_id=comment.pk, at=clock.now())
    tasks.sweep()
    building.build(digest.pk)
    assert File.objects.get(digest=digest).withheld_at is not None
    assert anew(digest).next.edition == 2


def test_the_sweep_wakes_what_nobody_works_on(consultation, monkeypatch):
    digest = ask(consultation)
    woken = []
    monkeypatch.setattr(tasks.jobs, "wake", lambda name, *args: woken.append((name, *args)))
    tasks.sweep()
    actions.lease_manifest(None, digest_id=digest.pk)
    tasks.sweep()
    assert woken == [("digests.build", str(digest.pk))]
