"""What is asked of a mandate: its powers, its last day, and the address of somebody who is invited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.models import Power
from accounts.names import one_line
from consultation.kit.refusal import invalid

EMAIL_LIMIT = 254


def fit_powers(powers: Collection[str]) -> list[Power]:
    """The powers in their usual order. Raises Refusal `invalid` for none, and for what is no power."""
    if not powers or not set(powers) <= set(Power.values):
        raise invalid(powers=_("Choose at least one power."))
    return [power for power in Power if power in powers]


def fit_until(until: date | None, *, at: datetime) -> date | None:
    """The last day. Raises Refusal `invalid` for one that is over (in UTC)."""
    if until is not None and until < at.astimezone(UTC).date():
        raise invalid(until=_("Choose a day that is not over."))
    return until


def fit_address(email: str) -> str:
    """The address, in lower case. Raises Refusal `invalid` for what is none."""
    try:
        address = one_line(email).lower()
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > EMAIL_LIMIT:
        raise invalid(email=_("Give an e-mail address."))
    return address


def fit_language(code: str) -> str:
    """The language. Raises Refusal `invalid` for one in which we write no mails."""
    if code not in dict(settings.LANGUAGES):
        raise invalid(language=_("Choose one of the languages."))
    return code
