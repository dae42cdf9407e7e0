from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import GRANTED, NotFound, Verdict, invalid, refuse
from consultation.moderation import queries
from consultation.moderation.models import UNDO_WITHIN, Action, Case, Decision, Opinion
from consultation.texts import queries as texts
from consultation.texts import rules as text_rules
from consultation.texts.rules import no_role

WITHOUT_CLAUSE = {Action.APPROVE, Action.REVERSE, Action.ESCALATE}
OF_APPEALS = (Action.UPHOLD, Action.REVERSE)
AGAINST = (Action.RETURN, Action.REJECT, Action.HIDE)


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
    if queries.is_left_to_others(actor, case, at=at):
        return refuse("left-to-others", _("You took part in this already. Somebody else will decide."))
    if is_held_by_another(actor, case, at=at):
        return refuse("case-held", _("Another moderator holds this case. Take the next one."))
    return GRANTED


def may_keep(actor: User, case: Case, *, at: datetime) -> Verdict:
    """Whoever holds the case may hold it longer, as long as their time with it runs."""
    claimed = may_claim(actor, case, at=at)
    if not claimed:
        return claimed
    if case.holder_id != actor.pk or case.lease_until is None or case.lease_until <= at:
        return refuse("case-held", _("Your time with this case is over. Take it again to decide it."))
    return GRANTED


def may_see_notes(actor: texts.Reader, case: Case, *, at: datetime) -> Verdict:
    """Whoever decides here reads and writes notes, but not on what their institution has a part in."""
    if not isinstance(actor, User) or not texts.has_role(actor, case.consultation, *queries.DECIDERS):
        return no_role(actor, _("Notes are for the moderators of this consultation."))
    if queries.has_party_of(actor, case.item, at=at):
        return refuse("own-institution", _("Your institution has a part in this. Somebody else will decide."))
    return GRANTED


def may_ask_opinion(actor: User, case: Case) -> Verdict:
    """The secretariat may have an open case read by somebody else."""
    if not texts.has_role(actor, case.consultation, texts.Role.SECRETARIAT):
        return no_role(actor, _("Only the secretariat asks others for an opinion."))
    if case.closed_at is not None:
        return refuse("case-closed", _("This case was decided already."))
    return GRANTED


def may_be_asked(person: User | None, case: Case, *, at: datetime) -> Verdict:
    """Anybody with an account in use may be asked, but for the people of institutions with a part in it."""
    if person is None or not person.is_active:
        return Verdict(invalid(person=_("There is no account with this confirmed address.")))
    if queries.has_party_of(person, case.item, at=at):
        return Verdict(invalid(person=_("This person's institution has a part in it. Ask somebody else.")))
    if case.opinions.filter(person=person).exists():
        return Verdict(invalid(person=_("This person was asked about this case already.")))
    return GRANTED


def may_give_opinion(opinion: Opinion, *, at: datetime) -> Verdict:
    """Whoever was asked answers once, while the case is open and they have no part in it."""
    if opinion.given_at is not None:
        return refuse("already-given", _("You gave your opinion already."))
    if opinion.case.closed_at is not None:
        return refuse("case-closed", _("This case was decided already."))
    if opinion.person is None or queries.has_party_of(opinion.person, opinion.case.item, at=at):
        return refuse("own-institution", _("Your institution has a part in this. Somebody else will decide."))
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


def choices(case: Case, offered: Collection[Action]) -> list[Action]:
    """What may be decided on a case, of what the handler of its item offers as it stands."""
    own = list(OF_APPEALS) if case.is_appeal else list(offered)
    return own if case.escalated or not own else [*own, Action.ESCALATE]


def may_undo(actor: User, decision: Decision | None, *, at: datetime) -> Verdict:
    """Whoever decided takes it back within a minute; words that were redacted are gone."""
    if decision is None:
        return refuse("nothing-to-undo", _("There is no decision to undo."))
    if decision.person_id != actor.pk:
        return refuse("not-yours", _("Only whoever decided can undo it."))
    if decision.action == Action.REDACT:
        return refuse("not-undoable", _("Redacted words are gone: this can't be undone."))
    if decision.before is None or at > decision.at + UNDO_WITHIN:
        return refuse("too-late", _("The minute is over: the author has been told."))
    return GRANTED


def may_appeal(
    actor: User, decision: Decision | None, *, possible: bool, spoken_for: bool, at: datetime
) -> Verdict:
    """An author's institution appeals once, within the days in which what was returned may be revised."""
    if decision is None or not spoken_for:
        return Verdict(NotFound())
    if hasattr(decision, "appeal") or decision.action in OF_APPEALS:
        return refuse("already-appealed", _("There was an appeal against this already."))
    if decision.action not in AGAINST or not possible:
        return refuse("not-appealable", _("There is nothing to appeal against."))
    if at > appeal_until(decision):
        return refuse("too-late", _("The time for an appeal is over."))
    return GRANTED


def appeal_until(decision: Decision) -> datetime:
    """Until when the author may appeal."""
    return decision.at + text_rules.grace()


def needs_clause(action: Action) -> bool:
    """Whatever is not a plain approval names the clause of the published policy."""
    return action not in WITHOUT_CLAUSE


def known_action(action: str) -> Action:
    """The action of that name. Raises Refusal `invalid` naming the field."""
    try:
        return Action(action)
    except ValueError:
        raise invalid(action=_("Choose one of the decisions.")) from None
