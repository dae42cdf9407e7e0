"""Words that people write at the bench, fit to be kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from consultation.kit.refusal import invalid
from consultation.kit.text import STATEMENT_LIMIT, UnfitText, clean, too_long


def fit(name: str, text: str, *, required: bool = True) -> str:
    """The words as they are kept. Raises Refusal `invalid` naming the field where they cannot be."""
    try:
        words = clean(text).strip()
    except UnfitText as unfit:
        raise invalid(**{name: unfit.args[0]}) from unfit
    if required and not words:
        raise invalid(**{name: _("Write what you want to say.")})
    if sentence := too_long(words, STATEMENT_LIMIT):
        raise invalid(**{name: sentence})
    return words
