"""What the secretariat fills in to admit an institution late."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultation.kit.fields import WordsField
from consultation.kit.text import NAME_LIMIT, TITLE_LIMIT
from consultation.office.rounds_forms import LocalTimeField
from consultation.web.forms import VerbForm


class LateAdmissionForm(VerbForm):
    """Which institution may still comment, until when, and why."""

    institution = WordsField(
        label=_("The institution"),
        help_text=_("Its full name, or the last part of its address, such as oslo-university."),
        limit=NAME_LIMIT,
        widget=forms.TextInput({"list": "institutions", "autocomplete": "off"}),
    )

    def __init__(self, zone: str, data: Any = None, initial: Any = None) -> None:
        """`zone` is where the time is typed."""
        super().__init__(data, initial=initial)
        self.fields["until"] = LocalTimeField(zone=zone, label=_("Until"))
        self.fields["reason"] = WordsField(
            label=_("Reason"),
            help_text=_("Everybody reads it beside what the institution sends."),
            limit=TITLE_LIMIT,
            rows=2,
        )
