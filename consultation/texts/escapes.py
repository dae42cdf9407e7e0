"""How words are written into the files of a text, so that none of them is taken for a mark of the format."""

from __future__ import annotations

import re

# What begins a line that is no words: `# A heading`, `## 3. A title`.
MARK = r"# +(?P<heading>.+)$|## +(?P<number>\d+)\. +(?P<title>.+)$"
_LOOKS_LIKE_A_MARK = r"\\*(?:# +.|## +\d+\. +.)|\\+$"
_TO_PROTECT = re.compile(rf"^(?={_LOOKS_LIKE_A_MARK})", re.MULTILINE)
_PROTECTED = re.compile(rf"^\\(?={_LOOKS_LIKE_A_MARK})", re.MULTILINE)
_IN_A_LINE = re.compile(r"\\(\\|n|(?=\s)|$)")
# A line that holds nothing else stands where the white space around a body counts.
_EDGE = "\\"


def protected(body: str) -> str:
    """Return a body as it stands in a file: a line that looks like a mark has a backslash before it.

    So has a line of backslashes. White space at the edges is kept between two lines of one backslash.
    """
    written = _TO_PROTECT.sub(r"\\", body)
    return written if body == body.strip() else f"{_EDGE}\n{written}\n{_EDGE}"


def plain(written: str) -> str:
    """Return the body that `protected` wrote, or somebody by hand; white space around it is no part of it."""
    body = written.strip()
    if len(body) > 3 and body.startswith(f"{_EDGE}\n") and body.endswith(f"\n{_EDGE}"):
        body = body[2:-2]
    return _PROTECTED.sub("", body)


def protected_line(words: str) -> str:
    """Return a title or heading as it stands in a file: in one line, its edges kept by backslashes."""
    written = words.replace("\\", "\\\\").replace("\n", "\\n")
    before = "\\" if written[:1].isspace() else ""
    after = "\\" if not written or written[-1].isspace() else ""
    return before + written + after


def plain_line(written: str) -> str:
    """Return the title or heading that `protected_line` wrote. Other backslashes stay as they are."""
    return _IN_A_LINE.sub(lambda found: {"n": "\n", "\\": "\\"}.get(found[1], ""), written.rstrip())
