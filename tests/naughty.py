"""Lines that break what is not careful: a few of our own, and those of the data folder where there is one."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

ROOM = 19_000  # code points of one text
FOLDER = Path(os.environ.get("ACCORD_DATA", "")) / "naughty"
HAS_DATA = "ACCORD_DATA" in os.environ and FOLDER.is_dir()

# What no database and no file can hold: refused, by field.
UNFIT = ("a\x00b", "a\ud800b", "\udfff")
OWN = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "{{ 7|add:7 }}{% debug %}",
    "' OR 1=1; DROP TABLE consultation_comment; --",
    "\u202eAccept all of it\u202d \u2066left open",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1f3\U0001f1f4 \ufeff\u200b\u00ad",
    "\u0637\u064a\u0628 \u05e9\u05dc\u05d5\u05dd abc 123",
    "%00%0d%0aSet-Cookie: a=b",
    "../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "\ufffe\uffff\U0010ffff",
    "\u2028\u2029\u0085\x0b\x0c\x1b[31m\x7f",
    " ",
    "null",
    "-1",
    "1e999",
    "a" * 3000,
)


@cache
def lines() -> tuple[str, ...]:
    """Every line there is, ours and the data folder's, none twice and none empty."""
    if not HAS_DATA:
        return OWN
    found = json.loads((FOLDER / "blns.json").read_text(encoding="utf-8"))
    for name in ("xss-payload-list.txt", "csv-injection-payloadbox.txt"):
        # Not splitlines: what else ends a line for Python is a part of these lines.
        found += (FOLDER / name).read_text(encoding="utf-8").split("\n")
    return tuple(dict.fromkeys(line for line in (*OWN, *found) if line))


def some(most: int) -> tuple[str, ...]:
    """Ours, and of the others so many from everywhere, always the same."""
    others = lines()[len(OWN) :]
    return (*OWN, *others[:: max(1, len(others) // most)])


def kept(line: str) -> str:
    """The line as it is kept: code point for code point, but for line ends."""
    return line.replace("\r\n", "\n").replace("\r", "\n")


def chunks(lines: tuple[str, ...]) -> list[str]:
    """The lines as texts that a comment has room for, each line a paragraph."""
    bodies: list[str] = [""]
    for line in lines:
        if len(bodies[-1]) + len(line) > ROOM:
            bodies.append("")
        bodies[-1] += f"{line}\n\n"
    return bodies
