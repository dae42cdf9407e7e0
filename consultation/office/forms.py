"""What moderators and registrars fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import VerifiedHow
from consultation.kit.fields import WordsField
from consultation.kit.text import STATEMENT_LIMIT
from consultation.office import wording
from consultation.office.reading.case import Paper
from consultation.web.forms import VerbForm

NOTE_LIMIT = 2_000  # of a note or a reason about an institution, as its table takes


class DecisionForm(VerbForm):
    """A decision on a case. What it names is checked by the verb, against the case as it then stands."""

    action = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the decisions.")},
    )
    clause = forms.ChoiceField(label=gettext_lazy("Clause of the policy"), required=False)
    message = WordsField(limit=STATEMENT_LIMIT, required=False, rows=8)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, paper: Paper, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paper = paper
        self.fields["action"].choices = [(each, wording.CHOICES[each].label) for each in paper.actions]  # type: ignore[attr-defined]
        self.fields["clause"].choices = [("", _("No clause")), *self._clauses()]  # type: ignore[attr-defined]
        message = self.fields["message"]
        message.label = _("To the author, in %(language)s") % {"language": paper.authors_language_name}

    def _clauses(self) -> list[tuple[str, str]]:
        return [(each["number"], f"{each['number']} {each['title']}") for each in self.paper.clauses]

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices with their keys, buttons and suggested words, for the template and its script."""
        chosen = self["action"].value()
        return [
            {
                "value": each,
                "label": wording.CHOICES[each].label,
                "key": wording.CHOICES[each].key,
                "button": wording.CHOICES[each].button,
                "suggestion": wording.suggestion(each, self.paper.authors_language),
                "checked": chosen == each,
            }
            for each in self.paper.actions
        ]


class VerifyForm(VerbForm):
    """How it was made sure that an institution is what it says."""

    how = forms.ChoiceField(
        label=gettext_lazy("How did you make sure?"),
        choices=VerifiedHow.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say how you made sure that this institution is what it says.")
        },
    )
    note = WordsField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy(
            "For other registrars, such as where the letter is kept. It is not published."
        ),
        limit=NOTE_LIMIT,
        rows=3,
        required=False,
    )


class RejectForm(VerbForm):
    """Why an institution is not accepted."""

    reason = WordsField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is kept on record and sent to the institution."),
        limit=NOTE_LIMIT,
        rows=5,
    )
