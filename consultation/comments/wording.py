"""What somebody wrote, shaped and checked alike for pages, API and imports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultation.comments.models import Kind, Words
from consultation.kit import canonical, passage
from consultation.kit.languages import canonical_tag
from consultation.kit.refusal import Refusal
from consultation.kit.text import BODY_LIMIT, clean
from consultation.texts.models import Translation

PASSAGE_LIMIT = 2000


@dataclass(frozen=True)
class Wording:
    """The words of a comment. `passage` is a W3C TextQuoteSelector: exact, prefix, suffix."""

    kind: str = Kind.GENERAL
    body: str = ""
    proposed_text: str = ""
    passage: dict[str, str] | None = None
    language: str = ""

    def fields(self) -> dict[str, Any]:
        """The words as columns of a draft or a revision."""
        return asdict(self)


def of(words: Words) -> Wording:
    """The wording kept in a draft or a revision."""
    return Wording(words.kind, words.body, words.proposed_text, words.passage, words.language)


def words_hash(reference: str, number: int, wording: Wording) -> str:
    """SHA-256 (hex) of the RFC 8785 form of `{reference, revision, …}` and the fields of `Wording`."""
    return canonical.digest({"reference": reference, "revision": number, **wording.fields()})


def checked(wording: Wording, translations: Iterable[Translation], *, complete: bool) -> Wording:
    """The same words, cleaned. `translations` are those of the version commented on; none for the whole text.

    `complete` asks for a body, as sending does and saving a draft does not.
    Raises Refusal `invalid` with every field that is wrong.
    """
    errors: dict[str, list[str | Promise]] = {}
    body = _text(wording.body, "body", errors)
    proposed = _text(wording.proposed_text, "proposed_text", errors)
    found = _passage(wording.passage, list(translations), errors)
    if complete and "body" not in errors and not body.strip():
        errors["body"] = [_("Write what you want to say.")]
    if wording.kind not in Kind.values:
        errors["kind"] = [_("Choose general, technical or editorial.")]
    language = canonical_tag(wording.language) or ""
    if not language:
        errors["language"] = [_("Give the language of the comment, such as en or fr.")]
    if errors:
        raise Refusal("invalid", _("Please correct what is marked."), errors)
    return Wording(str(wording.kind), body, proposed, found, language)


def _text(value: str, name: str, errors: dict[str, list[str | Promise]]) -> str:
    try:
        text = clean(value)
    except ValueError as error:
        errors[name] = [str(error)]
        return ""
    if len(text) > BODY_LIMIT:
        errors[name] = [_("This is longer than 20,000 characters. Shorten it, or send it as two comments.")]
    return text


def _passage(
    given: dict[str, str] | None, translations: list[Translation], errors: dict[str, list[str | Promise]]
) -> dict[str, str] | None:
    if not given or not given.get("exact", "").strip():
        return None
    try:
        parts = {name: clean(str(given.get(name) or "")) for name in ("exact", "prefix", "suffix")}
    except ValueError as error:
        errors["passage.exact"] = [str(error)]
        return None
    for name, part in parts.items():
        if len(part) > PASSAGE_LIMIT:
            errors[f"passage.{name}"] = [_("This passage is too long. Choose fewer words.")]
    if errors.keys() & {"passage.exact", "passage.prefix", "passage.suffix"}:
        return None
    for translation in translations:
        if passage.find(translation.body, parts["exact"], parts["prefix"], parts["suffix"]) is not None:
            return parts
    errors["passage.exact"] = [_("These words are not in the text. Copy them exactly as they stand there.")]
    return None
