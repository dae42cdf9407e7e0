"""What the secretariat fills in about the text: words, headings, what a new version is, why one goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consultation.kit import languages
from consultation.kit.fields import WordsField
from consultation.kit.text import NOTE_LIMIT, TITLE_LIMIT
from consultation.office.rounds_forms import InLanguages
from consultation.texts.actions.drafting import BODY_LIMIT
from consultation.texts.models import Change
from consultation.web.forms import VerbForm


def _title(**options: Any) -> WordsField:
    return WordsField(
        label=_("Title"),
        limit=TITLE_LIMIT,
        rows=None,
        required=False,
        **options,
    )


def _in_language(form: forms.Form, language: str, *names: str) -> None:
    for name in names:
        form.fields[name].widget.attrs |= {
            "lang": languages.html_lang(language),
            "dir": languages.direction(language),
        }


class _Begun(VerbForm):
    """A form that knows, by its field `base`, from which words it was begun."""

    def now_from(self, base: str) -> None:
        """What was filled in stays; sent again it takes the place of the words that `base` names."""
        data = cast(QueryDict, self.data).copy()
        data["base"] = base
        self.data = data


class TextForm(_Begun):
    """A principle's next text in one language. `base` names the words it was begun from."""

    title = _title()
    body = WordsField(
        label=_("Text"),
        help_text=_("An empty line begins a new paragraph. Paragraphs are numbered."),
        limit=BODY_LIMIT,
        rows=16,
        required=False,
        widget=forms.Textarea({"rows": 16, "class": "serif"}),
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_language(self, language, "title", "body")


class NewForm(TextForm):
    """A principle that is to be added: its first words, and the heading above it."""

    heading = _title(help_text=_("It groups this principle and those after it. It can stay empty."))
    field_order = ("heading", "title", "body")

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(language, *args, **kwargs)
        self.fields["title"].required = True
        self.fields["heading"].label = _("Heading above it")
        _in_language(self, language, "heading")


class HeadingForm(VerbForm):
    """What stands above a principle, in one language."""

    heading = _title(help_text=_("It groups this principle and those after it. It can stay empty."))

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].label = _("Heading above it")
        _in_language(self, language, "heading")


class VersionForm(InLanguages, _Begun):
    """What a new version is: which kind of change, what changed, which translations still hold."""

    texts = "notes"
    change = forms.ChoiceField(
        label=_("What kind of change is it?"),
        choices=[
            (Change.EDITORIAL, _("Editorial: it says the same in better words. Positions carry over.")),
            (
                Change.SUBSTANTIVE,
                _("Substantive: it says something else. Positions have to be re-affirmed."),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether this is editorial or substantive.")},
    )
    carried = forms.MultipleChoiceField(
        label=_("Translations that still hold as they are"),
        help_text=_("The others stay with the earlier version, and say so to their readers."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    base = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        names: Mapping[str, str],
        behind: Sequence[tuple[str, str]],
        *,
        first: bool,
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """`names` of the languages, the authoritative one first; `behind` are translations not worked on."""
        super().__init__(data, initial=dict(initial or {}))
        if first:
            del self.fields["change"]
        if behind:
            self.fields["carried"].choices = behind  # type: ignore[attr-defined]
        else:
            del self.fields["carried"]
        if not first:
            self.add_texts(list(names), _("What changed, in %(language)s"), limit=NOTE_LIMIT, required=False)
            self.fields[f"notes_{next(iter(names))}"].required = True

    def hand_on(self) -> Iterator[tuple[str, str]]:
        """What a look before the act hands on, as hidden fields."""
        for name in self.fields:
            for value in cast(QueryDict, self.data).getlist(name):
                yield name, value


class WithdrawForm(InLanguages):
    """Why a principle is withdrawn: `reasons` are public."""

    texts = "reasons"

    def __init__(self, names: Mapping[str, str], data: Any = None) -> None:
        """`names` of the languages, the authoritative one first."""
        super().__init__(data)
        self.add_texts(list(names), _("Reason, in %(language)s"), limit=NOTE_LIMIT, required=False)
        self.fields[f"reasons_{next(iter(names))}"].required = True

    def hand_on(self) -> Iterator[tuple[str, str]]:
        """What a look before the act hands on, as hidden fields."""
        return ((name, self.data.get(name, "")) for name in self.fields)
