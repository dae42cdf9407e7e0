"""Steps that write what is fixed about a consultation: its facts, its policy, its publication."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from consultation.kit.refusal import invalid
from consultation.record.steps import record
from consultation.texts.facts import SLUG_TAKEN, WORDS
from consultation.texts.models import Consultation, ConsultationChange, PolicyClause

WordsByLanguage = dict[str, dict[str, str]]


def create(actor: User | None, slug: str, plain: Mapping[str, Any], words: WordsByLanguage) -> Consultation:
    """A consultation that nobody else sees yet. Raises Refusal `invalid` where the address is taken."""
    fields = {
        field: {code: said[name] for code, said in words.items() if said.get(name)}
        for name, (field, _limit) in WORDS.items()
    }
    try:
        with transaction.atomic():
            made = Consultation.objects.create(slug=slug, **plain, **fields)
    except IntegrityError as error:
        raise invalid(slug=SLUG_TAKEN) from error
    record(actor, "consultation.created", made)
    return made


def change(
    actor: User | None, consultation: Consultation, values: Mapping[str, Any], *, at: datetime
) -> bool:
    """These fields have these values from now on, on public record once it is public; False if they had."""
    before = {name: getattr(consultation, name) for name in values}
    changed = [name for name, value in values.items() if value != before[name]]
    if not changed:
        return False
    for name in changed:
        setattr(consultation, name, values[name])
    consultation.save(update_fields=changed)
    if consultation.published_at is None:
        record(actor, "consultation.drafted", consultation)
        return True
    last = consultation.changes.aggregate(last=Max("number"))["last"] or 0
    made = ConsultationChange.objects.create(
        consultation=consultation,
        number=last + 1,
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
        at=at,
    )
    record(actor, "consultation.changed", consultation, public=True, revision=made.number)
    return True


def write_clause(
    actor: User | None, consultation: Consultation, number: str, titles: dict[str, str], texts: dict[str, str]
) -> PolicyClause:
    """The clause says this, in these languages. A decision names it by its number."""
    clause, created = PolicyClause.objects.update_or_create(
        consultation=consultation, number=number, defaults={"titles": titles, "texts": texts}
    )
    public = consultation.published_at is not None
    kind = "clause.drafted" if not public else "clause.added" if created else "clause.translated"
    record(actor, kind, clause, public=public)
    return clause


def end_clause(actor: User | None, clause: PolicyClause, *, at: datetime) -> None:
    """No decision names the clause from now on; before anybody read it, it is gone."""
    if clause.consultation.published_at is None:
        record(actor, "clause.removed", clause)
        clause.delete()
        return
    clause.withdrawn_at = at
    clause.save(update_fields=["withdrawn_at"])
    record(actor, "clause.withdrawn", clause, public=True)


def publish(actor: User | None, consultation: Consultation, *, at: datetime) -> None:
    """Everybody sees the consultation from now on, without words in languages that were given up."""
    fields = [field for field, _limit in WORDS.values()]
    for field in fields:
        setattr(consultation, field, _in_its_languages(consultation, getattr(consultation, field)))
    for clause in consultation.clauses.all():
        clause.titles = _in_its_languages(consultation, clause.titles)
        clause.texts = _in_its_languages(consultation, clause.texts)
        clause.save(update_fields=["titles", "texts"])
    consultation.published_at = at
    consultation.save(update_fields=["published_at", *fields])
    record(actor, "consultation.published", consultation, public=True)


def _in_its_languages(consultation: Consultation, words: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in words.items() if code in consultation.languages}
