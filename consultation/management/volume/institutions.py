"""Synthetic institutions, each with one person who holds all powers for it; most are verified."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress

from accounts import geography
from accounts.confusables import skeleton
from accounts.models import (
    Institution,
    InstitutionDomain,
    InstitutionState,
    InstitutionType,
    InstitutionVersion,
    Mandate,
    Power,
    User,
    VerifiedHow,
)
from accounts.steps import FOLDED_LIMIT, LIST_LANGUAGE
from consultation.kit.fold import fold, sort_key
from consultation.kit.verb import verb
from consultation.management.volume import bulk, words
from consultation.record.steps import Facts, record

BATCH = 2000
VERIFIED_SHARE = 0.95
COUNTRIES = sorted(geography.MEMBER_STATES)
BEFORE_OPENING = timedelta(days=20)
UNUSABLE = "!"


@dataclass(frozen=True)
class Voice:
    """An institution, who speaks for it, and since when it is heard; None while it waits to be verified."""

    institution: int
    version: int
    person: int
    verified_at: datetime | None


@dataclass(frozen=True)
class Named:
    """A subject of the record of which nothing but its facts is at hand."""

    named: Facts

    def facts(self) -> Facts:
        return self.named


def make(count: int, *, seed: int, registrar: User, opens_at: datetime) -> list[Voice]:
    """So many institutions, registered before the round opened."""
    first = Institution.objects.filter(slug__startswith="volume-").count() + 1
    made: list[Voice] = []
    for batch in bulk.batches(range(count), BATCH):
        rows = [
            _plan(random.Random(f"{seed} institution {place}"), first + place, opens_at) for place in batch
        ]
        made += register(registrar, rows=rows)
    return made


def _plan(dice: random.Random, number: int, opens_at: datetime) -> dict[str, Any]:
    # A handful of countries send most of what is sent, as everywhere.
    country = COUNTRIES[min(int(dice.expovariate(1 / 40)), len(COUNTRIES) - 1)]
    registered = opens_at - BEFORE_OPENING * dice.random()
    verified = registered + timedelta(hours=dice.randint(2, 24 * 5))
    return {
        "number": number,
        "name": words.institution(dice, number),
        "country": country,
        "type": dice.choice(InstitutionType.values),
        "registered_at": registered,
        "verified_at": verified if dice.random() < VERIFIED_SHARE else None,
        "mandate": bulk.identifier(dice, registered),
    }


@verb
def register(registrar: User, *, rows: Sequence[dict[str, Any]]) -> list[Voice]:
    """The institutions are registered by people of their own, and verified where the plan says so."""
    count = len(rows)
    institutions, people = bulk.numbers(Institution, count), bulk.numbers(User, count)
    versions = bulk.numbers(InstitutionVersion, count)
    keys = list(zip(institutions, versions, people, strict=True))
    bulk.insert(User, [_person(row, person) for row, person in zip(rows, people, strict=True)])
    bulk.insert(EmailAddress, [_address(row, person) for row, person in zip(rows, people, strict=True)])
    bulk.insert(Institution, [_institution(row, key) for row, key in zip(rows, institutions, strict=True)])
    bulk.insert(InstitutionVersion, [_version(row, *key[:2]) for row, key in zip(rows, keys, strict=True)])
    bulk.insert(InstitutionDomain, [_domain(row, key) for row, key in zip(rows, institutions, strict=True)])
    bulk.insert(Mandate, [_mandate(row, key[0], key[2]) for row, key in zip(rows, keys, strict=True)])
    current = [{"pk": key, "current": version} for key, version, _person_key in keys]
    bulk.update(Institution, current, pk="bigint", current="bigint")
    for row, (institution, _version_key, person) in zip(rows, keys, strict=True):
        _note(row, institution, person)
    _verify(registrar, rows, institutions)
    return [Voice(*key, row["verified_at"]) for row, key in zip(rows, keys, strict=True)]


def _slug(row: dict[str, Any]) -> str:
    return f"volume-{row['number']}"


def _person(row: dict[str, Any], key: int) -> dict[str, Any]:
    email = f"office@{_slug(row)}.example"
    return {"id": key, "email": email, "name": "", "password": UNUSABLE, "joined_at": row["registered_at"]}


def _address(row: dict[str, Any], person: int) -> dict[str, Any]:
    return {"user_id": person, "email": f"office@{_slug(row)}.example", "verified": True, "primary": True}


def _institution(row: dict[str, Any], key: int) -> dict[str, Any]:
    return {"id": key, "slug": _slug(row), "registered_at": row["registered_at"]}


def _version(row: dict[str, Any], institution: int, key: int) -> dict[str, Any]:
    return {
        "id": key,
        "institution_id": institution,
        "number": 1,
        "name": row["name"],
        "name_folded": fold(row["name"])[:FOLDED_LIMIT],
        "name_skeleton": skeleton(row["name"])[:FOLDED_LIMIT],
        "name_sort": sort_key(row["name"], LIST_LANGUAGE),
        "country": row["country"],
        "region": geography.region_of(row["country"]),
        "type": row["type"],
        "website": f"https://{_slug(row)}.example",
        "made_at": row["registered_at"],
    }


def _domain(row: dict[str, Any], institution: int) -> dict[str, Any]:
    return {"institution_id": institution, "domain": f"{_slug(row)}.example"}


def _mandate(row: dict[str, Any], institution: int, person: int) -> dict[str, Any]:
    mandate: UUID = row["mandate"]
    return {
        "id": mandate,
        "person_id": person,
        "institution_id": institution,
        "powers": [power.value for power in Power],
        "evidence": Mandate.Evidence.REGISTERED.value,
        "starts_at": row["registered_at"],
    }


def _note(row: dict[str, Any], institution: int, person: int) -> None:
    actor = User(pk=person)
    record(actor, "institution.registered", Named(Facts("institution", _slug(row), institution=institution)))
    record(actor, "mandate.granted", Named(Facts("mandate", str(row["mandate"]), institution=institution)))


def _verify(registrar: User, rows: Sequence[dict[str, Any]], institutions: Sequence[int]) -> None:
    verified = [(row, key) for row, key in zip(rows, institutions, strict=True) if row["verified_at"]]
    changes = [
        {
            "pk": key,
            "state": InstitutionState.VERIFIED.value,
            "verified_how": VerifiedHow.DOMAIN.value,
            "settled_at": row["verified_at"],
            "settled_by": registrar.pk,
        }
        for row, key in verified
    ]
    bulk.update(
        Institution,
        changes,
        pk="bigint",
        state="text",
        verified_how="text",
        settled_at="timestamptz",
        settled_by="bigint",
    )
    for row, key in verified:
        record(
            registrar,
            "institution.verified",
            Named(Facts("institution", _slug(row), institution=key)),
            public=True,
        )
