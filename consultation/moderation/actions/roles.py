from __future__ import annotations

from datetime import datetime

from accounts.models import User
from consultation.kit.refusal import NotFound
from consultation.kit.verb import verb
from consultation.moderation import queries, steps
from consultation.texts import queries as text_queries
from consultation.texts import rules as text_rules
from consultation.texts import steps as texts
from consultation.texts.models import ConsultationRole


@verb
def take_role(actor: User, *, consultation_id: int, role_id: int, at: datetime) -> ConsultationRole:
    """The person no longer holds the role, from this moment on, and is told; cases they held are free again.

    Refuses: not-found, no-role, second-factor-needed, last-secretariat.
    """
    role = texts.lock_roles(consultation_id, role_id)
    if role is None:
        raise NotFound
    text_rules.may_take_role(actor, role).require()
    texts.take_role(actor, role, at=at)
    if not text_queries.has_role(role.person, role.consultation, *queries.DECIDERS):
        steps.release_cases(actor, role.person, role.consultation)
    texts.tell_role("role-taken", role, at=at)
    return role
