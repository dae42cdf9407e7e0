from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import invalid
from consultation.kit.verb import verb
from consultation.texts import arranging, drafts, editing, facts, merging, queries, rules, setting_up, steps
from consultation.texts.actions.creating import make_public
from consultation.texts.drafts import Words
from consultation.texts.models import Change, Consultation, Principle
from consultation.texts.source import TextSource, moment


@verb
def load_text(
    actor: User | None,
    *,
    source: TextSource,
    at: datetime,
    slug: str | None = None,
    change: Change | None = None,
    demonstration: bool = False,
) -> Consultation:
    """The consultation has this text, published. Principles whose words are the same are left alone.

    One that is still being prepared has it as its draft, and is published only where `change` is given and
    nothing is missing.

    A new consultation is created from the source's facts; its creator becomes its secretariat. For an
    existing one changed words become a new version of the kind `change`; a language that a principle lacked
    comes to its current version; order, headings and what stands before the principles become those of the
    source. Without `change` only principles that are new are published, so that loading the shipped text
    again after the secretariat has moved on changes nothing. Nothing is taken away: principles and languages
    that the source lacks stay, and so do withdrawn principles.

    Refuses: no-role, incomplete-text (nothing in the authoritative language), invalid (words changed and no
    kind of change given), not-ready.
    """
    slug = slug or source.facts["slug"]
    consultation = Consultation.objects.filter(slug=slug).first()
    if consultation is None:
        rules.may_create(actor).require()
        consultation = _created(actor, source, slug, at=at, demonstration=demonstration)
    else:
        consultation = steps.lock_consultation(consultation.pk)
        rules.may_publish(actor, consultation).require()
        rules.has_original(consultation, source.editions).require()
        if consultation.published_at is None:
            _prepared(actor, consultation, source, at=at)
            if change is not None:
                make_public(actor, consultation, at=at)
            return consultation
        _loaded(actor, consultation, source, change, at=at)
    arranging.note(consultation, at=at)
    return consultation


def _created(
    actor: User | None, source: TextSource, slug: str, *, at: datetime, demonstration: bool
) -> Consultation:
    source.facts["slug"] = slug
    consultation = steps.create_consultation(source, at=at, demonstration=demonstration)
    if actor is not None:
        steps.give_role(actor, consultation, actor, "secretariat")
    withdrawn = source.facts.get("withdrawn") or {}
    for order, number in enumerate(source.authoritative.sections, start=1):
        principle = _placed(actor, consultation, source, number, Change.SUBSTANTIVE, order=order, at=at)
        if number in withdrawn:
            told = withdrawn[number]
            editing.withdraw(actor, principle, told.get("reasons") or {}, at=moment(told["at"]))
    setting_up.publish(actor, consultation, at=at)
    return consultation


def _placed(
    actor: User | None,
    consultation: Consultation,
    source: TextSource,
    number: int,
    change: Change,
    *,
    order: int,
    at: datetime,
) -> Principle:
    principle = steps.place_principle(consultation, number, source.headings(number), order=order)
    steps.publish_version(actor, principle, _texts(source, number), change=change, notes={}, at=at)
    return principle


def _texts(source: TextSource, number: int) -> dict[str, Words]:
    return {code: (section.title, section.body) for code, section in source.section(number).items()}


def _loaded(
    actor: User | None,
    consultation: Consultation,
    source: TextSource,
    change: Change | None,
    *,
    at: datetime,
) -> None:
    # Whoever publishes a version locks its principle.
    list(
        consultation.principles.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk")
    )
    existing = {each.number: each for each in drafts.principles(consultation)}
    if change is not None:
        _write_words(actor, consultation, source, at=at)
    for order, number in enumerate(source.authoritative.sections, start=1):
        principle = existing.get(number)
        if principle is None:
            first = change or Change.SUBSTANTIVE
            _placed(actor, consultation, source, number, first, order=order, at=at)
        elif principle.current is None:
            steps.publish_version(
                actor, principle, _texts(source, number), change=change or Change.SUBSTANTIVE, notes={}, at=at
            )
        elif principle.withdrawn_at is None:
            _load_principle(actor, principle, source, change, at=at)
    if change is not None:
        present = list(queries.principles(consultation).values_list("number", flat=True))
        _arrange(actor, consultation, source, present)


def _prepared(actor: User | None, consultation: Consultation, source: TextSource, *, at: datetime) -> None:
    """What the files say is the draft of a text of which nothing is public yet."""
    _write_words(actor, consultation, source, at=at)
    existing = {each.number: each for each in drafts.principles(consultation)}
    for number in source.authoritative.sections:
        above = source.headings(number)
        principle = existing.get(number)
        if principle is None:
            principle = editing.add_principle(actor, consultation, headings=above, number=number)
        merged = merging.headings(principle.headings, above, source.editions)
        if merged != principle.headings:
            editing.set_headings(actor, principle, merged)
        for code, words in _texts(source, number).items():
            editing.write_draft(principle, code, words)
    present = [each.number for each in drafts.principles(consultation)]
    _arrange(actor, consultation, source, present)


def _load_principle(
    actor: User | None, principle: Principle, source: TextSource, change: Change | None, *, at: datetime
) -> None:
    texts = _texts(source, principle.number)
    current = drafts.words_of(principle.current)
    if change is None and not _was_ever(principle, texts):
        sentence = _(
            "The words of a published principle changed. Say whether this is editorial or substantive."
        )
        raise invalid(change=sentence)
    if change is None:
        return
    above = merging.headings(principle.headings, source.headings(principle.number), source.editions)
    if above != principle.headings:
        editing.set_headings(actor, principle, above)
    outcome = merging.outcome(current, texts, principle.consultation.authoritative)
    if outcome == current:
        return
    if current.items() <= outcome.items():
        for code in sorted(set(outcome) - set(current)):
            editing.write_draft(principle, code, outcome[code])
        editing.add_translations(actor, principle)
    else:
        steps.publish_version(actor, principle, outcome, change=change, notes={}, at=at)


def _was_ever(principle: Principle, texts: dict[str, Words]) -> bool:
    """Whether a published version had all of these words; by now there may be others, and more languages."""
    versions = principle.versions.filter(published_at__isnull=False).prefetch_related("translations")
    return any(texts.items() <= drafts.words_of(version).items() for version in versions)


def _write_words(actor: User | None, consultation: Consultation, source: TextSource, *, at: datetime) -> None:
    """What stands before the principles becomes the source's, in its languages."""
    values: dict[str, Any] = {
        field: {**getattr(consultation, field), **source.by_language(name)}
        for name, (field, _limit) in facts.WORDS.items()
    }
    others = {code: words for code, words in consultation.preambles.items() if code not in source.editions}
    values["preambles"] = {**others, **source.preambles()}
    values["languages"] = list(dict.fromkeys([*consultation.languages, *source.languages()]))
    setting_up.change(actor, consultation, values, at=at)


def _arrange(actor: User | None, consultation: Consultation, source: TextSource, present: list[int]) -> None:
    wanted = merging.order(present, list(source.authoritative.sections))
    if wanted != present:
        editing.place(actor, consultation, wanted)
