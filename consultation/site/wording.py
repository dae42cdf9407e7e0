"""The words of a page as an administrator gives them, and what of it is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consultation.kit.refusal import Refusal, Sentence
from consultation.kit.text import UnfitText, clean, too_long
from consultation.site.models import Key

TITLE_LIMIT = 200
BODY_LIMIT = 50_000
# What the software itself says on a page, in a paragraph of its own: nobody can publish the page without.
MARKS = {Key.CONTACT: "{contact}", Key.PRIVACY: "{kept}"}
_SPACES = re.compile(r"\s+")
_BLANK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Words:
    """A page's title in one line, and its body in Markdown."""

    title: str
    body: str


def checked(*, key: str, language: str, title: str, body: str) -> Words:
    """The words as they are kept. Raises Refusal `invalid` that names every field that can't be taken."""
    errors: dict[str, list[Sentence]] = {}
    words = Words(
        _SPACES.sub(" ", _fit(errors, "title", title, TITLE_LIMIT)).strip(),
        _fit(errors, "body", body, BODY_LIMIT).strip() + "\n",
    )
    if language not in dict(settings.LANGUAGES):
        errors["language"] = [_("Choose one of the languages.")]
    mark = MARKS.get(Key(key)) if key in Key.values else None
    if mark and mark not in map(str.strip, _BLANK.split(words.body)):
        sentence = _("Keep %(mark)s in a paragraph of its own: the site says there what it alone knows.")
        errors.setdefault("body", [str(sentence) % {"mark": mark}])
    if errors:
        raise Refusal("invalid", _("Please correct what is marked."), errors)
    return words


def _fit(errors: dict[str, list[Sentence]], field: str, text: str, limit: int) -> str:
    try:
        fit = clean(text)
    except UnfitText as unfit:
        errors[field] = [unfit.args[0]]
        return ""
    if not fit.strip():
        errors[field] = [_("This can’t be empty.")]
    elif sentence := too_long(fit, limit):
        errors[field] = [sentence]
    return fit
