from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts_queries
from accounts import steps as accounts
from accounts.models import User
from consultation.comments import rules
from consultation.comments.models import LateAdmission
from consultation.kit.fitting import fit
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.text import TITLE_LIMIT
from consultation.kit.verb import verb
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.texts import queries as texts
from consultation.texts import rules as text_rules
from consultation.texts.models import Act


@verb
def admit_late(
    actor: User, *, consultation_id: int, institution_id: int, until: datetime, reason: str, at: datetime
) -> LateAdmission:
    """The institution may comment until then although the round closed; everybody reads why.

    An earlier admission that is still in force ends. Those who speak for the institution are told.
    Refuses: not-found, no-role, institution-barred, round-open, round-not-open, invalid (until, reason).
    """
    institution = accounts.lock_institution(institution_id)
    consultation = texts.public().filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFound
    rules.may_admit_late(actor, consultation).require()
    if institution.state in rules.MEDDLED:
        raise Refusal("institution-barred", _("This institution can't contribute at present."))
    if text_rules.is_open(consultation, Act.COMMENT, at=at)[1]:
        raise Refusal("round-open", _("Commenting is open: nobody is late."))
    round_ = texts.round_closed_last(consultation, Act.COMMENT, at=at)
    if round_ is None:
        raise Refusal("round-not-open", _("This is not open yet."))
    if until <= at:
        raise invalid(until=_("This time has passed. Give one that is still to come."))
    words = _reason(reason)
    for present in LateAdmission.objects.filter(round=round_, institution=institution, ended_at=None):
        _end(actor, present, at=at)
    admission = LateAdmission.objects.create(
        round=round_, institution=institution, reason=words, at=at, until=until
    )
    record(actor, "late_admission.given", admission, public=True)
    _tell(admission, at=at)
    return admission


def _reason(given: str) -> str:
    if not given.strip():
        raise invalid(reason=_("Say why. Everybody reads it."))
    return fit("reason", given.strip(), TITLE_LIMIT)


def _tell(admission: LateAdmission, *, at: datetime) -> None:
    consultation = admission.round.consultation
    for person in accounts_queries.people_of([admission.institution_id], at=at):
        context = {
            "institution": accounts.name_of(admission.institution),
            "title": consultation.title(person.language),
            "until": admission.until.isoformat(),
            "zone": consultation.zone,
            "message": admission.reason,
            "url": f"/consultations/{consultation.slug}/",
        }
        post.write("late-admission", person=person, context=context, not_before=at)


@verb
def end_late_admission(actor: User, *, admission_id: UUID, at: datetime) -> LateAdmission:
    """The institution may send nothing more; what it sent stays.

    Refuses: not-found, no-role, ended.
    """
    rows = LateAdmission.objects.select_related("round__consultation")
    admission = rows.select_for_update(no_key=True, of=("self",)).filter(pk=admission_id).first()
    if admission is None:
        raise NotFound
    rules.may_admit_late(actor, admission.round.consultation).require()
    if admission.ended_at is not None or admission.until <= at:
        raise Refusal("ended", _("This admission is over already."))
    _end(actor, admission, at=at)
    return admission


def _end(actor: User, admission: LateAdmission, *, at: datetime) -> None:
    admission.ended_at = at
    admission.save(update_fields=["ended_at"])
    record(actor, "late_admission.ended", admission, public=True)
