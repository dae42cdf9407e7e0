from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.verb import verb
from consultation.texts import policy, rules, setting_up
from consultation.texts.actions.creating import locked, require_unmoved
from consultation.texts.models import Consultation, PolicyClause


@verb
def write_clause(
    actor: User | None,
    *,
    consultation_id: int,
    words: Mapping[str, Mapping[str, str]],
    at: datetime,
    number: str = "",
    seen: str = "",
) -> PolicyClause:
    """The clause says this: `{language: {title, text}}`. Without `number` it is a new one, with the next.

    Once the consultation is public the words of a clause stay as they are: decisions stand on them. Those in
    further languages may come to them.
    `seen` is the fingerprint of what the clause said when the change was begun.
    Refuses: not-found, no-role, second-factor-needed, invalid, changed-meanwhile, clause-fixed.
    """
    consultation = locked(actor, consultation_id)
    said = policy.checked(consultation, words)
    if not number:
        new = policy.next_number(consultation)
        return setting_up.write_clause(actor, consultation, new, *policy.apart(said))
    clause = _clause(consultation, number)
    require_unmoved(policy.words_of(clause), seen, said)
    rules.may_reword(clause, said).require()
    return setting_up.write_clause(actor, consultation, clause.number, *policy.apart(said))


@verb
def adopt_clauses(actor: User | None, *, consultation_id: int, at: datetime) -> Consultation:
    """A policy without a clause has the usual ones, in those of its languages in which we have them.

    Refuses: not-found, no-role, second-factor-needed, has-clauses, no-usual-clauses.
    """
    consultation = locked(actor, consultation_id)
    if consultation.clauses.exists():
        raise Refusal("has-clauses", _("The policy has clauses already."))
    usual = policy.usual(consultation)
    if not usual:
        sentence = _("There are no usual clauses in the languages of this consultation. Write your own.")
        raise Refusal("no-usual-clauses", sentence)
    for number, words in usual.items():
        setting_up.write_clause(actor, consultation, number, *policy.apart(words))
    return consultation


@verb
def end_clause(actor: User | None, *, consultation_id: int, number: str, at: datetime) -> Consultation:
    """No decision names the clause any more; those that did stay. Before it was public it is gone.

    Refuses: not-found, no-role, second-factor-needed, last-clause.
    """
    consultation = locked(actor, consultation_id)
    clause = _clause(consultation, number)
    rules.may_end_clause(clause).require()
    setting_up.end_clause(actor, clause, at=at)
    return consultation


def _clause(consultation: Consultation, number: str) -> PolicyClause:
    found = PolicyClause.objects.filter(consultation=consultation, number=number).first()
    if found is None or found.withdrawn_at is not None:
        raise NotFound
    found.consultation = consultation
    return found
