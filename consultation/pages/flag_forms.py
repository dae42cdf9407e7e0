"""What a reader fills in to flag a comment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from consultation.kit.fields import WordsField
from consultation.kit.text import NOTE_LIMIT
from consultation.web.forms import VerbForm


class FlagForm(VerbForm):
    """Which clause of the policy a comment breaks, and what should be looked at."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Which clause does it break?"), widget=forms.RadioSelect, choices=[]
    )
    note = WordsField(
        label=gettext_lazy("What should a moderator look at?"),
        help_text=gettext_lazy("You may leave it empty. Moderators alone read it."),
        limit=NOTE_LIMIT,
        rows=4,
        required=False,
    )

    def __init__(self, clauses: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(number, f"{number}. {title}") for number, title in clauses]  # type: ignore[attr-defined]
