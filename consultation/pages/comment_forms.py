"""The form of a comment: the words, and who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from consultation.comments.models import Comment, Kind, Visibility, Words
from consultation.comments.wording import PASSAGE_LIMIT, Wording
from consultation.kit import languages
from consultation.kit.fields import WordsField
from consultation.kit.refusal import Refusal
from consultation.kit.text import BODY_LIMIT
from consultation.pages.forms import Choices, ForInstitution, language_choices

OF_A_PASSAGE = ("passage", "passage_prefix", "passage_suffix", "proposal_start")
OF_A_TRANSLATION = ("translation_language", "translation_body", "translation_proposed_text")
REPLY_LACKS = ("kind", *OF_A_PASSAGE, "proposed_text", "translation_proposed_text", "visibility")
WHOLE_LACKS = OF_A_PASSAGE
# The edition of what nobody drafted yet, as `comments.actions.save_draft` knows it.
NOTHING_DRAFTED = 0


def _languages_or_none() -> Choices:
    return [("", _("Not translated")), *language_choices()]


class LanguageField(forms.ChoiceField):
    """A language of the list, or one with a longer tag that a program chose before."""

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or languages.is_tag(str(value))

    def offer(self, tag: str) -> None:
        """Let this language be chosen too, where the list has not got it."""
        if tag and languages.is_tag(tag) and not super().valid_value(tag):
            offered: Choices = list(self.choices)  # type: ignore[arg-type]
            self.choices = [*offered, (tag, languages.name(tag, get_language() or "en"))]


class CommentForm(ForInstitution):
    """The words of a comment. A draft may lack any of them."""

    kind = forms.ChoiceField(
        label=_("What kind of comment is it?"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        initial=Kind.GENERAL,
    )
    passage = WordsField(
        label=_("The words you comment on"),
        help_text=_("Copy them from the text exactly as they stand. Leave it empty to comment on all of it."),
        limit=PASSAGE_LIMIT,
        rows=2,
        required=False,
    )
    passage_prefix = WordsField(limit=PASSAGE_LIMIT, required=False, widget=forms.HiddenInput)
    passage_suffix = WordsField(limit=PASSAGE_LIMIT, required=False, widget=forms.HiddenInput)
    body = WordsField(
        label=_("Your comment"),
        help_text=_("Markdown works: *emphasis*, **strong**, lists and links."),
        limit=BODY_LIMIT,
        rows=6,
        required=False,
    )
    proposed_text = WordsField(
        label=_("The words you propose"),
        help_text=_("Change the words as they should read. Left as they are, they propose nothing."),
        limit=BODY_LIMIT,
        rows=3,
        required=False,
    )
    # The words with which the field above began: they alone are no proposal.
    proposal_start = WordsField(limit=PASSAGE_LIMIT, required=False, widget=forms.HiddenInput)
    language = LanguageField(label=_("Written in"), choices=language_choices)
    translation_language = LanguageField(
        label=_("Translated into"), choices=_languages_or_none, required=False
    )
    translation_body = WordsField(
        label=_("Your comment in that language"), limit=BODY_LIMIT, rows=4, required=False
    )
    translation_proposed_text = WordsField(
        label=_("Your proposed words in that language"), limit=BODY_LIMIT, rows=2, required=False
    )
    visibility = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        initial=Visibility.NAMED,
    )
    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, institutions: Sequence[Institution], *args: Any, without: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """`without` names the fields that do not apply, such as `visibility` of what was sent already."""
        super().__init__(institutions, *args, **kwargs)
        for name in ("passage", "proposed_text", "translation_proposed_text"):
            self.fields[name].widget.attrs["class"] = "serif"
        for name in ("language", "translation_language"):
            self.fields[name].widget.attrs["class"] = "middle"
        for name in without:
            del self.fields[name]
        for name in ("language", "translation_language"):
            field = self.fields[name]
            assert isinstance(field, LanguageField)
            field.offer(str(self[name].value() or ""))

    def show(self, refusal: Refusal) -> None:
        """Put a refusal's sentences beside their fields; those of a translation have names of their own."""
        for path in [path for path in refusal.errors if path.startswith("translation.")]:
            for sentence in refusal.errors[path]:
                self.add_error(path.replace(".", "_"), str(sentence))
        others = {path: each for path, each in refusal.errors.items() if not path.startswith("translation.")}
        if others or not refusal.errors:
            super().show(Refusal(refusal.code, str(refusal), others))

    def words_fields(self) -> list[forms.BoundField]:
        """The fields to be seen, but those of a translation."""
        return [field for field in self.visible_fields() if field.name not in OF_A_TRANSLATION]

    def translation_fields(self) -> list[forms.BoundField]:
        """The fields of the author's own translation."""
        return [field for field in self.visible_fields() if field.name in OF_A_TRANSLATION]

    def translated(self) -> bool:
        """Whether the fields of a translation stand open: something is in them, or wrong with them."""
        return any(field.value() or field.errors for field in self.translation_fields())

    def begin_proposal(self) -> None:
        """Where words are quoted and none proposed, the proposal begins with them, to be changed in place."""
        given = self.cleaned_data
        exact = given.get("passage", "")
        if exact and not given.get("proposed_text") and "proposal_start" in self.fields:
            self.put(proposed_text=exact, proposal_start=exact)

    def wording(self) -> Wording:
        """The words as the verbs take them."""
        given = self.cleaned_data
        exact = given.get("passage", "")
        passage = {
            "exact": exact,
            "prefix": given.get("passage_prefix", ""),
            "suffix": given.get("passage_suffix", ""),
        }
        return Wording(
            kind=given.get("kind") or Kind.GENERAL,
            body=given.get("body", ""),
            proposed_text=self._proposal(),
            passage=passage if exact else None,
            language=given.get("language", ""),
            translation=self._translation(),
        )

    def _proposal(self) -> str:
        """The proposed words; none where they still are the present ones."""
        given = self.cleaned_data
        proposed: str = given.get("proposed_text", "")
        present = {given.get(name, "").strip() for name in ("passage", "proposal_start")}
        return "" if proposed.strip() in present else proposed

    def _translation(self) -> dict[str, str] | None:
        given = self.cleaned_data
        found = {
            "language": given.get("translation_language", ""),
            "body": given.get("translation_body", ""),
            "proposed_text": given.get("translation_proposed_text", ""),
        }
        return found if found["body"] or found["proposed_text"] else None


def words_of(comment: Comment) -> dict[str, Any]:
    """What a form starts with to go on writing a comment: its draft, else its newest revision."""
    draft = getattr(comment, "draft", None)
    said = draft or comment.latest
    if said is None:
        return {"visibility": comment.visibility, "edition": NOTHING_DRAFTED}
    own = {"visibility": comment.visibility, "edition": draft.edition if draft else NOTHING_DRAFTED}
    return _filled(said) | own


def _filled(said: Words) -> dict[str, Any]:
    passage, translation = said.passage or {}, said.translation or {}
    exact = passage.get("exact", "")
    return {
        "kind": said.kind,
        "body": said.body,
        "proposed_text": said.proposed_text or exact,
        "proposal_start": exact,
        "passage": exact,
        "passage_prefix": passage.get("prefix", ""),
        "passage_suffix": passage.get("suffix", ""),
        "language": as_choice(said.language),
        **{f"translation_{name}": value for name, value in translation.items()},
    }


def as_choice(tag: str) -> str:
    """A language tag as the list of languages writes it: those of the interface in small letters."""
    return tag.lower() if tag.lower() in languages.INTERFACE else tag
