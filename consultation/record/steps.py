from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Protocol

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection

from consultation.kit.verb import current_act
from consultation.record.models import SITE, Entry, Stream


class Recorded(Protocol):
    """What can stand in the record: it says where it belongs, in plain numbers."""

    def facts(self) -> Facts: ...


@dataclass(frozen=True)
class Facts:
    """Where a subject belongs. `consultation` is a key, or 0 for the site; `principle` is a number."""

    kind: str
    key: str
    consultation: int = SITE
    institution: int | None = None
    principle: int | None = None
    revision: int | None = None


@dataclass(frozen=True)
class _Note:
    kind: str
    actor: int | None
    public: bool
    facts: Facts


def record(
    actor: AbstractBaseUser | None,
    kind: str,
    subject: Recorded,
    *,
    public: bool = False,
    revision: int | None = None,
) -> None:
    """Note that `kind` happened to `subject`; the verb writes all notes at its very end.

    `public` entries move the stamp under which pages are cached: one for each change of what readers see.
    `revision` names another revision of the subject than its latest.
    """
    act = current_act()
    facts = subject.facts()
    if revision is not None:
        facts = replace(facts, revision=revision)
    act.notes.append(_Note(kind, actor.pk if actor else None, public, facts))
    act.endings["record"] = lambda: _write(act.notes, act.verb)


def _write(notes: list[_Note], verb: str) -> None:
    by_stream: dict[int, list[_Note]] = defaultdict(list)
    for note in notes:
        by_stream[note.facts.consultation].append(note)
    Stream.objects.bulk_create([Stream(consultation=key) for key in by_stream], ignore_conflicts=True)
    for key in sorted(by_stream):
        _append(key, by_stream[key], verb)


def _append(key: int, notes: list[_Note], verb: str) -> None:
    stream = Stream.objects.select_for_update(no_key=True, of=("self",)).get(consultation=key)
    with connection.cursor() as cursor:
        # The clock is read once the counter is ours, so that numbers and times agree.
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    entries = [
        Entry(
            stream=stream,
            number=stream.number + offset,
            at=at,
            public=note.public,
            kind=note.kind,
            actor_id=note.actor,
            institution=note.facts.institution,
            principle=note.facts.principle,
            subject_kind=note.facts.kind,
            subject_key=note.facts.key,
            revision=note.facts.revision,
            verb=verb,
        )
        for offset, note in enumerate(notes, start=1)
    ]
    Entry.objects.bulk_create(entries, batch_size=2000)
    stream.number = entries[-1].number
    stream.public_number = max(
        (entry.number for entry in entries if entry.public), default=stream.public_number
    )
    stream.save(update_fields=["number", "public_number"])
