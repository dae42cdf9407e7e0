"""Identifiers of the Research Organization Registry (ror.org)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# 0, six signs of Crockford's base32, two digits of checksum.
_ROR = re.compile(
    r"(?:(?:https?://)?(?:www\.)?ror\.org/)?(0[a-hjkmnp-tv-z0-9]{6}[0-9]{2})/?", re.ASCII | re.IGNORECASE
)
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def parse(text: str) -> str:
    """Return the nine signs of an identifier that was given as such or as an address, in lower case.

    Raises ValidationError `invalid-ror` if it is none, or if its checksum is wrong.
    """
    found = _ROR.fullmatch(text.strip())
    if found is None or _checksum(found[1].lower()[:-2]) != found[1][-2:]:
        raise ValidationError(
            _("Give the identifier as ror.org shows it, such as https://ror.org/05dxps055."),
            code="invalid-ror",
        )
    return found[1].lower()


def url(identifier: str) -> str:
    """Return the address of an identifier as `parse` gives it; empty for an empty one."""
    return f"https://ror.org/{identifier}" if identifier else ""


def _checksum(signs: str) -> str:
    """ISO/IEC 7064, MOD 97-10, of the number that the signs stand for, as ROR's documentation says."""
    number = 0
    for sign in signs:
        number = number * 32 + _BASE32.index(sign)
    return f"{98 - number * 100 % 97:02}"
