"""Forms about who acts for an institution, shaped for one verb each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.mandates import EMAIL_LIMIT
from accounts.models import Joining, Power, Signatures
from consultation.web.forms import VerbForm

POWERS = [
    (Power.CONTRIBUTE.value, _("Contribute: write and co-sign comments, propose endorsements")),
    (Power.SIGN.value, _("Sign: sign and withdraw endorsements")),
    (Power.MANAGE.value, _("Manage: say who acts for the institution")),
]


class MandateForm(VerbForm):
    """What somebody may do for an institution, and until when."""

    powers = forms.MultipleChoiceField(
        label=_("What they may do"),
        choices=POWERS,
        widget=forms.CheckboxSelectMultiple,
        initial=[Power.CONTRIBUTE.value],
        error_messages={"required": _("Choose at least one power.")},
    )
    until = forms.DateField(
        label=_("Last day"),
        help_text=_("It ends with that day (UTC). Leave it empty for no end."),
        required=False,
        widget=forms.DateInput({"type": "date", "class": "middle"}, format="%Y-%m-%d"),
    )

    def given(self) -> dict[str, Any]:
        """The fields as the verbs take them."""
        until: date | None = self.cleaned_data["until"]
        return {"powers": self.cleaned_data["powers"], "until": until}


class InvitationForm(MandateForm):
    """Who is invited, to do what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The link goes there. Whoever opens it can accept, with any confirmed address."),
        max_length=EMAIL_LIMIT,
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        choices=settings.LANGUAGES,
        widget=forms.Select({"class": "middle"}),
    )
    field_order = ("email", "powers", "until", "language")

    def given(self) -> dict[str, Any]:
        """The fields as `invite_colleague` takes them."""
        asked = {name: self.cleaned_data[name] for name in ("email", "language")}
        return {**super().given(), **asked}


class SignaturesForm(VerbForm):
    """How many of its people have to sign what is done in an institution's name."""

    signatures = forms.TypedChoiceField(
        label=_("What is signed in the institution’s name"),
        help_text=_("What one of two has signed needs its second signature still, whatever you choose."),
        choices=Signatures.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )


class JoiningForm(VerbForm):
    """What happens when somebody with an address at the institution's domain wants to join."""

    joining = forms.ChoiceField(
        label=_("People with a confirmed address at your domain"),
        choices=Joining.choices,
        widget=forms.RadioSelect,
    )
