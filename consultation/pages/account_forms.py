"""What people fill in about their own account."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.actions.tokens import TOKEN_DAYS, TOKEN_DAYS_LIMIT, TOKEN_NAME_LIMIT
from accounts.models import Scope
from accounts.names import PERSON_NAME_LIMIT
from consultation.kit.fields import WordsField
from consultation.web.forms import VerbForm

# Areas of the tz database that are no places.
NO_PLACES = ("Etc", "SystemV", "US")


def zone_choices() -> list[Any]:
    """UTC, then the cities of each part of the world."""
    names = sorted(name.split("/", 1) for name in available_timezones() if "/" in name)
    areas = groupby(names, key=lambda parts: parts[0])
    cities = [
        (area, [(f"{area}/{city}", city.replace("_", " ").replace("/", ", ")) for _area, city in group])
        for area, group in areas
        if area not in NO_PLACES
    ]
    return [("UTC", "UTC"), *cities]


class SettingsForm(VerbForm):
    """How a person is called, written to, and shown times."""

    name = WordsField(
        label=_("Your name"),
        help_text=_("Your colleagues see it beside what you write for your institution."),
        limit=PERSON_NAME_LIMIT,
        rows=None,
    )
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("We write to you in it."), choices=settings.LANGUAGES
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Times on the pages are shown in it."), choices=zone_choices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class TokenForm(VerbForm):
    """A new token: what it is called, what it allows, how long it lasts."""

    name = WordsField(
        label=_("Name"), help_text=_("By which you know it again."), limit=TOKEN_NAME_LIMIT, rows=None
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it allows"),
        help_text=_("Never more than you may do yourself."),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ],
        error_messages={"required": _("Choose what the token allows.")},
    )
    days = forms.IntegerField(
        label=_("Days until it ends"),
        min_value=1,
        max_value=TOKEN_DAYS_LIMIT,
        initial=TOKEN_DAYS,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )


class EraseForm(VerbForm):
    """One's own address, typed to confirm that the account is erased."""

    address = forms.CharField(
        label=_("Type your e-mail address to confirm"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type your e-mail address to confirm.")},
    )
