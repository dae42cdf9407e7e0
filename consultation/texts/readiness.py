"""What a consultation still lacks before everybody can read it: what it must have, and what it should."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultation.kit import languages
from consultation.kit.refusal import Sentence
from consultation.texts import queries
from consultation.texts.models import Consultation, PolicyClause, Principle, Round


class Place(StrEnum):
    """Where a lack is mended."""

    FACTS = "facts"
    WORDS = "words"
    POLICY = "policy"
    ROUNDS = "rounds"
    PRINCIPLES = "principles"
    ROLES = "roles"


@dataclass(frozen=True)
class Lack:
    """One thing that is missing; without an `obligatory` one nothing is published."""

    place: Place
    sentence: Sentence
    obligatory: bool = True
    language: str = ""
    principle: int | None = None


@dataclass(frozen=True)
class Draft:
    """All that is looked at: the principles with the languages in which their next text has words."""

    consultation: Consultation
    rounds: Sequence[Round]
    clauses: Sequence[PolicyClause]
    principles: Sequence[tuple[Principle, Collection[str]]]
    deciders: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def named(self, codes: Collection[str]) -> str:
        """Languages by their names, in the order of the consultation."""
        ordered = [code for code in self.consultation.languages if code in codes]
        return ", ".join(self.names.get(code, code) for code in ordered)


def lacking(draft: Draft, *, at: datetime) -> list[Lack]:
    """Everything that is missing, the obligatory first."""
    found = [
        *_titles(draft),
        *_principles(draft),
        *_clauses(draft),
        *_rounds(draft, at=at),
        *_advisable(draft),
    ]
    return sorted(found, key=lambda lack: not lack.obligatory)


def must_have(draft: Draft, *, at: datetime) -> list[Lack]:
    """Only what keeps it from being published."""
    return [lack for lack in lacking(draft, at=at) if lack.obligatory]


def _titles(draft: Draft) -> list[Lack]:
    there = draft.consultation.titles
    return [
        Lack(
            Place.WORDS,
            _("It has no title in %(language)s.") % {"language": draft.names.get(code, code)},
            language=code,
        )
        for code in draft.consultation.languages
        if not there.get(code)
    ]


def _principles(draft: Draft) -> list[Lack]:
    if not draft.principles:
        return [Lack(Place.PRINCIPLES, _("There is no principle yet."))]
    return [lack for principle, there in draft.principles for lack in _texts(draft, principle, there)]


def _texts(draft: Draft, principle: Principle, there: Collection[str]) -> list[Lack]:
    main = draft.consultation.authoritative
    if main not in there:
        sentence = _("Principle %(number)d has no text in %(language)s, the authoritative language.")
        facts = {"number": principle.number, "language": draft.names.get(main, main)}
        return [Lack(Place.PRINCIPLES, sentence % facts, principle=principle.number)]
    missing = [code for code in draft.consultation.languages if code not in there]
    if not missing:
        return []
    sentence = _(
        "Principle %(number)d is not there in: %(languages)s. Its readers get the authoritative text."
    )
    facts = {"number": principle.number, "languages": draft.named(missing)}
    return [Lack(Place.PRINCIPLES, sentence % facts, obligatory=False, principle=principle.number)]


def _clauses(draft: Draft) -> list[Lack]:
    main = draft.consultation.authoritative
    in_force = [each for each in draft.clauses if each.withdrawn_at is None]
    if not in_force:
        return [Lack(Place.POLICY, _("The moderation policy has no clause. Each decision names one."))]
    lacks = [
        Lack(
            Place.POLICY,
            _("Clause %(number)s has no words in %(language)s, the authoritative language.")
            % {"number": each.number, "language": draft.names.get(main, main)},
        )
        for each in in_force
        if not (each.titles.get(main) and each.texts.get(main))
    ]
    others = [code for code in draft.consultation.languages if code != main]
    missing = [code for code in others if any(not each.texts.get(code) for each in in_force)]
    if missing:
        sentence = _("Clauses of the policy are not there in: %(languages)s.")
        lacks.append(Lack(Place.POLICY, sentence % {"languages": draft.named(missing)}, obligatory=False))
    return lacks


def _rounds(draft: Draft, *, at: datetime) -> list[Lack]:
    to_come = [each for each in draft.rounds if each.closes_at is None or each.closes_at > at]
    if not any(each.opens_comment for each in to_come):
        return [Lack(Place.ROUNDS, _("No round opens comments, now or later."))]
    if not any(each.opens_endorse for each in to_come):
        return [Lack(Place.ROUNDS, _("No round opens endorsing. One can be added later."), obligatory=False)]
    return []


def _advisable(draft: Draft) -> list[Lack]:
    found, consultation = [], draft.consultation
    if consultation.zone == "UTC":
        sentence = _(
            "Its time zone is UTC. Closing times are announced in it, and it stays once it is public."
        )
        found.append(Lack(Place.FACTS, sentence, obligatory=False))
    for name, sentence in (
        ("leads", _("It has no lead, the two sentences under its title, in: %(languages)s.")),
        ("notes", _("It has no note that says whose wording the text is, in: %(languages)s.")),
    ):
        missing = [code for code in consultation.languages if not getattr(consultation, name).get(code)]
        if missing:
            words = sentence % {"languages": draft.named(missing)}
            found.append(Lack(Place.WORDS, words, obligatory=False, language=missing[0]))
    if draft.deciders < 2:
        sentence = ngettext(
            "%(number)d person can decide on contributions. Appeals are decided by somebody else.",
            "%(number)d people can decide on contributions. Appeals are decided by somebody else.",
            draft.deciders,
        ) % {"number": draft.deciders}
        found.append(Lack(Place.ROLES, sentence, obligatory=False))
    return found


def draft(consultation: Consultation) -> Draft:
    """All that is looked at of one consultation: six queries. Languages have their names for the page."""
    reader = get_language() or "en"
    return Draft(
        consultation,
        list(queries.rounds(consultation)),
        list(consultation.clauses.all()),
        queries.languages_there(consultation),
        queries.deciders(consultation),
        {code: languages.name(code, reader) for code in consultation.languages},
    )
