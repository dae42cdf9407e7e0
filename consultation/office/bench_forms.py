"""What moderators fill in beside a decision: the languages they read, notes, asking for an opinion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consultation.kit import languages
from consultation.kit.fields import WordsField
from consultation.kit.text import STATEMENT_LIMIT
from consultation.web.forms import VerbForm


class LanguagesForm(VerbForm):
    """Which languages a moderator reads: those at hand to tick, any other to choose."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages you read"),
        help_text=gettext_lazy("Well enough to judge a text. The next case comes from these first."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other = forms.ChoiceField(label=gettext_lazy("Another language"), required=False)

    def __init__(self, at_hand: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = set(at_hand)
        self.fields["languages"].choices = self._named(near)  # type: ignore[attr-defined]
        rest = [("", _("Choose a language")), *self._named(set(languages.two_letter_codes()) - near)]
        self.fields["other"].choices = rest  # type: ignore[attr-defined]

    def given(self) -> list[str]:
        """All languages that were ticked or chosen."""
        other = self.cleaned_data["other"]
        return [*self.cleaned_data["languages"], *([other] if other else [])]

    def _named(self, codes: Iterable[str]) -> list[tuple[str, str]]:
        reader = get_language() or "en"
        named = [(code, languages.name(code, reader)) for code in codes]
        return sorted(named, key=lambda each: each[1].casefold())


class NoteForm(VerbForm):
    """A note on a case."""

    words = WordsField(
        label=gettext_lazy("A note for the other moderators"),
        help_text=gettext_lazy("The author never sees it. It stays as it is."),
        limit=STATEMENT_LIMIT,
        rows=3,
    )


class AskOpinionForm(VerbForm):
    """Who is asked to read a case, and what for."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Of an account that is here already, with its address confirmed."),
    )
    question = WordsField(
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy("What you want to know of this text. It is sent with the mail."),
        limit=STATEMENT_LIMIT,
        rows=4,
        required=False,
    )


class OpinionForm(VerbForm):
    """What somebody who was asked thinks of a text."""

    words = WordsField(
        label=gettext_lazy("Your opinion"),
        help_text=gettext_lazy("The moderators read it, with your name. The author does not."),
        limit=STATEMENT_LIMIT,
        rows=8,
    )
