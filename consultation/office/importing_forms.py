"""What the secretariat sends to import a text."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from consultation.texts.importing import UPLOAD_LIMIT
from consultation.web.forms import VerbForm


class ImportForm(VerbForm):
    """A text in one file."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_("A ZIP with one Markdown file a language, or one such file, of at most 1 MB."),
        widget=forms.FileInput({"accept": ".zip,.md,application/zip,text/markdown"}),
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > UPLOAD_LIMIT:
            raise ValidationError(_("Send a file of at most 1 MB."), code="too-large")
        return upload
