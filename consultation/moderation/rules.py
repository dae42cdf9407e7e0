from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import GRANTED, Verdict, invalid, refuse
from consultation.moderation import queries
from consultation.moderation.models import Action, Case
from consultation.texts import queries as texts
from consultation.texts.rules import no_role

WITHOUT_CLAUSE = {Action.APPROVE}


def may_read_queue(actor: texts.Reader) -> Verdict:
    """Moderators, secretariat and observers of any consultation have a queue to read."""
    if texts.consultations_with_role(actor, *queries.READERS).exists():
        return GRANTED
    return no_role(actor, _("The queue is for moderators, observers and the secretariat."))


def may_take_cases(actor: texts.Reader) -> Verdict:
    """Moderators and secretariat of any consultation take cases; observers read them."""
    if texts.consultations_with_role(actor, *queries.DECIDERS).exists():
        return GRANTED
    return no_role(actor, _("Observers read the queue. Moderators and the secretariat decide."))


def may_claim(actor: User, case: Case, *, at: datetime) -> Verdict:
    """Moderators and secretariat hold cases of their consultation, never of their own institutions."""
    if not texts.has_role(actor, case.consultation, *queries.DECIDERS):
        return no_role(actor, _("Only moderators of this consultation decide its cases."))
    if case.closed_at is not None:
        return refuse("case-closed", _("This case was decided already."))
    if queries.has_party_of(actor, case.item, at=at):
        return refuse("own-institution", _("Your institution has a part in this. Somebody else will decide."))
    if is_held_by_another(actor, case, at=at):
        return refuse("case-held", _("Another moderator holds this case. Take the next one."))
    return GRANTED


def is_held_by_another(actor: User, case: Case, *, at: datetime) -> bool:
    """Whether somebody else's lease on the case runs."""
    return bool(case.holder_id and case.holder_id != actor.pk and case.lease_until and case.lease_until > at)


def may_decide(
    actor: User, case: Case, *, revision: int | None, action: str, allowed: Collection[Action], at: datetime
) -> Verdict:
    """Whoever holds the case decides the newest revision, by an act that its state allows."""
    claimed = may_claim(actor, case, at=at)
    if not claimed:
        return claimed
    if case.holder_id != actor.pk or case.lease_until is None or case.lease_until <= at:
        return refuse("case-held", _("Take the case before you decide it: your time with it is over."))
    if (case.revision if revision is None else revision) != case.item.newest:
        return refuse("case-moved-on", _("The text was changed meanwhile. Read the newest words first."))
    if action not in allowed:
        return refuse("not-possible-now", _("This can't be decided as the text stands now."))
    return GRANTED


def needs_clause(action: Action) -> bool:
    """Whatever is not a plain approval names the clause of the published policy."""
    return action not in WITHOUT_CLAUSE


def known_action(action: str) -> Action:
    """The action of that name. Raises Refusal `invalid` naming the field."""
    try:
        return Action(action)
    except ValueError:
        raise invalid(action=_("Choose one of the decisions.")) from None
