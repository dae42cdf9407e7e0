"""What the forms of all pages share."""

from __future__ import annotations

from django import forms

from consultation.kit.refusal import Refusal


class VerbForm(forms.Form):
    """A form whose verb has the last word: its refusal is shown field by field."""

    def put(self, **values: str) -> None:
        """These values in the place of those that were sent, for the form that is shown again."""
        # Not {**self.data}: of a QueryDict that takes the lists within.
        self.data = {name: self.data[name] for name in self.data} | values

    def show(self, refusal: Refusal) -> None:
        """Put a refusal's sentences beside their fields; one that is not about fields stands above them."""
        for path, sentences in refusal.errors.items():
            field = path.split(".")[0]
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, str(sentence))
        if not refusal.errors or refusal.code != "invalid":
            self.add_error(None, str(refusal))
