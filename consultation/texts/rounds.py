"""What a round is to be: its times, the acts it opens, its purpose; checked before it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consultation.kit.refusal import invalid
from consultation.kit.text import TITLE_LIMIT, UnfitText, clean, too_long
from consultation.texts.models import Act, Round


@dataclass(frozen=True)
class RoundPlan:
    """A round as it is asked for. Times are aware; `closes_at` None is a round for endorsing without end."""

    opens_at: datetime
    closes_at: datetime | None
    acts: Collection[str]
    purposes: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """The columns of `Round`."""
        opened = {f"opens_{act.value}": act.value in self.acts for act in Act}
        times = {"opens_at": self.opens_at, "closes_at": self.closes_at}
        return {**times, **opened, "purposes": dict(self.purposes)}

    def differs_in_words_only(self, round_: Round) -> bool:
        """Whether times and acts are those the round has."""
        return replace(self, purposes={}) == replace(of(round_), purposes={})

    def overlaps(self, other: Round) -> list[Act]:
        """The acts that both open at one time."""
        apart = (other.closes_at is not None and other.closes_at <= self.opens_at) or (
            self.closes_at is not None and self.closes_at <= other.opens_at
        )
        return [] if apart else [act for act in other.acts if act.value in self.acts]


def of(round_: Round) -> RoundPlan:
    """The plan that a round stands by now."""
    acts = [act.value for act in round_.acts]
    return RoundPlan(round_.opens_at, round_.closes_at, acts, round_.purposes)


def checked(plan: RoundPlan) -> RoundPlan:
    """The plan with clean words. Raises Refusal `invalid` naming what is wrong with it by itself."""
    if not plan.acts or not set(plan.acts) <= set(Act.values):
        raise invalid(acts=_("Choose what the round opens."))
    if plan.closes_at is None and set(plan.acts) != {Act.ENDORSE.value}:
        raise invalid(closes_at=_("Only a round for endorsing alone may stay open without end."))
    if plan.closes_at is not None and plan.closes_at <= plan.opens_at:
        raise invalid(closes_at=_("A round closes after it opens."))
    acts = [act.value for act in Act if act.value in plan.acts]
    return replace(plan, acts=acts, purposes=words(plan.purposes, "purposes"))


def words(given: Mapping[str, str], name: str, *, limit: int = TITLE_LIMIT) -> dict[str, str]:
    """Short texts by language, clean, those that are empty left out. Raises Refusal `invalid` for `name`."""
    kept: dict[str, str] = {}
    for language, text in given.items():
        try:
            fit = clean(text).strip()
        except UnfitText as unfit:
            raise invalid(**{f"{name}__{language}": unfit.args[0]}) from unfit
        if sentence := too_long(fit, limit):
            raise invalid(**{f"{name}__{language}": sentence})
        if fit:
            kept[language] = fit
    return kept
