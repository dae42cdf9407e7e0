from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import Refusal, Sentence, invalid
from consultation.kit.text import TITLE_LIMIT, clean, too_long
from consultation.kit.verb import verb
from consultation.record.steps import record
from consultation.texts import arranging, drafts, editing, rules, steps
from consultation.texts.drafts import Words
from consultation.texts.models import Consultation, Principle, PrincipleVersion

BODY_LIMIT = 100_000  # code points


@verb
def add_principle(
    actor: User | None,
    *,
    consultation_id: int,
    title: str = "",
    body: str = "",
    headings: Mapping[str, str] | None = None,
    at: datetime,
) -> Principle:
    """One more principle, last in the order, whose text in the authoritative language is a draft.

    Refuses: not-found, no-role, invalid (title, body, headings.LANGUAGE).
    """
    consultation = steps.lock_consultation(consultation_id)
    rules.may_publish(actor, consultation).require()
    kept = _headings(consultation, headings or {})
    words = _fit(title, body)
    principle = editing.add_principle(actor, consultation, headings=kept)
    if any(words):
        editing.write_draft(principle, consultation.authoritative, words)
    return principle


@verb
def draft_text(
    actor: User | None,
    *,
    consultation_id: int,
    number: int,
    language: str,
    title: str,
    body: str,
    base: str,
    at: datetime,
) -> Principle:
    """The principle's next text says this in one language, for the secretariat alone.

    `base` is the token of the words the actor began from (`drafts.token`): where others stand there by now,
    nothing is written.
    Refuses: not-found, no-role, principle-withdrawn, draft-moved-on, invalid (language, title, body).
    """
    principle = _lock(actor, consultation_id, number)
    if language not in principle.consultation.languages:
        raise invalid(language=_("This consultation has no text in that language."))
    words = _fit(title, body)
    standing = drafts.writing(principle).standing(language)
    if words == standing:
        return principle
    if drafts.token(standing) != base:
        raise moved_on()
    editing.write_draft(principle, language, words)
    return principle


@verb
def confirm_translation(
    actor: User | None, *, consultation_id: int, number: int, language: str, base: str, at: datetime
) -> Principle:
    """The present text in this language goes into the next version as it is.

    Refuses: not-found, no-role, principle-withdrawn, draft-moved-on, invalid (language).
    """
    principle = _lock(actor, consultation_id, number)
    writing = drafts.writing(principle)
    if language not in writing.current:
        raise invalid(language=_("This consultation has no text in that language."))
    if drafts.token(writing.standing(language)) != base:
        raise moved_on()
    editing.write_draft(principle, language, writing.current[language])
    return principle


@verb
def discard_draft(
    actor: User | None, *, consultation_id: int, number: int, language: str, base: str, at: datetime
) -> Principle:
    """What was drafted in this language is gone; the published text stays as it is.

    Refuses: not-found, no-role, principle-withdrawn, draft-moved-on.
    """
    principle = _lock(actor, consultation_id, number)
    if drafts.token(drafts.writing(principle).standing(language)) != base:
        raise moved_on()
    editing.drop_draft(principle, [language])
    return principle


@verb
def remove_principle(actor: User | None, *, consultation_id: int, number: int, at: datetime) -> None:
    """The principle, of which nothing was ever public, is gone with its draft.

    Refuses: not-found, no-role, was-public.
    """
    steps.lock_consultation(consultation_id)
    principle = _lock(actor, consultation_id, number)
    if principle.current_id is not None:
        raise Refusal(
            "was-public", _("This principle was published. It can be withdrawn; it stays on record.")
        )
    record(actor, "principle.removed", principle)
    principle.delete()


@verb
def add_translations(
    actor: User | None, *, consultation_id: int, number: int, base: str, at: datetime
) -> PrincipleVersion:
    """The drafted languages that the current text lacks are published with it, on public record.

    What was endorsed stays as it was: no word of the current version changes, least the authoritative ones.
    Refuses: not-found, no-role, principle-withdrawn, draft-moved-on, not-a-translation, incomplete-text.
    """
    principle = _lock(actor, consultation_id, number)
    rules.has_been_published(principle.consultation).require()
    writing = drafts.writing(principle)
    if writing.token != base:
        raise moved_on()
    if not writing.adds_languages_only:
        raise Refusal("not-a-translation", _("The draft changes the current text. Publish a new version."))
    rules.is_complete(writing.drafted).require()
    return editing.add_translations(actor, principle)


@verb
def reorder_principles(
    actor: User | None, *, consultation_id: int, numbers: Sequence[int], base: Sequence[int], at: datetime
) -> Consultation:
    """The principles stand in this order from now on; their numbers stay. `base` is the order changed.

    Refuses: not-found, no-role, order-moved-on, invalid (numbers).
    """
    consultation = steps.lock_consultation(consultation_id)
    rules.may_publish(actor, consultation).require()
    rows = Principle.objects.filter(consultation=consultation, withdrawn_at=None)
    present = list(rows.order_by("order", "number").values_list("number", flat=True))
    if list(base) != present:
        raise Refusal("order-moved-on", _("Somebody else changed the principles meanwhile. Look again."))
    if sorted(numbers) != sorted(present):
        raise invalid(numbers=_("Name each principle once."))
    if list(numbers) != present:
        editing.place(actor, consultation, numbers)
        arranging.note(consultation, at=at)
    return consultation


@verb
def set_headings(
    actor: User | None, *, consultation_id: int, number: int, headings: Mapping[str, str], at: datetime
) -> Principle:
    """This stands above the principle, in the languages named, at once; an empty one goes.

    Refuses: not-found, no-role, principle-withdrawn, invalid (headings.LANGUAGE).
    """
    principle = _lock(actor, consultation_id, number)
    wanted = {**principle.headings, **_headings(principle.consultation, headings)}
    if {code: words for code, words in wanted.items() if words} != principle.headings:
        editing.set_headings(actor, principle, wanted)
        arranging.note(principle.consultation, at=at)
    return principle


def _lock(actor: User | None, consultation_id: int, number: int) -> Principle:
    principle = editing.lock_principle(consultation_id, number)
    rules.may_edit(actor, principle).require()
    return principle


def moved_on() -> Refusal:
    """Somebody else was faster; nothing was written."""
    return Refusal("draft-moved-on", _("Somebody else changed this text meanwhile. Nothing was overwritten."))


def _fit(title: str, body: str) -> Words:
    errors: dict[str, Sentence] = {}
    fitted = {}
    for name, text, limit in (("title", title, TITLE_LIMIT), ("body", body, BODY_LIMIT)):
        try:
            fitted[name] = clean(text).strip()
        except ValueError as error:
            errors[name] = str(error)
            continue
        if sentence := too_long(fitted[name], limit):
            errors[name] = sentence
    if "\n" in fitted.get("title", ""):
        errors["title"] = _("A title is one line.")
    if errors:
        raise invalid(**errors)
    return fitted["title"], fitted["body"]


def _headings(consultation: Consultation, given: Mapping[str, str]) -> dict[str, str]:
    fitted = {}
    for language, words in given.items():
        if language not in consultation.languages:
            raise invalid(language=_("This consultation has no text in that language."))
        try:
            fitted[language] = _fit(words, "")[0]
        except Refusal as refusal:
            raise invalid(**{f"headings__{language}": refusal.errors["title"][0]}) from refusal
    return fitted
