from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.refusal import NotFound, Refusal, Sentence, invalid
from consultation.kit.verb import verb
from consultation.texts import arranging, editing, queries, readiness, rounds, rules, setting_up, steps
from consultation.texts import facts as checks
from consultation.texts.models import Change, Consultation, ConsultationRole
from consultation.texts.rounds import RoundPlan


@verb
def create_consultation(
    actor: User | None,
    *,
    facts: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
    at: datetime,
    slug: str = "",
    first_rounds: Sequence[RoundPlan] = (),
) -> Consultation:
    """There is a consultation that only its secretariat sees: whoever created it.

    `facts` are those of `facts.PLAIN`, the authoritative language and the zone at least; `words` those of
    `facts.WORDS` by language, the title in the authoritative language at least. Without `slug` the address is
    made from that title.

    Refuses: no-role, second-factor-needed, invalid (naming the facts; `title`, `slug`).
    """
    rules.may_create(actor).require()
    plain = _with_its_language(checks.plain(facts))
    said = {code: checks.words(each) for code, each in words.items()}
    title = said.get(plain["authoritative"], {}).get("title", "")
    if not title:
        raise invalid(title=_("Give the title in the authoritative language."))
    address = checks.slug_given(slug) if slug.strip() else checks.slug_from(title, queries.slugs_like(title))
    made = setting_up.create(actor, address, plain, said)
    if actor is not None:
        steps.give_role(actor, made, actor, ConsultationRole.Role.SECRETARIAT)
    for plan in first_rounds:
        asked = rounds.checked(plan)
        rules.fits(made, asked, at=at).require()
        steps.open_round(actor, made, asked)
    return made


def _with_its_language(plain: dict[str, Any]) -> dict[str, Any]:
    if not plain.get("authoritative"):
        raise invalid(authoritative=_("Name the authoritative language."))
    return {**plain, "languages": plain.get("languages") or [plain["authoritative"]]}


def settle_facts(
    actor: User | None, *, consultation_id: int, facts: Mapping[str, Any], seen: str, at: datetime
) -> Consultation:
    """For the verb `standing.actions.change_facts`, which says what follows; the consultation is locked."""
    consultation = locked(actor, consultation_id)
    require_unmoved(checks.plain_of(consultation), seen, checks.plain(facts))
    plain = checks.plain({**checks.plain_of(consultation), **facts})
    rules.may_have_facts(consultation, plain).require()
    setting_up.change(actor, consultation, plain, at=at)
    return consultation


@verb
def change_words(
    actor: User | None,
    *,
    consultation_id: int,
    language: str,
    words: Mapping[str, str],
    seen: str,
    at: datetime,
) -> Consultation:
    """Those of `facts.WORDS` that are given say this in one language; on public record once it is public.

    `seen` is the fingerprint of what they said in this language when the change was begun.
    Refuses: not-found, no-role, second-factor-needed, invalid, changed-meanwhile.
    """
    consultation = locked(actor, consultation_id)
    if language not in consultation.languages:
        raise invalid(language=_("This is none of the consultation’s languages."))
    said = checks.words(words)
    require_unmoved(checks.words_of(consultation, language), seen, said)
    rules.may_have_title(consultation, language, said.get("title")).require()
    values = {checks.WORDS[name][0]: _with(consultation, name, language, text) for name, text in said.items()}
    setting_up.change(actor, consultation, values, at=at)
    arranging.note(consultation, at=at)
    return consultation


def _with(consultation: Consultation, name: str, language: str, text: str) -> dict[str, str]:
    there = getattr(consultation, checks.WORDS[name][0])
    others = {code: words for code, words in there.items() if code != language}
    return {**others, language: text} if text else others


def require_unmoved(present: Mapping[str, Any], seen: str, wanted: Mapping[str, Any]) -> None:
    """Nobody overwrites what they have not seen; what says the same anyway overwrites nothing."""
    if seen == checks.fingerprint(present):
        return
    if all(present[name] == value for name, value in wanted.items()):
        return
    raise Refusal(
        "changed-meanwhile",
        _("Somebody else changed this meanwhile. Compare the two, then keep what is right."),
    )


@verb
def publish_consultation(actor: User | None, *, consultation_id: int, at: datetime) -> Consultation:
    """Everybody can read the consultation, and the first version of each of its principles, from now on.

    Refuses: not-found, no-role, second-factor-needed, already-public, not-ready (naming what is missing).
    """
    consultation = locked(actor, consultation_id)
    rules.may_go_public(consultation).require()
    make_public(actor, consultation, at=at)
    return consultation


def make_public(actor: User | None, consultation: Consultation, *, at: datetime) -> None:
    """What was prepared is public, if nothing is missing; else Refusal `not-ready`. It is locked."""
    lacks = readiness.must_have(readiness.draft(consultation), at=at)
    if lacks:
        missing: list[Sentence] = [lack.sentence for lack in lacks]
        sentence = _("It can’t be published yet. Something is missing.")
        raise Refusal("not-ready", sentence, {"missing": missing})
    for principle, words in queries.texts_to_come(consultation):
        editing.lock_principle(consultation.pk, principle.number)
        steps.publish_version(actor, principle, words, change=Change.SUBSTANTIVE, notes={}, at=at)
    setting_up.publish(actor, consultation, at=at)
    arranging.note(consultation, at=at)


def locked(actor: User | None, consultation_id: int) -> Consultation:
    """The consultation, locked, for its secretariat; before it is public nobody else learns of it."""
    consultation = steps.lock_consultation(consultation_id)
    if actor and not queries.visible_to(actor).filter(pk=consultation.pk).exists():
        raise NotFound
    rules.may_prepare(actor, consultation).require()
    return consultation
