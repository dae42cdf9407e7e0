"""Phrases that stand in one place each: what each is, and who may meet it anywhere on the site."""

from __future__ import annotations

from dataclasses import dataclass, field

# A word that all of them share: whoever looks for it looks for all. What tells them apart is never typed.
COMMON = "quillon"

# `ours` speaks for each institution that planted something, and `other` for another one; `reader` was asked
# for an opinion; `elsewhere` runs another consultation.
OUTSIDERS = ("visitor", "stranger", "other", "elsewhere", "administrator", "registrar", "reader")
PERSONAS = ("ours", "moderator", "observer", "secretariat", *OUTSIDERS)

NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset(PERSONAS)
OWN = frozenset({"ours"})
DECIDERS = frozenset({"moderator", "secretariat"})
MODERATION = DECIDERS | {"observer"}
BOTH = OWN | MODERATION


@dataclass(frozen=True)
class Phrase:
    """What it is ("body, hidden"), who may read it, and what of it is looked for in answers."""

    what: str
    readers: frozenset[str]
    needles: tuple[bytes, ...]


@dataclass
class Garden:
    """All that was planted, by what it is."""

    phrases: dict[str, Phrase] = field(default_factory=dict)

    def plant(self, what: str, readers: frozenset[str]) -> str:
        """A phrase that stands nowhere else, to be put into a text."""
        needle = f"zq{len(self.phrases):04d}w"
        self.add(what, readers, needle)
        return f"{COMMON} {needle}"

    def add(self, what: str, readers: frozenset[str], *needles: str) -> None:
        """Something that is known by other words than a phrase."""
        assert what not in self.phrases
        self.phrases[what] = Phrase(what, readers, tuple(each.encode() for each in needles))

    def met(self, content: bytes) -> list[Phrase]:
        """The phrases that stand in what was answered."""
        return [each for each in self.phrases.values() if any(needle in content for needle in each.needles)]

    def may_read(self, persona: str) -> set[str]:
        """What this kind of person has to meet somewhere."""
        return {each.what for each in self.phrases.values() if persona in each.readers}
