"""Institutions that wait for a registrar: what they say of themselves, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from accounts import evidence as proofs
from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution, InstitutionEvidence, InstitutionInquiry, InstitutionState, User
from accounts.queries import Duplicate
from accounts.rules import may_settle_institution
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.kit import languages
from consultation.kit.fold import fold
from consultation.kit.refusal import Verdict
from consultation.office import wording

SHOWN = 50


@dataclass(frozen=True)
class Address:
    """A confirmed address of somebody with a mandate, and whether it is at a domain of the institution."""

    email: str
    at_domain: bool


@dataclass(frozen=True)
class Evidence:
    """One institution beside what speaks for it."""

    institution: Institution
    addresses: list[Address]
    duplicates: list[Duplicate]
    look_alike: list[Institution]
    given: list[InstitutionEvidence]
    inquiry: InstitutionInquiry | None
    may_settle: Verdict

    @property
    def name(self) -> str:
        return self.institution.current.name if self.institution.current else self.institution.slug

    @property
    def names(self) -> list[tuple[str, str, str]]:
        """Its names in other languages: code, language, name."""
        reader = get_language() or "en"
        data = self.institution.current
        given = data.names if data else {}
        return [
            (languages.html_lang(code), languages.name(code, reader), name) for code, name in given.items()
        ]

    @property
    def country(self) -> str:
        data = self.institution.current
        return geography.name(data.country, get_language() or "en") if data else ""

    @property
    def domains(self) -> list[str]:
        return [each.domain for each in self.institution.domains.all()]

    @property
    def confirmed(self) -> list[str]:
        """Confirmed addresses at its own domains."""
        return [each.email for each in self.addresses if each.at_domain]

    @property
    def pending(self) -> bool:
        return self.institution.state == InstitutionState.PENDING

    @property
    def verified(self) -> bool:
        return self.institution.verified

    @property
    def settled(self) -> bool:
        """Whether nothing more can be decided: it was not accepted, or merged."""
        return self.institution.state in (InstitutionState.REJECTED, InstitutionState.MERGED)

    @property
    def suspended(self) -> bool:
        return self.institution.state == InstitutionState.SUSPENDED

    @property
    def answered(self) -> bool:
        """Whether something was given since it was asked for."""
        asked = self.inquiry
        return asked is not None and any(each.given_at > asked.asked_at for each in self.given)


def waiting(*, at: datetime) -> dict[str, Any]:
    """The institutions that wait longest, with what speaks for them, and how many more there are."""
    found = list(accounts.waiting()[: SHOWN + 1])
    shown = found[:SHOWN]
    keys = [each.pk for each in shown]
    known = _Known(
        accounts.confirmed_addresses(keys),
        proofs.given_by(keys),
        proofs.newest_inquiries(keys),
        accounts.names_like(keys),
    )
    more = accounts.waiting().count() - SHOWN if len(found) > SHOWN else 0
    return {"rows": [_row(each, known, at=at) for each in shown], "more": more}


@dataclass(frozen=True)
class _Known:
    """What is known of each institution, by its key."""

    addresses: dict[int, list[str]]
    given: dict[int, list[InstitutionEvidence]]
    inquiries: dict[int, InstitutionInquiry]
    look_alike: dict[int, list[Institution]]


def _row(institution: Institution, known: _Known, *, at: datetime) -> dict[str, Any]:
    data = institution.current
    assert data is not None
    domains = [each.domain for each in institution.domains.all()]
    given = known.given.get(institution.pk, [])
    asked = known.inquiries.get(institution.pk)
    return {
        "url": reverse("office:registry_institution", args=[institution.slug]),
        "data": data,
        "country": geography.name(data.country, get_language() or "en"),
        "age": wording.span(at - institution.registered_at),
        "confirmed": [
            email for email in known.addresses.get(institution.pk, []) if at_one_of(email, domains)
        ],
        "domains": domains,
        "letters": [each for each in given if each.sha256],
        "notes": [each for each in given if each.note],
        "asked": asked,
        "answered": asked is not None and any(each.given_at > asked.asked_at for each in given),
        "look_alike": [each.current for each in known.look_alike.get(institution.pk, [])],
    }


def called(registrar: User, words: str) -> list[dict[str, Any]]:
    """Institutions in whatever state whose names hold these words, by name; at most a page of them."""
    wanted = fold(words)
    if not wanted:
        return []
    found = accounts.visible_to(registrar).filter(current__name_folded__contains=wanted)
    return [
        {
            "url": reverse("office:registry_institution", args=[each.slug]),
            "data": each.current,
            "country": geography.name(each.current.country, get_language() or "en"),
            "state": each.get_state_display(),
        }
        for each in found.order_by("current__name_sort", "pk")[:SHOWN]
        if each.current
    ]


def to_be_merged(registrar: User, slug: str, kept: str) -> tuple[Institution, dict[str, Any]] | None:
    """The other record, and in numbers what moves to it from the one with this address."""
    merged = accounts.visible_to(registrar).filter(slug=slug).first()
    other = accounts.visible_to(registrar).filter(slug=kept).exclude(slug=slug).first()
    if merged is None or other is None:
        return None
    both = endorsements.of_institutions([merged, other])
    stands = [each.principle_id for each in both if each.state == "signed" and each.released]
    return other, {
        "comments": comments.of_institutions([merged]).exclude(state="draft").count(),
        "positions": sum(1 for each in both if each.institution_id == merged.pk),
        "superseded": len(stands) - len(set(stands)),
        "people": merged.mandates.filter(ended_at=None).count(),
    }


def evidence(registrar: User, slug: str, *, at: datetime) -> Evidence | None:
    """One institution with all that is known of it."""
    found = accounts.visible_to(registrar).filter(slug=slug).prefetch_related("domains").first()
    if found is None or found.current is None:
        return None
    domains = [each.domain for each in found.domains.all()]
    emails = accounts.confirmed_addresses([found.pk]).get(found.pk, [])
    data = found.current
    return Evidence(
        found,
        [Address(email, at_one_of(email, domains)) for email in emails],
        accounts.likely_duplicates(
            registrar,
            name=data.name,
            country=data.country,
            ror=data.ror,
            domains=domains,
            names=data.names,
            apart_from=found,
        ),
        accounts.names_like([found.pk]).get(found.pk, []),
        proofs.given_by([found.pk]).get(found.pk, []),
        proofs.newest_inquiries([found.pk]).get(found.pk),
        may_settle_institution(registrar, found, at=at),
    )


def at_one_of(email: str, domains: list[str]) -> bool:
    """Whether an address is at one of these domains, or below it."""
    host = email.rpartition("@")[2].lower()
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
