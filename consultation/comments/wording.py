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
from consultation.kit.text import BODY_LIMIT, clean, is_blank
from consultation.texts.models import Translation

PASSAGE_LIMIT = 2000
TRANSLATED = ("body", "proposed_text")


@dataclass(frozen=True)
class Wording:
    """The words of a comment. `passage` is a W3C TextQuoteSelector: exact, prefix, suffix.

    `translation` is the author's courtesy translation: language, body, proposed_text. `language_detected`
    says that nobody stated the language.
    """

    kind: str = Kind.GENERAL
    body: str = ""
    proposed_text: str = ""
    passage: dict[str, str] | None = None
    language: str = ""
    language_detected: bool = False
    translation: dict[str, str] | None = None

    def fields(self) -> dict[str, Any]:
        """The words as columns of a draft or a revision."""
        return asdict(self)


def of(words: Words) -> Wording:
    """The wording kept in a draft or a revision."""
    return Wording(
        words.kind,
        words.body,
        words.proposed_text,
        words.passage,
        words.language,
        words.language_detected,
        words.translation,
    )


def words_hash(reference: str, number: int, wording: Wording) -> str:
    """SHA-256 (hex) of the RFC 8785 form of what `hashed` says."""
    return canonical.digest(hashed(reference, number, wording))


def hashed(reference: str, number: int, wording: Wording) -> dict[str, Any]:
    """What a receipt vouches for: reference, revision and the words; a translation only where there is one.

    How the language came to be known is no word of the author's.
    """
    words = wording.fields()
    del words["language_detected"]
    if words["translation"] is None:
        del words["translation"]
    return {"reference": reference, "revision": number, **words}


def differs(before: Words, after: Words) -> bool:
    """Whether the words say something else, beyond their white space: a change in substance."""
    return [" ".join(each.split()) for each in _said(before)] != [
        " ".join(each.split()) for each in _said(after)
    ]


def _said(words: Words) -> list[str]:
    translation = words.translation or {}
    return [
        words.body,
        words.proposed_text,
        (words.passage or {}).get("exact", ""),
        *(translation.get(name, "") for name in TRANSLATED),
    ]


def checked(wording: Wording, translations: Iterable[Translation], *, complete: bool) -> Wording:
    """The same words, cleaned. `translations` are those of the version commented on; none for the whole text.

    `complete` asks for a body, as sending does and saving a draft does not.
    Raises Refusal `invalid` with every field that is wrong.
    """
    errors: dict[str, list[str | Promise]] = {}
    body = _text(wording.body, "body", errors)
    proposed = _text(wording.proposed_text, "proposed_text", errors)
    found = _passage(wording.passage, list(translations), errors)
    if complete and "body" not in errors and is_blank(body):
        errors["body"] = [_("Write what you want to say.")]
    if wording.kind not in Kind.values:
        errors["kind"] = [_("Choose general, technical or editorial.")]
    language = canonical_tag(wording.language) or ""
    if not language:
        errors["language"] = [_("Give the language of the comment, such as en or fr.")]
    translation = _translation(wording.translation, language, errors)
    if errors:
        raise Refusal("invalid", _("Please correct what is marked."), errors)
    return Wording(str(wording.kind), body, proposed, found, language, wording.language_detected, translation)


def _translation(
    given: dict[str, str] | None, language: str, errors: dict[str, list[str | Promise]]
) -> dict[str, str] | None:
    parts = {name: str((given or {}).get(name) or "") for name in TRANSLATED}
    if not any(part.strip() for part in parts.values()):
        return None
    texts = {name: _text(part, f"translation.{name}", errors) for name, part in parts.items()}
    into = canonical_tag(str((given or {}).get("language") or "")) or ""
    if not into:
        errors["translation.language"] = [_("Give the language of the translation, such as en or fr.")]
    elif into == language:
        errors["translation.language"] = [_("The comment is in this language already.")]
    if "translation.body" not in errors and is_blank(texts["body"]):
        errors["translation.body"] = [_("Translate what you say, too.")]
    return {"language": into, **texts}


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
