"""What moderators and registrars fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.evidence import NOTE_LIMIT
from accounts.forms import RegistrationForm
from accounts.models import Institution, VerifiedHow
from consultation.kit.fields import WordsField
from consultation.kit.refusal import Refusal
from consultation.kit.text import BODY_LIMIT as WORDS_LIMIT
from consultation.kit.text import STATEMENT_LIMIT
from consultation.moderation.handlers import Details, Span
from consultation.moderation.models import Action
from consultation.office import wording
from consultation.office.reading.case import Paper
from consultation.site.wording import BODY_LIMIT, TITLE_LIMIT
from consultation.web.forms import VerbForm

# What the verb calls the fields of the page.
FIELD_OF = {
    "spans": "quotes",
    "correction": "corrected_body",
    "correction.body": "corrected_body",
    "correction.proposed_text": "corrected_proposal",
}


class DecisionForm(VerbForm):
    """A decision on a case. What it names is checked by the verb, against the case as it then stands."""

    action = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the decisions.")},
    )
    clause = forms.ChoiceField(label=gettext_lazy("Clause of the policy"), required=False)
    message = WordsField(limit=STATEMENT_LIMIT, required=False, rows=8)
    quotes = WordsField(
        label=gettext_lazy("Words to redact"),
        help_text=gettext_lazy("Copied exactly, each passage on a line of its own. This can’t be undone."),
        limit=WORDS_LIMIT,
        required=False,
        rows=3,
    )
    corrected_body = WordsField(
        label=gettext_lazy("Its words, corrected"), limit=WORDS_LIMIT, required=False, rows=8
    )
    corrected_proposal = WordsField(
        label=gettext_lazy("Its proposed wording, corrected"), limit=WORDS_LIMIT, required=False, rows=3
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, paper: Paper, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paper = paper
        sent = {"corrected_body": paper.subject.text, "corrected_proposal": paper.subject.proposed_text}
        self.initial = {**sent, **self.initial}
        self.fields["action"].choices = [(each, wording.CHOICES[each].label) for each in paper.actions]  # type: ignore[attr-defined]
        self.fields["clause"].choices = [("", _("No clause")), *self._clauses()]  # type: ignore[attr-defined]
        message = self.fields["message"]
        message.label = _("To the author, in %(language)s") % {"language": paper.authors_language_name}

    def details(self) -> Details:
        """The words to redact and the correction, where the decision has them."""
        given = self.cleaned_data
        if given["action"] == Action.REDACT:
            return Details(tuple(Span(quote=each) for each in given["quotes"].splitlines() if each.strip()))
        words = {"body": given["corrected_body"], "proposed_text": given["corrected_proposal"]}
        subject = self.paper.subject
        same = words == {"body": subject.text, "proposed_text": subject.proposed_text}
        corrected = given["action"] == Action.RETURN and self.paper.correctable and any(words.values())
        return Details(correction=words) if corrected and not same else Details()

    def show(self, refusal: Refusal) -> None:
        """Put what was refused beside the fields of the page."""
        errors = {FIELD_OF.get(name, name): said for name, said in refusal.errors.items()}
        super().show(Refusal(refusal.code, refusal.sentence, errors))

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


class RoleForm(VerbForm):
    """Who is given which role."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Of an account that is here already, with its address confirmed."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, choices: Sequence[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody becomes administrator because it stands first.
        none = [("", _("Choose a role"))] if len(choices) > 1 else []
        self.fields["role"].choices = [*none, *choices]  # type: ignore[attr-defined]


class PageForm(VerbForm):
    """What one of the site's own pages says in one language."""

    title = WordsField(label=gettext_lazy("Title"), limit=TITLE_LIMIT, rows=None)
    body = WordsField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("In Markdown. “## ” before a line makes it a heading."),
        limit=BODY_LIMIT,
        rows=24,
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, lang: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "body"):
            self.fields[name].widget.attrs["lang"] = lang


class AskForm(VerbForm):
    """What is still missing of an institution that waits."""

    words = WordsField(
        label=gettext_lazy("What is missing"),
        help_text=gettext_lazy("It is kept on record and sent to the institution."),
        limit=NOTE_LIMIT,
        rows=5,
    )


class SuspendForm(RejectForm):
    """Why nothing that an institution said is public any longer."""


class MergeForm(VerbForm):
    """Into which record of the same institution this one goes, and why."""

    kept = forms.SlugField(
        label=gettext_lazy("The record that is kept"),
        help_text=gettext_lazy("The last part of its address, such as oslo-university."),
    )
    reason = WordsField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is kept on record and sent to the people of both."),
        limit=NOTE_LIMIT,
        rows=3,
    )
    with_powers = forms.BooleanField(
        label=gettext_lazy("Its people may act for the kept one"),
        help_text=gettext_lazy("With the powers they hold. Otherwise a manager of the kept one adds them."),
        required=False,
    )


class ChangeForm(RegistrationForm):
    """The public data of an institution as a registrar changes them, and why."""

    note = None  # type: ignore[assignment]
    letter = None  # type: ignore[assignment]
    reason = RejectForm.base_fields["reason"]
    field_order = ("name", "name_en", "country", "type", "website", "ror", "domains", "reason")

    @classmethod
    def of(cls, institution: Institution) -> ChangeForm:
        """Filled with what is known now."""
        data = institution.current
        assert data is not None
        known = {name: getattr(data, name) for name in ("name", "country", "type", "website", "ror")}
        domains = " ".join(each.domain for each in institution.domains.all())
        names = {f"name_{tag}": name for tag, name in data.names.items()}
        return cls(initial={**known, **names, "domains": domains})

    def changed(self, institution: Institution) -> dict[str, Any]:
        """The fields as `change_institution` takes them; names in languages that the form lacks stay."""
        given = self.given()
        known = institution.current.names if institution.current else {}
        beyond = {tag: name for tag, name in known.items() if f"name_{tag}" not in self.fields}
        return {**given, "names": {**beyond, **given["names"]}, "reason": self.cleaned_data["reason"]}


class ErasureForm(VerbForm):
    """Whose account is erased; the address is typed twice, as nothing brings it back."""

    account = forms.EmailField(label=gettext_lazy("Address of the account"), max_length=254)
    address = forms.EmailField(label=gettext_lazy("The same address again"), max_length=254)
