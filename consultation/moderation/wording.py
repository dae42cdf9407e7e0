"""Words at the bench: what people write, fit to be kept, and what a decision is called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultation.kit import fitting
from consultation.kit.refusal import invalid
from consultation.kit.text import STATEMENT_LIMIT
from consultation.moderation.models import Action

DECIDED: dict[str, Promise] = {
    Action.APPROVE: _("Approved"),
    Action.RETURN: _("Returned"),
    Action.REJECT: _("Rejected"),
    Action.HIDE: _("Hidden"),
    Action.RESTORE: _("Restored"),
    Action.REDACT: _("Redacted and published"),
    Action.UPHOLD: _("Upheld"),
    Action.REVERSE: _("Reversed"),
}


def fit(name: str, text: str, *, required: bool = True) -> str:
    """The words as they are kept. Raises Refusal `invalid` naming the field where they cannot be."""
    if required and not text.strip():
        raise invalid(**{name: _("Write what you want to say.")})
    return fitting.fit(name, text.strip(), STATEMENT_LIMIT)
