from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import User
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts.models import (
    Change,
    Consultation,
    ConsultationRole,
    LicenceAcceptance,
    PolicyClause,
    Principle,
    PrincipleVersion,
    Round,
    Translation,
)
from consultation.texts.source import Section, TextSource, text_hash

CLOSING_HOUR = 18


def create_consultation(source: TextSource, *, at: datetime, demonstration: bool = False) -> Consultation:
    """A consultation with its policy and rounds, not public yet."""
    facts = source.facts
    consultation = Consultation.objects.create(
        slug=facts["slug"],
        titles=source.by_language("title"),
        leads=source.by_language("lead"),
        notes=source.by_language("note"),
        initiators=source.by_language("initiators"),
        secretariats=source.by_language("secretariat"),
        preambles={code: each.preamble for code, each in source.editions.items()},
        source=_source_line(facts.get("source")),
        issued_on=facts.get("issued"),
        authoritative=facts["authoritative"],
        languages=[code for code in facts.get("languages", []) if code in source.editions]
        or list(source.editions),
        zone=facts.get("zone", "UTC"),
        policy=facts.get("policy", "pre"),
        licence=facts.get("licence", "CC BY 4.0"),
        demonstration=demonstration,
    )
    _write_clauses(consultation, source)
    for facts_of_round in facts.get("rounds", []):
        add_round(consultation, facts_of_round, at=at)
    return consultation


def _source_line(source: object) -> str:
    return ", ".join(str(part) for part in source.values()) if isinstance(source, dict) else str(source or "")


def _write_clauses(consultation: Consultation, source: TextSource) -> None:
    clauses = {code: each.front.get("clauses", {}) for code, each in source.editions.items()}
    for number in clauses[consultation.authoritative]:
        words = {code: each[number] for code, each in clauses.items() if number in each}
        PolicyClause.objects.create(
            consultation=consultation,
            number=str(number),
            titles={code: clause["title"] for code, clause in words.items()},
            texts={code: clause["text"] for code, clause in words.items()},
        )


def add_round(consultation: Consultation, facts: dict[str, Any], *, at: datetime) -> Round:
    """A round that opens now and closes at 18:00 in the consultation's zone after so many days."""
    zone = ZoneInfo(consultation.zone)
    last_day = at.astimezone(zone) + timedelta(days=int(facts.get("days", 90)))
    opened = {f"opens_{act}": True for act in facts.get("acts", [])}
    return Round.objects.create(
        consultation=consultation,
        number=facts["number"],
        purposes=facts.get("purpose") or {},
        opens_at=at,
        closes_at=last_day.replace(hour=CLOSING_HOUR, minute=0, second=0, microsecond=0),
        **opened,
    )


def place_principle(consultation: Consultation, sections: dict[str, Section], *, order: int) -> Principle:
    """The principle with this number, made if it is new, with its place and heading."""
    number = next(iter(sections.values())).number
    headings = {code: section.heading for code, section in sections.items() if section.heading}
    principle, _created = Principle.objects.update_or_create(
        consultation=consultation, number=number, defaults={"order": order, "headings": headings}
    )
    return principle


def publish_version(
    actor: User | None,
    principle: Principle,
    texts: dict[str, tuple[str, str]],
    *,
    change: Change,
    notes: dict[str, str],
    at: datetime,
) -> PrincipleVersion:
    """The next version of a principle, fixed and current from now on: `{language: (title, body)}`."""
    authoritative = principle.consultation.authoritative
    last = principle.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = PrincipleVersion.objects.create(
        principle=principle, number=last + 1, change=change, change_notes=notes
    )
    Translation.objects.bulk_create(
        Translation(
            version=version, language=code, title=title, body=body, authoritative=code == authoritative
        )
        for code, (title, body) in texts.items()
    )
    version.text_hash = text_hash(*texts[authoritative])
    version.published_at = at
    version.save(update_fields=["text_hash", "published_at"])
    principle.current = version
    principle.save(update_fields=["current"])
    record(actor, "version.published", principle, public=True, revision=version.number)
    return version


def give_role(
    actor: User | None, consultation: Consultation, person: User, role: str
) -> tuple[ConsultationRole, bool]:
    """The person holds the role; and whether they did not before."""
    row, created = ConsultationRole.objects.get_or_create(
        consultation=consultation, person=person, role=role, ended_at=None
    )
    if created:
        record(actor, "role.given", row)
    return row, created


def lock_roles(consultation_id: int, role_id: int) -> ConsultationRole | None:
    """The role in force with this key, after its secretariat's and this one were locked, read again."""
    in_force = ConsultationRole.objects.filter(consultation=consultation_id, ended_at=None)
    affected = in_force.filter(Q(pk=role_id) | Q(role=ConsultationRole.Role.SECRETARIAT))
    list(affected.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    return in_force.filter(pk=role_id).select_related("person", "consultation").first()


def take_role(actor: User, role: ConsultationRole, *, at: datetime) -> None:
    """The person no longer holds the role."""
    role.ended_at = at
    role.save(update_fields=["ended_at"])
    record(actor, "role.taken", role)


def tell_role(kind: str, role: ConsultationRole, *, at: datetime | None) -> None:
    """Its holder is written a mail of this kind about the role."""
    person, consultation = role.person, role.consultation
    url = f"/consultations/{consultation.slug}/"
    context = {"role": role.role, "title": consultation.title(person.language), "url": url}
    post.write(kind, person=person, context=context, not_before=at)


def accept_licence(person: User, consultation: Consultation, *, at: datetime) -> None:
    """The person agreed that what they send is published under the consultation's licence; once."""
    acceptance = LicenceAcceptance(
        person=person, consultation=consultation, licence=consultation.licence, at=at
    )
    LicenceAcceptance.objects.bulk_create([acceptance], ignore_conflicts=True)
