"""What needs a person: one thing as the desk shows it, and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from consultation.pages.reading import opening

SOON = 14


@dataclass(frozen=True)
class Need:
    """One thing that needs the person, as `_need.html` shows it; `by` orders, where there is a deadline."""

    title: str
    consequence: str
    act: dict[str, str]
    when: str
    by: datetime | None = None
    left: str = ""
    soon: bool = False
    other: dict[str, str] | None = None


@dataclass(frozen=True)
class Mine:
    """The mandates of a person, and the institutions they are for, by name."""

    person: User
    at: datetime
    institutions: Sequence[Institution] = ()
    signing: frozenset[int] = frozenset()
    powers: dict[int, list[str]] = field(default_factory=dict)
    until: dict[int, date] = field(default_factory=dict)

    def named(self, institution: Institution) -> str:
        """Which institution, where the person acts for several: to be put behind a sentence."""
        if len(self.institutions) < 2 or institution.current is None:
            return ""
        return _("For %(name)s.") % {"name": institution.current.name}


def since(moment: datetime | None) -> str:
    """Since which day something waits."""
    if moment is None:
        return ""
    return _("since %(day)s") % {"day": date_format(localtime(moment), "MONTH_DAY_FORMAT")}


def before(closing: datetime | None, at: datetime) -> dict[str, Any]:
    """The deadline of a need as `Need` takes it; none where the round is over or has no end."""
    if closing is None or closing <= at:
        return {"when": ""}
    return {
        "when": _("by %(day)s") % {"day": date_format(localtime(closing), "MONTH_DAY_FORMAT")},
        "by": closing,
        "left": opening.left(closing, at=at),
        "soon": (closing - at).days < SOON,
    }
