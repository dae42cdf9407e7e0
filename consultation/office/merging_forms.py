"""What the secretariat fills in to let one comment stand for others."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultation.kit.fields import WordsField
from consultation.kit.text import NAME_LIMIT, NOTE_LIMIT
from consultation.web.forms import VerbForm

_BETWEEN = re.compile(r"[\s,;،、，]+")


class MergingForm(VerbForm):
    """The comment that is kept, and those that say the same."""

    kept = WordsField(
        label=_("The comment that is kept"),
        help_text=_("Its reference, such as P3-42. It stands for the others in lists and counts."),
        limit=NAME_LIMIT,
        rows=None,
    )
    references = WordsField(
        label=_("Those that say the same"),
        help_text=_("Their references, with a space or a comma between them."),
        limit=NOTE_LIMIT,
        rows=2,
        required=False,
    )
    alike = forms.MultipleChoiceField(
        label=_("They say nearly the same"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, alike: list[tuple[str, Any]], data: Any = None, initial: Any = None) -> None:
        """`alike` are references to tick, each with what is shown beside it."""
        super().__init__(data, initial=initial)
        if alike:
            self.fields["alike"].choices = alike  # type: ignore[attr-defined]
        else:
            del self.fields["alike"]

    def named(self) -> list[str]:
        """The references of the others, each once. The form is valid."""
        typed = _BETWEEN.split(self.cleaned_data["references"].strip().upper())
        ticked = self.cleaned_data.get("alike", [])
        return list(dict.fromkeys(each for each in [*ticked, *typed] if each))
