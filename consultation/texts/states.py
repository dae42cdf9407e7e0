"""The whole text as it stood at a moment, and the moments at which it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from consultation.kit.languages import choose
from consultation.texts.models import Arrangement, Consultation, Principle, PrincipleVersion, Translation


@dataclass(frozen=True)
class Moment:
    """When readers began to see another text, and which principles made it so.

    `published` are (principle, version), `withdrawn` principles, all by their numbers; `arranged` says that
    order, headings or preamble changed.
    """

    at: datetime
    published: tuple[tuple[int, int], ...] = ()
    withdrawn: tuple[int, ...] = ()
    arranged: bool = False


@dataclass(frozen=True)
class Part:
    """A principle as it stood: its version with translations, and the heading before it, by language."""

    number: int
    version: PrincipleVersion
    headings: dict[str, str]

    def words(self, language: str) -> Translation:
        """Its text in this language, else the authoritative one."""
        found = {each.language: each for each in self.version.translations.all()}
        authoritative = next(each for each in found.values() if each.authoritative)
        return found[choose(list(found), language, authoritative.language) or authoritative.language]

    @property
    def authoritative(self) -> Translation:
        return next(each for each in self.version.translations.all() if each.authoritative)


@dataclass(frozen=True)
class State:
    """The whole text at one moment: the preamble by language, the principles in their order."""

    at: datetime
    preambles: dict[str, str]
    parts: tuple[Part, ...]

    def languages(self) -> set[str]:
        """All languages in which any of it is there."""
        return {each.language for part in self.parts for each in part.version.translations.all()}


@dataclass(frozen=True)
class History:
    """All that is needed to tell what the text was when; no words yet."""

    consultation: Consultation
    versions: list[PrincipleVersion]
    withdrawn: dict[int, datetime]
    arrangements: list[Arrangement]

    def moments(self) -> list[Moment]:
        """When the public text changed, the newest first."""
        times = {each.published_at for each in self.versions} | set(self.withdrawn.values())
        times |= {each.at for each in self.arrangements}
        return [self._moment(at) for at in sorted(filter(None, times), reverse=True)]

    def _moment(self, at: datetime) -> Moment:
        published = tuple(
            (each.principle.number, each.number) for each in self.versions if each.published_at == at
        )
        withdrawn = tuple(sorted(number for number, when in self.withdrawn.items() if when == at))
        arranged = any(each.at == at for each in self.arrangements[1:])
        return Moment(at, published, withdrawn, arranged)

    def at(self, at: datetime) -> State:
        """The text as it stood at this moment, with its words: two queries for them."""
        current: dict[int, PrincipleVersion] = {}
        for version in self.versions:
            if version.published_at is not None and version.published_at <= at:
                current[version.principle.number] = version
        order, headings, preambles = self._arrangement(at)
        gone = {number for number, when in self.withdrawn.items() if when <= at}
        placed = sorted(
            (number for number in current if number not in gone),
            key=lambda number: (order.index(number) if number in order else len(order), number),
        )
        wanted = _with_words(current[number] for number in placed)
        parts = (Part(number, wanted[current[number].pk], headings.get(number, {})) for number in placed)
        return State(at, preambles, tuple(parts))

    def _arrangement(self, at: datetime) -> tuple[list[int], dict[int, dict[str, str]], dict[str, str]]:
        """What was kept last before; for texts older than what was kept, the first that was."""
        known = [each for each in self.arrangements if each.at <= at] or self.arrangements[:1]
        if not known:
            principles = [each.principle for each in self.versions]
            ordered = sorted({(each.order, each.number) for each in principles})
            headings = {each.number: each.headings for each in principles}
            return [number for _order, number in ordered], headings, self.consultation.preambles
        kept = known[-1]
        return kept.order, {int(number): words for number, words in kept.headings.items()}, kept.preambles


def history(consultation: Consultation) -> History:
    """When what was published, withdrawn and moved: three queries."""
    versions = PrincipleVersion.objects.filter(
        principle__consultation=consultation, published_at__isnull=False
    )
    withdrawn = Principle.objects.filter(consultation=consultation, withdrawn_at__isnull=False)
    return History(
        consultation,
        list(versions.select_related("principle").order_by("published_at", "principle__number", "number")),
        {each.number: each.withdrawn_at for each in withdrawn if each.withdrawn_at},
        list(Arrangement.objects.filter(consultation=consultation).order_by("number")),
    )


def _with_words(versions: Iterable[PrincipleVersion]) -> dict[int, PrincipleVersion]:
    translations = Prefetch("translations", Translation.objects.order_by("-authoritative", "id"))
    keys = [each.pk for each in versions]
    rows = PrincipleVersion.objects.filter(pk__in=keys).prefetch_related(translations)
    return {each.pk: each for each in rows}
