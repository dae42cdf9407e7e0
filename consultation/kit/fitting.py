"""Words of one field as they are kept, for verbs that are given them by pages, programs and imports."""

from __future__ import annotations

from consultation.kit.refusal import invalid
from consultation.kit.text import UnfitText, clean, too_long


def fit(field: str, text: str, limit: int) -> str:
    """The text as `clean` keeps it, of at most `limit` code points.

    Raises Refusal `invalid` that names the field.
    """
    try:
        kept = clean(text)
    except UnfitText as unfit:
        raise invalid(**{field: unfit.args[0]}) from unfit
    if sentence := too_long(kept, limit):
        raise invalid(**{field: sentence})
    return kept
