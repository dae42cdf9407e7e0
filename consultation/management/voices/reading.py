"""Reading the sources: conversations of Polis, and the comments of one docket of regulations.gov."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nh3

AGREE, DISAGREE = "1", "-1"
# Of those who voted on a comment and wrote one themselves, the first so many co-sign or disagree.
STANCES_SHOWN = 5

_BREAK = re.compile(r"<(?:br|p|div|/p|/div)\b[^>]*>", re.IGNORECASE)
_TYPES = (
    ("Government", "government"),
    ("Congress", "government"),
    ("Academic", "university"),
    ("Association", "civil_society"),
    ("Consumer", "civil_society"),
    ("Industry", "industry"),
    ("Provider", "industry"),
)


@dataclass(frozen=True)
class Speaker:
    """Who speaks; `key` is the source's own."""

    key: str
    name: str
    country: str
    type: str = "other"


@dataclass(frozen=True)
class Voice:
    """One comment: `accepted` is None where the source's moderators had not decided."""

    key: str
    speaker: Speaker
    words: str
    accepted: bool | None = True
    agree: tuple[Speaker, ...] = ()
    disagree: tuple[Speaker, ...] = ()


@dataclass(frozen=True)
class Source:
    """One conversation: what it asked, where it was had, and everything that was said."""

    slug: str
    title: str
    origin: str
    voices: list[Voice] = field(default_factory=list)


def sources(folder: Path) -> list[Source]:
    """Every source in the data folder, in the order of its files. Raises OSError, KeyError, ValueError."""
    conversations = sorted(each.parent for each in (folder / "polis").glob("*/comments.csv"))
    dockets = sorted((folder / "consultations").glob("*.jsonl"))
    return [*map(_conversation, conversations), *map(_docket, dockets)]


def _conversation(folder: Path) -> Source:
    facts = {row[0]: row[1] for row in _rows(folder / "summary.csv") if len(row) > 1}
    lines = [*_named_rows(folder / "comments.csv")]
    country = "CA" if "canadian" in folder.name else "US"
    speakers = {
        key: Speaker(key, f"Participant {key} of {facts['topic']}", country, "civil_society")
        for key in dict.fromkeys(line["author-id"] for line in lines)
    }
    agree, disagree = _votes(folder / "participants-votes.csv", speakers)
    accepted = {"1": True, "-1": False}
    voices = [
        Voice(
            line["comment-id"],
            speakers[line["author-id"]],
            line["comment-body"],
            accepted.get(line["moderated"]),
            _others(agree, line),
            _others(disagree, line),
        )
        for line in lines
    ]
    return Source(
        slug=f"voices-{re.sub(r'[^a-z0-9]+', '-', folder.name.lower()).strip('-')}",
        title=facts["topic"],
        origin=f"Polis, compdemocracy/openData, CC BY 4.0, {facts['url']}",
        # The file has the newest first.
        voices=sorted(voices, key=lambda voice: int(voice.key)),
    )


def _others(votes: dict[str, list[Speaker]], line: dict[str, str]) -> tuple[Speaker, ...]:
    found = votes.get(line["comment-id"], [])
    return tuple(each for each in found if each.key != line["author-id"])[:STANCES_SHOWN]


def _votes(
    path: Path, speakers: dict[str, Speaker]
) -> tuple[dict[str, list[Speaker]], dict[str, list[Speaker]]]:
    """Who among the speakers agrees and who disagrees, by the comment's key."""
    agree: dict[str, list[Speaker]] = {}
    disagree: dict[str, list[Speaker]] = {}
    for row in _named_rows(path):
        speaker = speakers.get(row["participant"])
        for key, vote in row.items() if speaker else ():
            if speaker and key.isdigit() and vote in (AGREE, DISAGREE):
                (agree if vote == AGREE else disagree).setdefault(key, []).append(speaker)
    return agree, disagree


def _docket(path: Path) -> Source:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    docket = path.stem.upper()
    return Source(
        slug=f"voices-{path.stem.lower()}",
        title=f"Docket {docket}",
        origin=f"regulations.gov, docket {docket}",
        voices=[Voice(line["id"], _sender(line), _plain(line)) for line in lines if not line["withdrawn"]],
    )


def _sender(line: dict[str, Any]) -> Speaker:
    name = " ".join((line["organization"] or "").split())[:250]
    kind = next((kind for word, kind in _TYPES if word in (line["category"] or "")), "other")
    if name:
        return Speaker(name.casefold(), name, "US", kind)
    return Speaker(line["id"], f"Sender of {line['id']}", "US", kind)


def _plain(line: dict[str, Any]) -> str:
    marked = _BREAK.sub("\n", line["comment_html"] or line["comment_text"] or "")
    text = html.unescape(nh3.clean(marked, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(part.strip() for part in text.splitlines())).strip()


def _named_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)
