"""What the secretariat fills in to record a letter."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from consultation.endorsements.actions import OFFICE_LIMIT
from consultation.kit import languages, uploads
from consultation.kit.fields import WordsField
from consultation.web.forms import VerbForm

NAME_LIMIT = 300


class LetterForm(VerbForm):
    """A letter by which an institution took positions; those stand in rows of their own."""

    institution = WordsField(
        label=_("The institution"),
        help_text=_("Its full name, or the last part of its address, such as oslo-university."),
        limit=NAME_LIMIT,
        widget=forms.TextInput({"list": "institutions", "autocomplete": "off"}),
    )
    dated = forms.DateField(
        label=_("Date of the letter"),
        widget=forms.DateInput({"type": "date", "class": "middle"}, format="%Y-%m-%d"),
    )
    letter = forms.FileField(
        label=_("The scan"),
        help_text=_("A PDF of at most 10 MB. The institution’s own people and the secretariat can open it."),
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
    )
    office = WordsField(
        label=_("Office of who signed the letter"),
        help_text=_("Shown with the position, such as Secretary-General. Leave it empty to show none."),
        limit=OFFICE_LIMIT,
        rows=None,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("The statements are written in"),
        choices=lambda: [(tag, languages.name(tag, tag)) for tag in languages.INTERFACE],
        widget=forms.Select({"class": "middle"}),
    )

    def clean_letter(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["letter"]
        uploads.read_pdf(upload)
        return upload
