"""The demonstration as written in `texts/demonstration.yaml`, whose head says what each field means."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from consultation.config.places import BASE_DIR

FILE = BASE_DIR / "consultation" / "texts" / "demonstration.yaml"


@dataclass(frozen=True)
class InstitutionPart:
    """One imagined institution, and which of the known accounts speak for it."""

    key: str
    name: str
    country: str
    type: str
    website: str
    domain: str
    names: dict[str, str] = field(default_factory=dict)
    account: str = ""
    contributor: str = ""
    state: str = "verified"

    @property
    def address(self) -> str:
        """Where its signatory signs in."""
        return f"{self.account}@demo.example" if self.account else f"office@{self.domain}"


@dataclass(frozen=True)
class CommentPart:
    """One comment, what moderation made of it, and who agrees or disagrees."""

    key: str
    institution: str
    principle: int | None
    kind: str
    language: str
    body: str
    version: int = 1
    passage: str = ""
    proposed: str = ""
    parent: str = ""
    state: str = "published"
    decision: dict[str, str] = field(default_factory=dict)
    agree: list[str] = field(default_factory=list)
    disagree: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PositionPart:
    """One institution's position on one principle, and on which of its texts."""

    institution: str
    principle: int
    position: str
    statement: str = ""
    language: str = "en"
    version: int = 1
    reaffirmed: bool = False


@dataclass(frozen=True)
class SecondText:
    """The second text of one principle."""

    principle: int
    change: str
    note: dict[str, str]
    translations: dict[str, dict[str, str]]

    @property
    def texts(self) -> dict[str, tuple[str, str]]:
        """Title and body by language."""
        return {code: (text["title"], text["body"]) for code, text in self.translations.items()}


@dataclass(frozen=True)
class Script:
    """Everything that is said and done in the demonstration."""

    consultation: str
    institutions: list[InstitutionPart]
    comments: list[CommentPart]
    positions: list[PositionPart]
    second_text: SecondText


def read(file: Path = FILE) -> Script:
    """The demonstration's script."""
    parts = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Script(
        consultation=parts["consultation"],
        institutions=[InstitutionPart(**each) for each in parts["institutions"]],
        comments=[CommentPart(**each) for each in parts["comments"]],
        positions=[
            _position(institution, principle, given)
            for institution, chosen in parts["endorsements"].items()
            for principle, given in chosen.items()
        ],
        second_text=SecondText(**parts["version2"]),
    )


def _position(institution: str, principle: int, given: str | dict[str, Any]) -> PositionPart:
    fields = {"position": given} if isinstance(given, str) else given
    return PositionPart(institution=institution, principle=principle, **fields)
