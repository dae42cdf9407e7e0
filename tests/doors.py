"""The figures of endorsements by every door of the house, beside those that plain SQL counts."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from consultation.digests import gathering
from consultation.digests.manifest import take
from consultation.digests.models import Digest
from consultation.digests.withholding import withheld_now
from consultation.endorsements import queries as endorsements
from consultation.insights.groups import groups
from consultation.insights.timeline import timeline
from consultation.record import queries as record
from consultation.texts.models import Consultation
from tests import counted

KINDS = ("endorse", "endorse_with_reservation", "decline", "to_reaffirm")
Told = dict[int, dict[str, int]]


def assert_all_tell_the_same(consultation: Consultation) -> None:
    """Raise AssertionError unless page, files, API, digest, groups and days say what plain SQL says."""
    truth = counted.figures(consultation.pk)
    raw = {number: {kind: told[kind] for kind in KINDS} for number, told in truth.items()}
    visitor = Client()
    assert kept(consultation, raw) == raw
    assert by_api(visitor, consultation) == raw
    assert in_participation(visitor, consultation, truth, raw) == raw
    assert in_the_matrix(visitor, consultation, truth) == raw
    assert in_the_file(visitor, consultation, raw) == raw
    assert in_a_digest(consultation, raw) == raw
    assert_groups_sum_up(consultation, raw)
    assert_the_last_day_is_today(consultation, raw)


def kept(consultation: Consultation, raw: Told) -> Told:
    """The counters that every act keeps."""
    tallies = endorsements.tallies(consultation)
    return {
        number: {kind: getattr(tallies[number], kind) if number in tallies else 0 for kind in KINDS}
        for number in raw
    }


def by_api(visitor: Client, consultation: Consultation) -> Told:
    """What programs read of each principle."""
    address = f"/api/v1/consultations/{consultation.slug}/principles/?page_size=100"
    return {each["number"]: each["endorsements"] for each in visitor.get(address).json()["results"]}


def in_participation(visitor: Client, consultation: Consultation, truth: dict[int, Any], raw: Told) -> Told:
    """The figures behind the participation page, with the equal voice to a billionth."""
    found = visitor.get(f"/api/v1/participation/{consultation.slug}/").json()
    assert found["totals"]["institutions"] == next(iter(truth.values()))["heard"]
    for each in found["principles"]:
        exact = counted.share(truth[each["number"]])
        assert each["equal_voice"]["support"] == pytest.approx(exact, abs=1e-9)
    return {each["number"]: each["raw"] for each in found["principles"]}


def in_the_matrix(visitor: Client, consultation: Consultation, truth: dict[int, Any]) -> Told:
    """The sums over the matrix."""
    page = visitor.get(f"/consultations/{consultation.slug}/endorsements/")
    columns = page.context["principles"]
    for each in columns:
        voice = each["positions"].equal_voice
        assert voice is None or abs(voice - 100 * counted.share(truth[each["number"]])) <= 0.5 + 1e-9
    return {each["number"]: {kind: each["positions"].counts[kind] for kind in KINDS} for each in columns}


def in_the_file(visitor: Client, consultation: Consultation, raw: Told) -> Told:
    """The positions as a table."""
    sent = visitor.get(f"/consultations/{consultation.slug}/endorsements/table.json")
    rows = json.loads(b"".join(sent.streaming_content))["positions"]  # type: ignore[attr-defined]
    return _counted(raw, [(row["principle"], row["position"], row["to_reaffirm"]) for row in rows])


def in_a_digest(consultation: Consultation, raw: Told) -> Told:
    """The positions in a digest of now, folded from the record."""
    newest = record.newest_public(consultation.pk)
    digest = Digest(consultation=consultation, language="en", cutoff=newest, since=None, formats=["csv"])
    taken = take(digest)
    withheld = withheld_now(taken.manifest, consultation.pk)
    content = gathering.gather(taken.manifest, taken.sha256, withheld, consultation=consultation.pk)
    return _counted(raw, [(each.principle, each.position, each.to_reaffirm) for each in content.positions])


def _counted(raw: Told, rows: list[tuple[int, str, bool]]) -> Told:
    found = Counter((number, "to_reaffirm" if stale else position) for number, position, stale in rows)
    return {number: {kind: found[number, kind] for kind in KINDS} for number in raw}


def assert_groups_sum_up(consultation: Consultation, raw: Told) -> None:
    """Regions, and types, hold together what all institutions hold."""
    found = groups(consultation)
    for kind in (found.regions, found.types):
        sums: Counter[tuple[int, str]] = Counter()
        for group in kind:
            for voice in group.voices:
                sums.update({(voice.number, name): total for name, total in voice.raw.items()})
        assert {number: {name: sums[number, name] for name in KINDS} for number in raw} == raw


def assert_the_last_day_is_today(consultation: Consultation, raw: Told) -> None:
    """Day by day, the gains and losses of the record come to what stands now."""
    sums = Counter({name: sum(told[name] for told in raw.values()) for name in KINDS})
    days = timeline(consultation)
    if not days:
        assert not sums.total()
        return
    last = days[-1]
    assert last.endorsing == sums["endorse"] + sums["endorse_with_reservation"]
    assert (last.declining, last.to_reaffirm) == (sums["decline"], sums["to_reaffirm"])
    assert sum(each.gained - each.lost for each in days) == sums.total()
