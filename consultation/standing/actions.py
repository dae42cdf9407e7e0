from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import queries as account_queries
from accounts import rules
from accounts import steps as accounts
from accounts.models import Institution, InstitutionState, User, VerifiedHow
from consultation.comments import steps as comments
from consultation.endorsements import steps as endorsements
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.text import UnfitText, clean, too_long
from consultation.kit.verb import verb
from consultation.post import steps as post
from consultation.record.steps import record

NOTE_LIMIT = 2_000  # code points, as the table takes


@verb
def verify_institution(
    actor: User, *, institution_id: int, how: str, note: str = "", at: datetime
) -> Institution:
    """The institution is heard: what it published and signed takes effect in this one act.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (how, note).
    """
    if how not in VerifiedHow.values:
        raise invalid(how=_("Say how you made sure that this institution is what it says."))
    note = _fit("note", note)
    institution = _lock(actor, institution_id, {InstitutionState.PENDING, InstitutionState.SUSPENDED}, at=at)
    accounts.set_state(
        institution, InstitutionState.VERIFIED, actor=actor, how=VerifiedHow(how), note=note, at=at
    )
    _settle(actor, institution, at=at)
    record(actor, "institution.verified", institution, public=True)
    _tell(institution, "institution-verified", {}, at=at)
    return institution


@verb
def reject_institution(actor: User, *, institution_id: int, reason: str, at: datetime) -> Institution:
    """The institution is not accepted; nothing of it was public.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (reason).
    """
    reason = _reason(reason)
    institution = _lock(actor, institution_id, {InstitutionState.PENDING}, at=at)
    accounts.set_state(institution, InstitutionState.REJECTED, actor=actor, reason=reason, at=at)
    record(actor, "institution.rejected", institution)
    _tell(institution, "institution-rejected", {"message": reason}, at=at)
    return institution


@verb
def suspend_institution(actor: User, *, institution_id: int, reason: str, at: datetime) -> Institution:
    """Nothing the institution said is public or counted any longer, until it is verified again.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (reason).
    """
    reason = _reason(reason)
    institution = _lock(actor, institution_id, {InstitutionState.VERIFIED}, at=at)
    accounts.set_state(institution, InstitutionState.SUSPENDED, actor=actor, reason=reason, at=at)
    _settle(actor, institution, at=at)
    record(actor, "institution.suspended", institution, public=True)
    return institution


def _settle(actor: User, institution: Institution, *, at: datetime) -> None:
    comments.settle_institution(actor, institution, at=at)
    endorsements.settle_institution(actor, institution, at=at)


def _reason(text: str) -> str:
    reason = _fit("reason", text)
    if not reason.strip():
        raise invalid(reason=_("Give the reason: it is kept on record and sent to the institution."))
    return reason


def _fit(field: str, text: str) -> str:
    try:
        fit = clean(text)
    except UnfitText as unfit:
        raise invalid(**{field: unfit.args[0]}) from unfit
    if sentence := too_long(fit, NOTE_LIMIT):
        raise invalid(**{field: sentence})
    return fit


def _lock(actor: User, institution_id: int, states: set[InstitutionState], *, at: datetime) -> Institution:
    if not Institution.objects.filter(pk=institution_id).exists():
        raise NotFound
    institution = accounts.lock_institution(institution_id)
    rules.may_settle_institution(actor, institution, at=at).require()
    if institution.state not in states:
        raise Refusal("not-waiting", _("This was decided already: the institution is in another state."))
    return institution


def _tell(institution: Institution, kind: str, facts: dict[str, str], *, at: datetime) -> None:
    name = institution.current.name if institution.current else institution.slug
    for person in account_queries.managers_and_signatories(institution, at=at):
        context = {"institution": name, "url": f"/institutions/{institution.slug}/", **facts}
        post.write(kind, person=person, context=context, not_before=at)
