"""Writes to principles and their drafts that verbs build on: no check, no transaction of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Max

from accounts.models import User
from consultation.kit.refusal import NotFound
from consultation.record.steps import record
from consultation.texts import arranging, drafts, steps
from consultation.texts.drafts import Words
from consultation.texts.models import Change, Consultation, Principle, PrincipleVersion, Translation


def lock_principle(consultation_id: int, number: int) -> Principle:
    """The principle, locked and read again. Raises Refusal `not-found`."""
    rows = Principle.objects.filter(consultation=consultation_id, number=number)
    rows.select_for_update(no_key=True, of=("self",)).first()
    found = rows.select_related("consultation", "current").first()
    if found is None:
        raise NotFound
    return found


def add_principle(
    actor: User | None,
    consultation: Consultation,
    *,
    headings: Mapping[str, str] | None = None,
    number: int | None = None,
) -> Principle:
    """One more principle, last in the order, with a number that no other had. The consultation is locked.

    The number is the next, unless a higher one is given.
    """
    last = Principle.objects.filter(consultation=consultation).aggregate(Max("number"), Max("order"))
    principle = Principle.objects.create(
        consultation=consultation,
        number=number or (last["number__max"] or 0) + 1,
        order=(last["order__max"] or 0) + 1,
        headings=dict(headings or {}),
    )
    record(actor, "principle.added", principle)
    return principle


def write_draft(principle: Principle, language: str, words: Words) -> PrincipleVersion:
    """The draft says this in one language; it is begun where there is none. The principle is locked."""
    draft = drafts.of(principle) or _begin(principle)
    Translation.objects.update_or_create(
        version=draft,
        language=language,
        defaults={
            "title": words[0],
            "body": words[1],
            "authoritative": language == principle.consultation.authoritative,
        },
    )
    return draft


def _begin(principle: Principle) -> PrincipleVersion:
    last = principle.versions.aggregate(last=Max("number"))["last"] or 0
    return PrincipleVersion.objects.create(principle=principle, number=last + 1)


def drop_draft(principle: Principle, languages: Collection[str] | None = None) -> None:
    """These languages (None: all) are in the draft no longer; a draft of nothing is none."""
    draft = drafts.of(principle)
    if draft is None:
        return
    words = Translation.objects.filter(version=draft)
    if languages is not None:
        words.filter(language__in=languages).delete()
    if languages is None or not words.exists():
        draft.delete()


def publish_draft(
    actor: User | None,
    principle: Principle,
    *,
    change: Change,
    notes: Mapping[str, str],
    carried: Collection[str] = (),
    at: datetime,
) -> PrincipleVersion:
    """What is drafted is the current text, with the translations `carried` over."""
    texts = drafts.writing(principle).outcome(carried)
    version = steps.publish_version(actor, principle, texts, change=change, notes=dict(notes), at=at)
    arranging.note(principle.consultation, at=at)
    return version


def add_translations(actor: User | None, principle: Principle) -> PrincipleVersion:
    """The drafted languages that the current version lacks are part of it, on public record."""
    writing = drafts.writing(principle)
    version = principle.current
    assert version is not None
    added = {code: words for code, words in writing.drafted.items() if code not in writing.current}
    drop_draft(principle, list(added))
    Translation.objects.bulk_create(
        Translation(version=version, language=code, title=title, body=body)
        for code, (title, body) in sorted(added.items())
    )
    public = principle.consultation.published_at is not None
    for _language in added:
        record(actor, "translation.added", principle, public=public, revision=version.number)
    return version


def place(actor: User | None, consultation: Consultation, numbers: Sequence[int]) -> None:
    """The principles stand in this order. The consultation is locked."""
    rows = {each.number: each for each in Principle.objects.filter(consultation=consultation)}
    for order, number in enumerate(numbers, start=1):
        rows[number].order = order
    Principle.objects.bulk_update((rows[number] for number in numbers), ["order"])
    record(actor, "principles.reordered", consultation, public=consultation.published_at is not None)


def set_headings(actor: User | None, principle: Principle, headings: Mapping[str, str]) -> None:
    """What stands above this principle and those after it, by language; empty ones go."""
    principle.headings = {code: words for code, words in headings.items() if words}
    principle.save(update_fields=["headings"])
    public = principle.current is not None and principle.consultation.published_at is not None
    record(actor, "principle.heading_changed", principle, public=public)


def withdraw(actor: User | None, principle: Principle, reasons: Mapping[str, str], *, at: datetime) -> None:
    """The principle is no longer part of the text; its number, words and references stay. It is locked."""
    drop_draft(principle)
    principle.withdrawn_at = at
    principle.withdrawal_reasons = dict(reasons)
    principle.save(update_fields=["withdrawn_at", "withdrawal_reasons"])
    record(actor, "principle.withdrawn", principle, public=principle.consultation.published_at is not None)
    arranging.note(principle.consultation, at=at)
