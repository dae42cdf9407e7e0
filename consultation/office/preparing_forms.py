"""What the secretariat fills in while it prepares a consultation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from consultation.kit import languages as tongues
from consultation.kit.fields import WordsField
from consultation.kit.refusal import Refusal
from consultation.kit.text import NOTE_LIMIT, TITLE_LIMIT
from consultation.pages.account_forms import zone_choices
from consultation.texts import facts
from consultation.texts.models import Consultation, Policy
from consultation.web.forms import VerbForm

CODE = {"class": "code middle", "list": "languages", "autocomplete": "off", "spellcheck": "false"}
TAGS = {"class": "code", "autocomplete": "off", "spellcheck": "false"}
POLICIES = [
    (Policy.PRE, gettext_lazy("A moderator reads everything before it is published.")),
    (
        Policy.TRUSTED,
        gettext_lazy(
            "Institutions with approved contributions publish at once; a moderator reads the others first."
        ),
    ),
    (Policy.POST, gettext_lazy("Contributions are published at once and reviewed after.")),
]


class FactsForm(VerbForm):
    """What is the same in every language; what stays as it is has no field."""

    authoritative = forms.CharField(
        label=gettext_lazy("Authoritative language"),
        help_text=gettext_lazy(
            "As a language tag, such as en, ar or pt-BR. The text in it is what is endorsed."
        ),
        max_length=tongues.TAG_LIMIT,
        widget=forms.TextInput(attrs=CODE),
    )
    languages = forms.CharField(
        label=gettext_lazy("Other languages"),
        help_text=gettext_lazy(
            "Their tags with spaces between, such as fr es zh-Hans. More can be added later."
        ),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs=TAGS),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy(
            "Closing times are announced in it. Rounds that are set already keep their moment."
        ),
        choices=zone_choices,
        widget=forms.Select(attrs={"class": "middle"}),
    )
    policy = forms.ChoiceField(
        label=gettext_lazy("Moderation policy"),
        choices=POLICIES,
        initial=Policy.PRE,
        widget=forms.RadioSelect,
    )
    licence = WordsField(
        label=gettext_lazy("Licence of contributions"),
        help_text=gettext_lazy("Whoever sends a contribution agrees to it."),
        limit=100,
        rows=None,
        initial="CC BY 4.0",
    )
    target_hours = forms.IntegerField(
        label=gettext_lazy("Hours within which a moderator decides"),
        min_value=1,
        max_value=facts.HOURS_LIMIT,
        initial=72,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    trusted_after = forms.IntegerField(
        label=gettext_lazy("Approved contributions after which an institution is trusted"),
        help_text=gettext_lazy("Only where trusted institutions publish at once."),
        min_value=1,
        max_value=facts.COUNT_LIMIT,
        required=False,
        initial=3,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    flags_to_hide = forms.IntegerField(
        label=gettext_lazy("Readers’ flags that hide a text for review"),
        help_text=gettext_lazy(
            "People of one institution count as one. Whoever flags names a clause; a moderator decides."
        ),
        min_value=1,
        max_value=facts.COUNT_LIMIT,
        required=False,
        initial=3,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    private_comments = forms.TypedChoiceField(
        label=gettext_lazy("Comments for the secretariat only"),
        choices=[
            (True, gettext_lazy("Institutions choose before sending whether a comment is public.")),
            (False, gettext_lazy("Every comment is public.")),
        ],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        initial=True,
        widget=forms.RadioSelect,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @classmethod
    def of(cls, consultation: Consultation, fixed: Iterable[str], data: Any = None) -> FactsForm:
        """Filled with what stands now, without what is `fixed`."""
        present = facts.plain_of(consultation)
        others = [code for code in present["languages"] if code != present["authoritative"]]
        initial = {**present, "languages": tags(others), "seen": facts.fingerprint(present)}
        initial["authoritative"] = tags([present["authoritative"]])
        form = cls(data, initial=initial)
        for name in fixed:
            del form.fields[name]
        return form

    def clean_languages(self) -> list[str]:
        return self.cleaned_data["languages"].replace(",", " ").split()

    def given(self, authoritative: str = "") -> dict[str, Any]:
        """The facts as the verbs take them; `authoritative` stands in where the form does not ask for it."""
        filled = {name: value for name, value in self.cleaned_data.items() if value is not None}
        given = {name: value for name, value in filled.items() if name in facts.PLAIN}
        main = given.get("authoritative") or authoritative
        return {**given, "languages": [main, *given.get("languages", [])]}


class NewForm(FactsForm):
    """The little that a consultation begins with; the rest is asked for on its desk."""

    title = WordsField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("In the authoritative language. Others are asked for later."),
        limit=TITLE_LIMIT,
        rows=None,
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "The last part of its address, in Latin letters, such as river-charter-2027. Left empty, it is"
            " made from the title if that is in Latin letters. It stays."
        ),
        max_length=facts.SLUG_LIMIT,
        required=False,
        widget=forms.TextInput(attrs=TAGS),
    )
    licence = None  # type: ignore[assignment]
    target_hours = None  # type: ignore[assignment]
    trusted_after = None  # type: ignore[assignment]
    flags_to_hide = None  # type: ignore[assignment]
    private_comments = None  # type: ignore[assignment]
    seen = None  # type: ignore[assignment]
    field_order = ("title", "authoritative", "languages", "slug", "zone", "policy")

    def fields_for_verb(self) -> dict[str, Any]:
        """What `create_consultation` takes."""
        main = facts.language(self.cleaned_data["authoritative"]) or self.cleaned_data["authoritative"]
        words = {main: {"title": self.cleaned_data["title"]}}
        return {"facts": self.given(), "words": words, "slug": self.cleaned_data["slug"]}


class WordsForm(VerbForm):
    """What is said of a consultation in one language."""

    title = WordsField(label=gettext_lazy("Title"), limit=TITLE_LIMIT, rows=None, required=False)
    lead = WordsField(
        label=gettext_lazy("Lead"),
        help_text=gettext_lazy("Two sentences under the title: what the text is, and who is asked."),
        limit=NOTE_LIMIT,
        rows=3,
        required=False,
    )
    note = WordsField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Whose wording the text is."),
        limit=NOTE_LIMIT,
        rows=3,
        required=False,
    )
    preamble = WordsField(
        label=gettext_lazy("Preamble"),
        help_text=gettext_lazy("What stands before the first principle."),
        limit=facts.WORDS["preamble"][1],
        rows=8,
        required=False,
    )
    initiators = WordsField(
        label=gettext_lazy("Initiators"),
        help_text=gettext_lazy("Who brought the text forward, as a sentence."),
        limit=NOTE_LIMIT,
        rows=3,
        required=False,
    )
    secretariat = WordsField(
        label=gettext_lazy("Name of the secretariat"), limit=TITLE_LIMIT, rows=None, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in facts.WORDS:
            self.fields[name].widget.attrs |= in_language(code)
        self.fields["preamble"].widget.attrs["class"] = "serif"

    @classmethod
    def of(cls, consultation: Consultation, code: str, data: Any = None) -> WordsForm:
        """Filled with what is said now."""
        present = facts.words_of(consultation, code)
        return cls(code, data, initial={**present, "seen": facts.fingerprint(present)})

    def words(self) -> dict[str, str]:
        """What is said, as `change_words` takes it."""
        return {name: self.cleaned_data[name] for name in facts.WORDS}


class ClauseForm(VerbForm):
    """A clause of the policy: title and text in each language."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, consultation: Consultation, *args: Any, fixed: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [code for code in consultation.languages if code not in set(fixed)]
        reader = get_language() or "en"
        for code in self.codes:
            about = {"language": tongues.name(code, reader)}
            needed = code == consultation.authoritative
            attrs = in_language(code)
            self.fields[f"title_{code}"] = WordsField(
                label=_("Title, %(language)s") % about, limit=TITLE_LIMIT, rows=None, required=needed
            )
            self.fields[f"text_{code}"] = WordsField(
                label=_("Text, %(language)s") % about, limit=NOTE_LIMIT, rows=3, required=needed
            )
            for name in (f"title_{code}", f"text_{code}"):
                self.fields[name].widget.attrs |= attrs

    def show(self, refusal: Refusal) -> None:
        """Paths such as `fr.title` are fields of their own here."""
        named = {_field(path): sentences for path, sentences in refusal.errors.items()}
        super().show(Refusal(refusal.code, refusal.sentence, named, refusal.retry_after))

    def words(self, fixed: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        """What the clause is to say; what is `fixed` is said again."""
        given = {
            code: {"title": self.cleaned_data[f"title_{code}"], "text": self.cleaned_data[f"text_{code}"]}
            for code in self.codes
        }
        return {**{code: dict(said) for code, said in fixed.items()}, **given}


def _field(path: str) -> str:
    code, dot, name = path.partition(".")
    return f"{name}_{code}" if dot else path


def in_language(code: str) -> dict[str, str]:
    """The attributes of a box for words in one language."""
    return {"lang": tongues.html_lang(code), "dir": tongues.direction(code)}


def tags(codes: Iterable[str]) -> str:
    """Languages as they are written, one after another."""
    return " ".join(tongues.html_lang(code) for code in codes)


def known_languages() -> list[tuple[str, str]]:
    """Tags of two letters with their names, for a box that offers them."""
    names = tongues.locale_of(get_language() or "en").languages
    return sorted((code, str(name)) for code, name in names.items() if len(code) == 2)
