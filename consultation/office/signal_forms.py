"""What the secretariat ticks to switch signals."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy

from consultation.moderation import signals
from consultation.web.forms import VerbForm


def _choices() -> list[tuple[str, str]]:
    return [(code.value, str(code.label)) for code in signals.codes()]


class SignalsForm(VerbForm):
    """Which signals look at what comes."""

    on = forms.MultipleChoiceField(
        label=gettext_lazy("A moderator is told"),
        choices=_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    # What the page offered: what it didn't show stays as it is.
    shown = forms.CharField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, off: Collection[str]) -> SignalsForm:
        """Filled with what stands now."""
        codes = [code.value for code in signals.codes()]
        return cls(initial={"on": [each for each in codes if each not in off], "shown": " ".join(codes)})

    def switched(self) -> dict[str, bool]:
        """Each signal that was shown by its code, and whether it is on."""
        return {code: code in self.cleaned_data["on"] for code in self.cleaned_data["shown"].split()}
