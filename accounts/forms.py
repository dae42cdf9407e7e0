"""What people type to sign up and to register an institution, shaped and checked."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import geography
from accounts.models import InstitutionType, User
from accounts.names import fit_name
from accounts.public_data import checked
from consultation.kit.fields import WordsField
from consultation.kit.refusal import Refusal
from consultation.kit.text import NAME_LIMIT

PERSON_NAME_LIMIT = 200
_BETWEEN_DOMAINS = re.compile(r"[\s,;]+")


class SignupForm(forms.Form):
    """What signing up asks beside address and password; django-allauth builds its form on this one."""

    name = WordsField(
        label=_("Your name"),
        help_text=_("Your colleagues see it beside what you write for your institution."),
        limit=PERSON_NAME_LIMIT,
        rows=None,
    )
    field_order = ("name", "email", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_name(self) -> str:
        return fit_name(self.cleaned_data["name"], limit=PERSON_NAME_LIMIT)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by django-allauth once the person is saved; the adapter has kept the name already."""


def _countries() -> list[tuple[str, Any]]:
    return [("", _("Choose a country or area")), *geography.choices(get_language() or "en")]


def _types() -> list[tuple[str, Any]]:
    return [("", _("Choose a type")), *InstitutionType.choices]


class RegistrationForm(forms.Form):
    """An institution's public data, as one who may act for it gives them."""

    name = WordsField(
        label=_("Full name"),
        help_text=_("In its own language, as on its letters."),
        limit=NAME_LIMIT,
        rows=None,
    )
    name_en = WordsField(
        label=_("Name in English"),
        help_text=_("If it has one, and the name above is in another language."),
        limit=NAME_LIMIT,
        rows=None,
        required=False,
    )
    country = forms.ChoiceField(label=_("Country or area"), choices=_countries)
    type = forms.ChoiceField(label=_("Type"), choices=_types)
    website = forms.CharField(label=_("Website"), required=False)
    ror = forms.CharField(
        label=_("ROR identifier"),
        help_text=_("If the Research Organization Registry lists it, such as https://ror.org/05dxps055."),
        required=False,
    )
    domains = forms.CharField(
        label=_("E-mail domains"),
        help_text=_(
            "What follows the @ in its addresses. A confirmed address there makes verification quicker."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Everything that `register_institution` would refuse about the fields is said beside them."""
        try:
            checked(**self.given())
        except Refusal as refusal:
            self.show(refusal)
        return self.cleaned_data

    def given(self) -> dict[str, Any]:
        """The fields as `register_institution` takes them."""
        given = {
            field: self.cleaned_data.get(field, "") for field in ("name", "country", "type", "website", "ror")
        }
        domains = self.cleaned_data.get("domains", "")
        in_english = self.cleaned_data.get("name_en", "")
        return given | {
            "domains": [domain for domain in _BETWEEN_DOMAINS.split(domains) if domain],
            "names": {"en": in_english} if in_english else {},
        }

    def show(self, refusal: Refusal) -> None:
        """Put a refusal's sentences beside their fields, and one that names none above the form."""
        for path, sentences in refusal.errors.items():
            field = path.replace("names.", "name_")
            for sentence in sentences if field not in self.errors else ():
                self.add_error(field if field in self.fields else None, str(sentence))
        if not refusal.errors:
            self.add_error(None, str(refusal))
