"""Names of people and institutions: one line, nothing invisible that could show one name as another."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultation.kit.text import UnfitText, clean, too_long

# The property Bidi_Control (Unicode, PropList.txt).
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
PERSON_NAME_LIMIT = 200
_SPACES = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space.

    Raises ValidationError for what cannot be kept (`kit.text.clean`).
    """
    try:
        return _SPACES.sub(" ", clean(text)).strip()
    except UnfitText as unfit:
        raise ValidationError(unfit.args[0], code=unfit.code) from unfit


def fit_name(text: str, *, limit: int) -> str:
    """Return `text` as a name in one line of at most `limit` code points.

    Raises ValidationError for signs that steer the direction of writing, and for what `one_line` refuses.
    """
    name = one_line(text)
    if _BIDI_CONTROLS.search(name):
        raise ValidationError(
            _("The name holds invisible signs that turn the direction of writing. Type it anew."),
            code="bidi-controls",
        )
    if sentence := too_long(name, limit):
        raise ValidationError(sentence, code="max_length")
    return name
