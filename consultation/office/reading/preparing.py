"""A consultation that is being prepared: what is missing, what is fixed, its policy, how it will look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts.models import SiteRole, User
from consultation.kit import languages
from consultation.pages.reading import edition, zones
from consultation.pages.reading.facts import in_words
from consultation.standing import policies
from consultation.texts import facts, policy, readiness
from consultation.texts import queries as texts
from consultation.texts.models import (
    Consultation,
    ConsultationRole,
    PolicyClause,
    Principle,
    Translation,
)
from consultation.texts.readiness import Lack, Place
from consultation.web.tongues import tongues

PLACES = {
    Place.FACTS: "office:secretariat_facts",
    Place.WORDS: "office:secretariat_facts",
    Place.POLICY: "office:secretariat_policy",
    Place.ROUNDS: "office:rounds",
    Place.PRINCIPLES: "office:principles",
    Place.ROLES: "office:secretariat_roles",
}

MENDING = {
    Place.FACTS: gettext_lazy("Change the facts"),
    Place.WORDS: gettext_lazy("Write it"),
    Place.POLICY: gettext_lazy("Write the policy"),
    Place.ROUNDS: gettext_lazy("Set the rounds"),
    Place.PRINCIPLES: gettext_lazy("Write the principles"),
    Place.ROLES: gettext_lazy("Give and take roles"),
}


def of_slug(person: User, slug: str) -> Consultation | None:
    """The consultation, for its secretariat only."""
    mine = texts.consultations_with_role(person, ConsultationRole.Role.SECRETARIAT)
    return mine.filter(slug=slug).prefetch_related("rounds").first()


def may_create(person: User) -> bool:
    """Whether the page that creates one is for this person."""
    return accounts.has_site_role(person, SiteRole.Role.REGISTRAR)


@dataclass(frozen=True)
class Checklist:
    """What keeps a consultation from being published, and what else should be seen to."""

    obligatory: list[dict[str, str]]
    advisable: list[dict[str, str]]

    @property
    def ready(self) -> bool:
        return not self.obligatory


def checklist(consultation: Consultation, *, at: datetime) -> Checklist:
    """Each thing that is missing as a sentence, with the page that mends it."""
    lacks = readiness.lacking(readiness.draft(consultation), at=at)
    items = [(lack.obligatory, _item(consultation, lack)) for lack in lacks]
    return Checklist([item for must, item in items if must], [item for must, item in items if not must])


def _item(consultation: Consultation, lack: Lack) -> dict[str, str]:
    url = reverse(PLACES[lack.place], args=[consultation.slug])
    if lack.principle is not None:
        url = reverse("office:principle", args=[consultation.slug, lack.principle])
    if lack.language:
        url += f"?language={lack.language}"
    return {"sentence": str(lack.sentence), "url": url, "label": str(MENDING[lack.place])}


def fixed(consultation: Consultation) -> list[str]:
    """The facts that stay as they are, for which there is no field."""
    if consultation.published_at is not None:
        return list(facts.FIXED_ONCE_PUBLIC)
    return ["authoritative"] if texts.has_principles(consultation) else []


def switch(consultation: Consultation, given: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """What the policy that was chosen does to what waits, before it is done."""
    after = given.get("trusted_after") or consultation.trusted_after
    found = policies.effects(consultation, given["policy"], trusted_after=after, at=at)
    return {"policy": given["policy"], "effects": found}


def about(consultation: Consultation) -> list[tuple[str, SafeString | str]]:
    """The facts in words, for the desk and beside the form."""
    reader = get_language() or "en"
    return [
        (_("Authoritative language"), languages.name(consultation.authoritative, reader)),
        (_("Languages"), ", ".join(languages.name(code, reader) for code in consultation.languages)),
        (_("Time zone"), f"{consultation.zone}, {zones.name(consultation.zone, reader)}"),
        (_("Moderation policy"), str(consultation.get_policy_display())),
        (_("Licence of contributions"), format_html('<bdi dir="ltr">{}</bdi>', consultation.licence)),
    ]


def stays(consultation: Consultation) -> list[tuple[str, SafeString | str]]:
    """Those of the facts that stay as they are once it is public."""
    kept = {str(facts.LABELS[name]) for name in facts.FIXED_ONCE_PUBLIC}
    return [(label, words) for label, words in about(consultation) if label in kept]


def editions(consultation: Consultation, current: str = "") -> list[dict[str, Any]]:
    """A line for each language: which of the words are there."""
    address, reader = reverse("office:secretariat_facts", args=[consultation.slug]), get_language() or "en"
    rows = []
    for code in consultation.languages:
        said = facts.words_of(consultation, code)
        rows.append(
            {
                "name": languages.name(code, reader),
                "lang": languages.html_lang(code),
                "title": said["title"],
                "missing": ", ".join(
                    str(facts.LABELS[facts.WORDS[name][0]]) for name, text in said.items() if not text
                ),
                "url": f"{address}?language={code}",
                "current": code == current,
            }
        )
    return rows


def others_words(present: Mapping[str, Any], typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """What somebody else wrote meanwhile, wherever it is not what was typed."""
    rows = []
    for name, value in present.items():
        if name in typed and typed[name] != value:
            field = facts.WORDS[name][0] if name in facts.WORDS else name
            rows.append({"label": str(facts.LABELS[field]), "words": in_words(name, value)})
    return rows


def clauses(consultation: Consultation) -> list[dict[str, Any]]:
    """The policy as the secretariat sees it, withdrawn clauses last."""
    rows = [_clause(consultation, each) for each in consultation.clauses.all()]
    return sorted(rows, key=lambda row: row["withdrawn_at"] is not None)


def _clause(consultation: Consultation, clause: PolicyClause) -> dict[str, Any]:
    shown = languages.choose(list(clause.texts), get_language() or "en", consultation.authoritative) or "und"
    return {
        "number": clause.number,
        "title": clause.titles.get(shown, ""),
        "text": clause.texts.get(shown, ""),
        "lang": languages.html_lang(shown),
        "dir": languages.direction(shown),
        "withdrawn_at": clause.withdrawn_at,
        "missing": _missing(consultation, clause),
    }


def _missing(consultation: Consultation, clause: PolicyClause) -> str:
    reader = get_language() or "en"
    codes = [code for code in consultation.languages if not clause.texts.get(code)]
    return ", ".join(languages.name(code, reader) for code in codes)


def clause(consultation: Consultation, number: str) -> PolicyClause | None:
    """One clause that is in force."""
    return texts.clauses_in_force(consultation).filter(number=number).first()


def offers_usual_clauses(consultation: Consultation) -> bool:
    """Whether there are usual clauses to begin with."""
    return not consultation.clauses.exists() and bool(policy.usual(consultation))


def preview(consultation: Consultation, asked: str) -> dict[str, Any]:
    """The whole text as readers would see it in this language, with the texts that are drafts still."""
    chosen = languages.choose(consultation.languages, asked, consultation.authoritative) or asked
    rows = [
        _as_read(consultation, principle, words, chosen)
        for principle, words in texts.newest_words(consultation, chosen)
    ]
    return {
        "title": consultation.title(chosen),
        "lead": consultation.in_language(consultation.leads, chosen),
        "note": consultation.in_language(consultation.notes, chosen),
        "preamble": consultation.in_language(consultation.preambles, chosen),
        "text_language": languages.html_lang(chosen),
        "tongues": tongues(consultation.languages, chosen, ""),
        "principles": rows,
    }


def _as_read(
    consultation: Consultation, principle: Principle, words: Translation, language: str
) -> dict[str, Any]:
    return {
        "number": principle.number,
        "heading": consultation.in_language(principle.headings, language),
        "words": words,
        "edition": edition.plain(principle, words),
    }


def of_key(person: User, key: int) -> Consultation:
    """One of the person's own consultations by its key."""
    return texts.consultations_with_role(person, ConsultationRole.Role.SECRETARIAT).get(pk=key)


def clause_in_words(said: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """The words of a clause, a line for each language."""
    reader = get_language() or "en"
    return [
        {"label": languages.name(code, reader), "lang": languages.html_lang(code), **words}
        for code, words in said.items()
    ]


def others_clause(present: PolicyClause, typed: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """What somebody else wrote into a clause meanwhile, in the languages in which it is something else."""
    said = {code: words for code, words in policy.words_of(present).items() if typed.get(code) != words}
    return clause_in_words(said)


def becomes_public(consultation: Consultation, *, at: datetime) -> dict[str, Any]:
    """What everybody sees once it is published."""
    drafted = texts.languages_there(consultation)
    rounds = sorted(consultation.rounds.all(), key=lambda each: each.opens_at)
    return {
        "principles": len(drafted),
        "clauses": texts.clauses_in_force(consultation).count(),
        "facts": about(consultation),
        "address": f"/consultations/{consultation.slug}/",
        "opens_at_once": any(each.runs(at=at) for each in rounds),
        "next": next((each for each in rounds if each.opens_at > at), None),
        "place": zones.place(consultation.zone, get_language() or "en"),
    }
