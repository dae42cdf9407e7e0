"""Readers' flags: what they weigh, and who is told what came of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts import queries as accounts
from accounts.models import User
from consultation.kit.fitting import fit
from consultation.kit.text import NOTE_LIMIT
from consultation.moderation import queries, steps
from consultation.moderation.handlers import describe
from consultation.moderation.models import Action, Decision, Flag, Item, Reason
from consultation.moderation.models.decisions import UNDO_WITHIN
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts.models import PolicyClause

OUTCOMES = {Action.HIDE: "hidden", Action.REDACT: "redacted"}


def note_fit(text: str) -> str:
    """The note as it is kept. Raises Refusal `invalid`."""
    return fit("note", text.strip(), NOTE_LIMIT)


def flag(actor: User, item: Item, *, revision: int, clause: PolicyClause, note: str, at: datetime) -> bool:
    """A case is open on the revision, before those that nobody flagged; whether the flags hide it by now."""
    case = steps.open_case(actor, item, revision=item.newest, reasons=[Reason.FLAGGED], at=at)
    steps.rank(case, flagged=True)
    mandate = accounts.mandates_in_force(actor, at=at).order_by("institution").first()
    given = Flag.objects.create(
        item=item,
        revision=revision,
        case=case,
        clause=clause,
        note=note,
        person=actor,
        institution_id=mandate.institution_id if mandate else None,
        at=at,
    )
    record(actor, "flag.given", given)
    return weight(item, revision) >= item.consultation.flags_to_hide


def weight(item: Item, revision: int) -> int:
    """How many independent readers flagged the revision since a moderator last decided on the item.

    People of one institution count as one.
    """
    flags = Flag.objects.filter(item=item, revision=revision)
    if last := queries.last_decision(item):
        flags = flags.filter(at__gt=last.at)
    voices = {
        ("institution", institution) if institution else ("person", person or key)
        for key, person, institution in flags.values_list("pk", "person", "institution")
    }
    return len(voices)


def tell_outcome(decision: Decision, *, at: datetime) -> None:
    """Whoever flagged what was decided on learns what came of it, once the decision can't be undone."""
    clause = decision.clause
    facts = {
        "decision": str(decision.pk),
        "outcome": OUTCOMES.get(Action(decision.action), "stays"),
        "clause": clause.number if clause else "",
    }
    titles = clause.titles if clause else {}
    flags = Flag.objects.filter(case=decision.case)
    _tell(flags, decision.item, facts, titles=titles, at=at + UNDO_WITHIN)


def tell_withdrawn(item: Item, *, at: datetime) -> None:
    """Whoever flagged what its institution withdraws learns that nobody decides on it any more."""
    waiting = Flag.objects.filter(item=item, case__closed_at=None)
    _tell(waiting, item, {"outcome": "withdrawn"}, titles={}, at=at)


def _tell(
    flags: QuerySet[Flag], item: Item, facts: dict[str, str], *, titles: dict[str, str], at: datetime
) -> None:
    given = flags.filter(person__isnull=False).select_related("person").order_by("at", "pk")
    readers = {each.person_id: each.person for each in given}
    if not readers:
        return
    subject, consultation = describe([item])[item.pk], item.consultation
    for person in readers.values():
        assert person is not None
        context = {
            **facts,
            "reference": subject.reference,
            "url": subject.url,
            "title": consultation.title(person.language),
            "clause_title": consultation.in_language(titles, person.language) if titles else "",
        }
        post.write("flag-answered", person=person, context=context, not_before=at)


def forget(person: User) -> None:
    """What the person wrote to a flag is gone; that somebody flagged stays."""
    Flag.objects.filter(person=person).exclude(note="").update(note="")
