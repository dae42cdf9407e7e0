"""What an institution's positions were as of an entry of the record, and a code by which to check that.

The code is the SHA-256 of canonical JSON (RFC 8785) of what never changes: who, which exact words, which
position, when, and the numbers of entries. Names and translations are in no code, so that it is the same in
every language, and nothing that may be erased is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from accounts.models import Institution
from consultation.endorsements import queries
from consultation.endorsements.models import Endorsement
from consultation.kit.canonical import digest, text_hash
from consultation.record import queries as record
from consultation.record.models import Entry
from consultation.texts.models import Consultation

GAINED, LOST = "endorsement.took_effect", "endorsement.lost_effect"


@dataclass(frozen=True)
class Certified:
    """One position, and the entry with which it took effect."""

    endorsement: Endorsement
    entry: int
    since: datetime

    def facts(self) -> dict[str, Any]:
        held = self.endorsement
        assert held.signed_at is not None
        return {
            "principle": held.principle.number,
            "version": held.version.number,
            "text": held.version.text_hash,
            "position": held.position,
            "statement": text_hash(held.statement) if held.statement else None,
            "signed_at": held.signed_at.astimezone(UTC).isoformat(),
            "recorded": held.recorded,
            "entry": self.entry,
        }


@dataclass(frozen=True)
class Certificate:
    """The positions in effect of one institution, by principle, as of an entry of the consultation's record.

    `number` is the institution's permanent number at that time: after a merger another one holds its words.
    """

    consultation: Consultation
    number: int
    as_of: int
    at: datetime
    positions: tuple[Certified, ...]

    @property
    def code(self) -> str:
        """The SHA-256 that stands on the certificate, in hex."""
        return digest(
            {
                "consultation": self.consultation.slug,
                "institution": self.number,
                "entry": self.as_of,
                "positions": [each.facts() for each in self.positions],
            }
        )


@dataclass(frozen=True)
class Change:
    """What became of a certified position later, or a position that was taken later."""

    endorsement: Endorsement
    entry: int
    at: datetime
    gained: bool


@dataclass(frozen=True)
class Checked:
    """A certificate that the record bears out, and what happened to its positions since."""

    certificate: Certificate
    changes: tuple[Change, ...]


def certify(consultation: Consultation, institution: Institution) -> Certificate | None:
    """What the institution's positions are now; None where it holds none. Four queries."""
    as_of = record.newest_public(consultation.pk)
    entries = _entries(consultation, institution)
    newest = record.public(consultation.pk).filter(number=as_of).first()
    if newest is None:
        return None
    held = {str(each.pk): each for each in _positions(consultation, institution)}
    made = _folded(consultation, institution.pk, newest, entries, held)
    return made if made.positions else None


def check(consultation: Consultation, institution: Institution, as_of: int, code: str) -> Checked | None:
    """The certificate with this code, told by the record as of that entry; None if there never was one.

    Tries the institution and those merged into it. Four queries.
    """
    newest = record.public(consultation.pk).filter(number=as_of).first()
    if newest is None:
        return None
    entries = _entries(consultation, institution)
    held = {str(each.pk): each for each in _positions(consultation, institution)}
    for number in sorted({each.institution for each in entries if each.institution is not None}):
        made = _folded(consultation, number, newest, entries, held)
        if made.positions and made.code == code:
            return Checked(made, _changes(entries, held, as_of))
    return None


def _positions(consultation: Consultation, institution: Institution) -> Iterable[Endorsement]:
    rows = Endorsement.objects.filter(
        consultation=consultation, institution=institution, signed_at__isnull=False
    )
    return queries.with_rows(queries.with_reaffirmation(rows)).prefetch_related("version__translations")


def _entries(consultation: Consultation, institution: Institution) -> Sequence[Entry]:
    """Every gain and loss of effect of what the institution holds or held, in their order."""
    rows = Endorsement.objects.filter(
        consultation=consultation, institution=institution, signed_at__isnull=False
    )
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    found = record.public(consultation.pk).filter(
        subject_kind="endorsement", subject_key__in=keys, kind__in=(GAINED, LOST)
    )
    return list(found.order_by("number"))


def _folded(
    consultation: Consultation,
    number: int,
    newest: Entry,
    entries: Iterable[Entry],
    held: dict[str, Endorsement],
) -> Certificate:
    standing: dict[str, Entry] = {}
    for entry in entries:
        if entry.number > newest.number:
            break
        if entry.kind == LOST:
            standing.pop(entry.subject_key, None)
        elif entry.institution == number:
            standing[entry.subject_key] = entry
    made = [Certified(held[key], entry.number, entry.at) for key, entry in standing.items()]
    made.sort(key=lambda each: (each.endorsement.principle.order, each.endorsement.principle.number))
    return Certificate(consultation, number, newest.number, newest.at, tuple(made))


def _changes(entries: Iterable[Entry], held: dict[str, Endorsement], as_of: int) -> tuple[Change, ...]:
    later = [each for each in entries if each.number > as_of]
    return tuple(Change(held[each.subject_key], each.number, each.at, each.kind == GAINED) for each in later)
