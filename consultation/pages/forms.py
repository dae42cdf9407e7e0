"""What people fill in on pages, shaped for one verb each. What a verb refuses comes back beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from consultation.digests.models import Format
from consultation.endorsements.actions import CONTEST_LIMIT, OFFICE_LIMIT, REASON_LIMIT
from consultation.endorsements.models import Position
from consultation.kit import languages
from consultation.kit.fields import WordsField
from consultation.kit.fold import sort_key
from consultation.kit.text import STATEMENT_LIMIT
from consultation.web.forms import VerbForm

Choices = list[tuple[str, Any]]


@lru_cache(maxsize=16)
def _languages(reader: str) -> Choices:
    """Every language with a two-letter code, those of the interface first, by the names readers give them."""
    first = [(code, languages.name(code, reader)) for code in languages.INTERFACE]
    known = {code: name for code, name in languages.locale_of(reader).languages.items() if len(code) == 2}
    others = [
        (code, name) for code, name in known.items() if code not in languages.INTERFACE and code != "zh"
    ]
    return [*first, *sorted(others, key=lambda each: sort_key(each[1], reader))]


def language_choices() -> Choices:
    """The languages to choose from, in the language of the page."""
    return _languages(get_language() or "en")


class ForInstitution(VerbForm):
    """A form by which somebody acts for one of several institutions."""

    def __init__(self, institutions: Sequence[Institution], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institutions = institutions
        names = [(each.slug, each.current.name if each.current else each.slug) for each in institutions]
        if len(names) > 1:
            chooser: forms.Field = forms.ChoiceField(label=_("For which institution?"), choices=names)
            self.fields = {"institution": chooser, **self.fields}
        elif names:
            chooser = forms.CharField(required=False, initial=names[0][0], widget=forms.HiddenInput)
            self.fields = {"institution": chooser, **self.fields}

    def clean(self) -> dict[str, Any]:
        """Nothing is done for another institution than the one for which the form was filled in."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if len(self.institutions) == 1:
            [only] = self.institutions
            if given.get("institution") not in (None, "", only.slug):
                self.add_error(None, _still_for(only))
                self.put(institution=only.slug)
        return given

    def institution(self) -> Institution | None:
        """For whom the form is sent; None where that was not one of the person's institutions."""
        if len(self.institutions) == 1:
            return self.institutions[0]
        chosen = self.cleaned_data.get("institution")
        return next((each for each in self.institutions if each.slug == chosen), None)


def _still_for(only: Institution) -> str:
    return gettext(
        "You no longer act for the institution for which this was filled in. It would now be for %(name)s."
    ) % {"name": only.current.name if only.current else only.slug}


class _Signed(forms.Form):
    """What readers learn of whoever signs."""

    office = WordsField(
        label=_("Your office"),
        help_text=_("Shown with the position, such as Secretary-General. Leave it empty to show none."),
        limit=OFFICE_LIMIT,
        rows=None,
        required=False,
    )
    name_shown = forms.BooleanField(label=_("Show my name with the position"), required=False)


OF_WHO_SIGNS = ("office", "name_shown")


class SignatureForm(_Signed, VerbForm):
    """A signature under what was read."""


class SheetForm(_Signed, ForInstitution):
    """One signature under many positions; those stand in rows of their own."""

    language = forms.ChoiceField(
        label=_("The statements are written in"),
        choices=language_choices,
        widget=forms.Select({"class": "middle"}),
    )
    field_order = ("institution", "language", "office", "name_shown")

    def __init__(
        self, institutions: Sequence[Institution], *args: Any, signs: bool = True, **kwargs: Any
    ) -> None:
        """Who only proposes is not asked how the signature is shown."""
        super().__init__(institutions, *args, **kwargs)
        # The sheet itself names its one institution.
        gone = ["institution"] if len(institutions) == 1 else []
        for name in [*gone, *(() if signs else OF_WHO_SIGNS)]:
            del self.fields[name]


class WithdrawalForm(VerbForm):
    """Why a position is withdrawn, for everybody to read."""

    # It stands on one page with the next one, whose field has the same name.
    prefix = "withdraw"
    reason = WordsField(
        label=_("Your reason, for everybody"),
        help_text=_("It may be left empty. It is published once a moderator has read it."),
        limit=REASON_LIMIT,
        rows=3,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Written in"), choices=language_choices, widget=forms.Select({"class": "middle"})
    )


class ContestForm(VerbForm):
    """What is wrong with an act in the institution's name."""

    prefix = "contest"
    reason = WordsField(
        label=_("What is wrong with it?"),
        help_text=_("Your institution, the secretariat and the registrars read this."),
        limit=CONTEST_LIMIT,
        rows=3,
    )


class PositionForm(_Signed, ForInstitution):
    """A position on one principle, on exactly the version that was read."""

    position = forms.ChoiceField(
        label=_("What is your position?"),
        choices=Position.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    statement = WordsField(
        label=_("Your statement"),
        help_text=_(
            "Required with a reservation. It is published with your position, once a moderator has read it."
        ),
        limit=STATEMENT_LIMIT,
        rows=4,
        required=False,
    )
    language = forms.ChoiceField(label=_("The statement is written in"), choices=language_choices)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    field_order = ("institution", "position", "statement", "language", "office", "name_shown", "version")

    def __init__(
        self, institutions: Sequence[Institution], *args: Any, signs: bool = True, **kwargs: Any
    ) -> None:
        """Who only proposes is not asked how the signature is shown."""
        super().__init__(institutions, *args, **kwargs)
        self.fields["language"].widget.attrs["class"] = "middle"
        for name in () if signs else OF_WHO_SIGNS:
            del self.fields[name]


class DigestForm(VerbForm):
    """Which digest somebody asks for."""

    principle = forms.TypedChoiceField(label=_("About"), coerce=int, empty_value=None, required=False)
    language = forms.ChoiceField(label=_("In"))
    formats = forms.MultipleChoiceField(
        label=_("As"),
        choices=Format.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=list(Format.values),
    )

    def __init__(self, principles: Choices, languages_: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        principle, language = self.fields["principle"], self.fields["language"]
        assert isinstance(principle, forms.TypedChoiceField)
        assert isinstance(language, forms.ChoiceField)
        principle.choices = [("", _("The whole text")), *principles]
        language.choices = languages_
