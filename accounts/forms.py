"""What people type to sign up and to register an institution, shaped and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from accounts import geography
from accounts.evidence import NOTE_LIMIT
from accounts.models import InstitutionType, User
from accounts.names import PERSON_NAME_LIMIT, fit_name
from accounts.public_data import checked
from consultation.kit.fields import WordsField
from consultation.kit.languages import html_lang
from consultation.kit.refusal import Refusal
from consultation.kit.text import NAME_LIMIT
from consultation.kit.uploads import keep_pdf, read_pdf
from consultation.site import queries as site_queries
from consultation.site import steps as site

_BETWEEN_DOMAINS = re.compile(r"[\s,;]+")


class Checkbox(forms.CheckboxInput):
    """A box that sends its own value, and stays ticked only while that is what it offers."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name)

    def format_value(self, value: Any) -> None:
        return None

    def offer(self, value: int) -> None:
        """What the box sends when it is ticked."""
        self.attrs["value"] = value
        self.check_test = lambda sent: str(sent) == str(value)


class TermsField(forms.IntegerField):
    """A box to tick: its value is the version of the terms that the person could read when it was shown."""

    widget = Checkbox
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("To have an account, accept the terms."),
        "moved-on": _("The terms were changed meanwhile. Please read them again."),
    }

    def show(self) -> None:
        """Ask for the terms as they stand now, in the reader's language."""
        terms = site_queries.current_terms(get_language() or "en")
        box: Any = self.widget
        box.offer(terms.pk if terms else 0)
        sentence = str(_('I have read the <a href="{url}" target="_blank">terms</a> and accept them.'))
        self.label = format_html(sentence, url=reverse("pages:terms"))

    def clean(self, value: Any) -> int:
        """The key of the version. Raises ValidationError where it is not what the terms say now."""
        version: int = super().clean(value or None)
        if not site_queries.is_current_terms(version):
            raise ValidationError(self.error_messages["moved-on"], code="moved-on")
        return version


class SignupForm(forms.Form):
    """What signing up asks beside address and password; django-allauth builds its form on this one."""

    name = WordsField(
        label=_("Your name"),
        help_text=_("Your colleagues see it beside what you write for your institution."),
        limit=PERSON_NAME_LIMIT,
        rows=None,
    )
    terms = TermsField()
    field_order = ("name", "email", "password1", "password2", "terms")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["terms"].show()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return fit_name(self.cleaned_data["name"], limit=PERSON_NAME_LIMIT)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by django-allauth once the person is saved; the adapter has kept the name already."""
        at = request.received_at  # type: ignore[attr-defined]
        site.accept_terms(user, version_id=self.cleaned_data["terms"], at=at)


def _countries() -> list[tuple[str, Any]]:
    return [("", _("Choose a country or area")), *geography.choices(get_language() or "en")]


def _types() -> list[tuple[str, Any]]:
    return [("", _("Choose a type")), *InstitutionType.choices]


def _note() -> WordsField:
    return WordsField(
        label=_("Note for the registrar"),
        help_text=_("What shows that you may speak for it, such as where your name stands on its website."),
        limit=NOTE_LIMIT,
        rows=3,
        required=False,
    )


def _letter() -> forms.FileField:
    return forms.FileField(
        label=_("Letter"),
        help_text=_("Signed by the institution, as PDF of at most 10 MB. Only registrars read it."),
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
        required=False,
    )


def _pdf(upload: UploadedFile | None) -> UploadedFile | None:
    if upload is not None:
        read_pdf(upload)
    return upload


def _evidence_in(given: Mapping[str, Any]) -> dict[str, Any]:
    letter = given.get("letter")
    return {"note": given.get("note", ""), "letter": keep_pdf(letter) if letter else None}


class _ForRegistrars(forms.Form):
    """What registrars read: its letter is a PDF, and what a verb refuses is said beside its field."""

    def clean_letter(self) -> UploadedFile | None:
        return _pdf(self.cleaned_data["letter"])

    def show(self, refusal: Refusal) -> None:
        """Put a refusal's sentences beside their fields, and one that names none above the form."""
        for path, sentences in refusal.errors.items():
            field = path.replace("names.", "name_")
            for sentence in sentences if field not in self.errors else ():
                self.add_error(field if field in self.fields else None, str(sentence))
        if not refusal.errors:
            self.add_error(None, str(refusal))


def _other_languages() -> dict[str, str]:
    """The languages of the site beside English, in their own words, by the tag under which names are kept."""
    codes = [code for code, _name in settings.LANGUAGES if code != "en"]
    return {html_lang(code): get_language_info(code)["name_local"].capitalize() for code in codes}


class RegistrationForm(_ForRegistrars):
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

    note = _note()
    letter = _letter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for tag, language in _other_languages().items():
            self.fields[f"name_{tag}"] = WordsField(
                label=language, limit=NAME_LIMIT, rows=None, required=False
            )

    @property
    def in_other_languages(self) -> list[forms.BoundField]:
        """The fields of its names in the languages of the site beside English."""
        return [self[f"name_{tag}"] for tag in _other_languages()]

    @property
    def other_names_open(self) -> bool:
        """Whether one of these is filled in, or has a mistake."""
        return any(each.value() or each.errors for each in self.in_other_languages)

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """All the rest."""
        apart = {each.name for each in self.in_other_languages}
        return [each for each in self.visible_fields() if each.name not in apart]

    def evidence(self) -> dict[str, Any]:
        """Note and letter as `register_institution` takes them; the letter is kept by now."""
        return _evidence_in(self.cleaned_data)

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
        names = {tag: self.cleaned_data.get(f"name_{tag}", "") for tag in ("en", *_other_languages())}
        return given | {
            "domains": [domain for domain in _BETWEEN_DOMAINS.split(domains) if domain],
            "names": {tag: name for tag, name in names.items() if name},
        }


class EvidenceForm(_ForRegistrars):
    """What shows that an institution which waits is what it says."""

    note = _note()
    letter = _letter()

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and not given.get("note") and not given.get("letter"):
            self.add_error("note", _("Write a note or choose a letter."))
        return given

    def given(self) -> dict[str, Any]:
        """The fields as `give_evidence` takes them; the letter is kept by now."""
        return _evidence_in(self.cleaned_data)
