"""What people set and accept for themselves."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.mandates import fit_language
from accounts.models import User
from accounts.names import PERSON_NAME_LIMIT, fit_name
from consultation.kit.refusal import Refusal, invalid
from consultation.kit.verb import verb
from consultation.site import queries as site_queries
from consultation.site import steps as site


@verb
def change_settings(actor: User, *, name: str, language: str, timezone: str, at: datetime) -> User:
    """How `actor` is called, in which language we write to them, and in which zone they read times.

    Refuses: not-signed-in, invalid (by field).
    """
    rules.may_use_an_account(actor).require()
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    person.name = _person_name(name)
    person.language, person.timezone = fit_language(language), _zone(timezone)
    person.save(update_fields=["name", "language", "timezone"])
    return person


def _person_name(name: str) -> str:
    try:
        kept = fit_name(name, limit=PERSON_NAME_LIMIT)
    except ValidationError as error:
        raise invalid(name=str(error.messages[0])) from error
    if not kept:
        raise invalid(name=_("Say how you are called."))
    return kept


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise invalid(timezone=_("Choose one of the time zones."))
    return name


@verb
def accept_terms(actor: User, *, version_id: int, at: datetime) -> User:
    """`actor` has accepted this version of the terms; again it changes nothing.

    Refuses: not-signed-in, terms-moved-on.
    """
    rules.may_use_an_account(actor).require()
    if not site_queries.is_current_terms(version_id):
        raise Refusal("terms-moved-on", _("The terms were changed meanwhile. Please read them again."))
    site.accept_terms(actor, version_id=version_id, at=at)
    return actor
