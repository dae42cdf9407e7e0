from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import rules as account_rules
from accounts.models import User
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.verb import verb
from consultation.texts import rules, steps
from consultation.texts.models import Consultation, ConsultationRole


@verb
def give_role(
    actor: User | None, *, consultation_id: int, person_id: int, role: str, at: datetime | None = None
) -> Consultation:
    """The person holds the role in this consultation, on record, and is told by whoever gave it.

    Where a consultation has no secretariat, a registrar gives that role.
    Refuses: not-found, no-role, second-factor-needed, invalid (role, person).
    """
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFound
    rules.may_give_role(actor, consultation, role).require()
    if role not in ConsultationRole.Role.values:
        raise invalid(role=_("Choose secretariat, moderator or observer."))
    person = User.objects.filter(pk=person_id).first()
    account_rules.may_hold_a_role(person).require()
    assert person is not None
    given, new = steps.give_role(actor, consultation, person, role)
    if new and actor is not None:
        steps.tell_role("role-given", given, at=at)
    return consultation
