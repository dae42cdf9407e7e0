"""One decision for several cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation.kit.fields import WordsField
from consultation.kit.text import STATEMENT_LIMIT
from consultation.moderation import rules
from consultation.moderation.actions import Ruling
from consultation.moderation.models import Action
from consultation.office.reading import many
from consultation.web.forms import VerbForm


class ManyForm(VerbForm):
    """What is decided on all the ticked cases alike."""

    action = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the decisions.")},
    )
    clause = forms.ChoiceField(
        label=gettext_lazy("Clause of the policy"),
        help_text=gettext_lazy("Needed for whatever goes against the text."),
        required=False,
    )
    message = WordsField(
        label=gettext_lazy("To all these authors"), limit=STATEMENT_LIMIT, required=False, rows=5
    )

    def __init__(self, clauses: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = many.actions()  # type: ignore[attr-defined]
        self.fields["clause"].choices = [("", _("No clause")), *clauses]  # type: ignore[attr-defined]

    def clean_clause(self) -> str:
        """The clause, where the decision needs one: the verb would refuse each case for want of it."""
        clause: str = self.cleaned_data["clause"]
        action = self.cleaned_data.get("action")
        if action and not clause and rules.needs_clause(Action(action)):
            raise forms.ValidationError(_("Name the clause of the policy on which this decision stands."))
        return clause

    def ruling(self) -> Ruling:
        """The decision as the verb takes it."""
        given = self.cleaned_data
        clause = None if given["action"] == Action.APPROVE else given["clause"] or None
        return Ruling(given["action"], clause, given["message"])
