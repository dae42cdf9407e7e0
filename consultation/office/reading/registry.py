"""Institutions that wait for a registrar: what they say of themselves, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from accounts import geography
from accounts import queries as accounts
from accounts.models import Institution, InstitutionState, User
from accounts.queries import Duplicate
from accounts.rules import may_settle_institution
from consultation.kit import languages
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


def waiting(*, at: datetime) -> dict[str, Any]:
    """The institutions that wait longest, with what speaks for them, and how many more there are."""
    found = list(accounts.waiting()[: SHOWN + 1])
    shown = found[:SHOWN]
    addresses = accounts.confirmed_addresses([each.pk for each in shown])
    more = accounts.waiting().count() - SHOWN if len(found) > SHOWN else 0
    return {"rows": [_row(each, addresses.get(each.pk, []), at=at) for each in shown], "more": more}


def _row(institution: Institution, emails: list[str], *, at: datetime) -> dict[str, Any]:
    data = institution.current
    assert data is not None
    domains = [each.domain for each in institution.domains.all()]
    return {
        "url": reverse("office:registry_institution", args=[institution.slug]),
        "data": data,
        "country": geography.name(data.country, get_language() or "en"),
        "age": wording.span(at - institution.registered_at),
        "confirmed": [email for email in emails if at_one_of(email, domains)],
        "domains": domains,
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
        may_settle_institution(registrar, found, at=at),
    )


def at_one_of(email: str, domains: list[str]) -> bool:
    """Whether an address is at one of these domains, or below it."""
    host = email.rpartition("@")[2].lower()
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
