"""Letters that a file made of XML can hold (XML 1.0, 2.2)."""

import re

_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return `text` with what XML has no place for, such as control characters, as U+FFFD."""
    return _UNFIT.sub("\ufffd", text)
