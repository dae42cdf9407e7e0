from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from accounts.models import User
from consultation.kit.refusal import NotFound
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
    RoundExtension,
    Translation,
)
from consultation.texts.rounds import RoundPlan
from consultation.texts.source import TextSource, moment, text_hash

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
        preambles=source.preambles(),
        source=_source_line(facts.get("source")),
        issued_on=facts.get("issued"),
        authoritative=facts["authoritative"],
        languages=source.languages(),
        zone=facts.get("zone", "UTC"),
        policy=facts.get("policy", "pre"),
        licence=facts.get("licence", "CC BY 4.0"),
        target_hours=facts.get("target_hours", 72),
        trusted_after=facts.get("trusted_after", 3),
        flags_to_hide=facts.get("flags_to_hide", 3),
        private_comments=facts.get("private_comments", True),
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
    withdrawn = source.facts.get("withdrawn_clauses") or {}
    for number in clauses[consultation.authoritative]:
        words = {code: each[number] for code, each in clauses.items() if number in each}
        PolicyClause.objects.create(
            consultation=consultation,
            number=str(number),
            titles={code: clause["title"] for code, clause in words.items()},
            texts={code: clause["text"] for code, clause in words.items()},
            withdrawn_at=moment(withdrawn[number]) if number in withdrawn else None,
        )


def add_round(consultation: Consultation, facts: dict[str, Any], *, at: datetime) -> Round:
    """A round with the times that its facts say; else it opens now and closes after so many days at 18:00.

    That is 18:00 in the consultation's zone.
    """
    opened = {f"opens_{act}": True for act in facts.get("acts", [])}
    opens_at, closes_at = _times_of_round(consultation, facts, at=at)
    return Round.objects.create(
        consultation=consultation,
        number=facts["number"],
        purposes=facts.get("purpose") or {},
        opens_at=opens_at,
        closes_at=closes_at,
        **opened,
    )


def _times_of_round(
    consultation: Consultation, facts: dict[str, Any], *, at: datetime
) -> tuple[datetime, datetime | None]:
    if "opens" in facts:
        return moment(facts["opens"]), moment(facts["closes"]) if facts.get("closes") else None
    last_day = at.astimezone(ZoneInfo(consultation.zone)) + timedelta(days=int(facts.get("days", 90)))
    return at, last_day.replace(hour=CLOSING_HOUR, minute=0, second=0, microsecond=0)


def lock_consultation(consultation_id: int) -> Consultation:
    """The consultation, locked: one person at a time gives numbers and places, and changes its rounds.

    Raises Refusal `not-found`.
    """
    rows = Consultation.objects.filter(pk=consultation_id)
    found = rows.select_for_update(no_key=True, of=("self",)).first()
    if found is None:
        raise NotFound
    return found


def lock_round(round_id: int) -> Round:
    """The round, read after its consultation was locked. Raises Refusal `not-found`."""
    named = Round.objects.filter(pk=round_id).values_list("consultation", flat=True).first()
    if named is None:
        raise NotFound
    consultation = lock_consultation(named)
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise NotFound
    found.consultation = consultation
    return found


def open_round(actor: User | None, consultation: Consultation, plan: RoundPlan) -> Round:
    """One more round, with the next number. The consultation is locked."""
    last = Round.objects.filter(consultation=consultation).aggregate(last=Max("number"))["last"] or 0
    new = Round.objects.create(consultation=consultation, number=last + 1, **plan.fields())
    record(actor, "round.added", new, public=consultation.published_at is not None)
    return new


def change_round(actor: User | None, round_: Round, plan: RoundPlan, *, at: datetime) -> None:
    """The round is as planned from now on: another one, or the same one in better words."""
    kind = "round.reworded" if plan.differs_in_words_only(round_) else "round.changed"
    _move_on(round_, at=at, **plan.fields())
    record(actor, kind, round_, public=round_.consultation.published_at is not None)


def remove_round(actor: User | None, round_: Round) -> None:
    """The round is gone. Raises ProtectedError where something was written for it already."""
    record(actor, "round.removed", round_, public=round_.consultation.published_at is not None)
    round_.delete()


def extend_round(
    actor: User | None, round_: Round, closes_at: datetime, reasons: Mapping[str, str], *, at: datetime
) -> RoundExtension:
    """The round closes later, on public record. It is locked."""
    assert round_.closes_at is not None
    extension = RoundExtension.objects.create(
        round=round_, closed_at=round_.closes_at, closes_at=closes_at, reasons=dict(reasons), at=at
    )
    _move_on(round_, at=at, closes_at=closes_at)
    record(actor, "round.extended", extension, public=True)
    return extension


def _move_on(round_: Round, *, at: datetime, **fields: Any) -> None:
    round_.sequence += 1
    round_.changed_at = at
    for name, value in fields.items():
        setattr(round_, name, value)
    round_.save(update_fields=["sequence", "changed_at", *fields])


def place_principle(
    consultation: Consultation, number: int, headings: Mapping[str, str], *, order: int
) -> Principle:
    """The principle with this number, made if it is new, with its place and heading."""
    principle, _created = Principle.objects.update_or_create(
        consultation=consultation, number=number, defaults={"order": order, "headings": dict(headings)}
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
    left = _set_draft_aside(principle, texts)
    authoritative = principle.consultation.authoritative
    last = principle.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = PrincipleVersion.objects.create(
        principle=principle, number=last + 1, change=change, change_notes=notes
    )
    _translate(version, texts)
    version.text_hash = text_hash(*texts[authoritative])
    version.published_at = at
    version.save(update_fields=["text_hash", "published_at"])
    principle.current = version
    principle.save(update_fields=["current"])
    if left:
        draft = PrincipleVersion.objects.create(principle=principle, number=version.number + 1)
        _translate(draft, left)
    record(actor, "version.published", principle, public=True, revision=version.number)
    return version


def _set_draft_aside(
    principle: Principle, published: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """The draft gives way to what is published; what of it says something else is to become one again."""
    draft = principle.versions.filter(published_at=None).first()
    if draft is None:
        return {}
    words = {each.language: (each.title, each.body) for each in draft.translations.all()}
    draft.delete()
    return {code: pair for code, pair in words.items() if published.get(code) != pair}


def _translate(version: PrincipleVersion, texts: Mapping[str, tuple[str, str]]) -> None:
    authoritative = version.principle.consultation.authoritative
    Translation.objects.bulk_create(
        Translation(
            version=version, language=code, title=title, body=body, authoritative=code == authoritative
        )
        for code, (title, body) in texts.items()
    )


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
