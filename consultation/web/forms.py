"""What the forms of all pages share."""

from __future__ import annotations

from django import forms

from consultation.kit.refusal import Refusal


class VerbForm(forms.Form):
    """A form whose verb has the last word: its refusal is shown field by field."""

    def show(self, refusal: Refusal) -> None:
        """Put a refusal's sentences beside their fields; one that is not about fields stands above them."""
        for path, sentences in refusal.errors.items():
            field = path.split(".")[0]
            for sentence in sentences:
                self.add_error(field if field in self.fields else None, str(sentence))
        if not refusal.errors or refusal.code != "invalid":
            self.add_error(None, str(refusal))
