"""Triggers many tables share: what is on record is neither deleted nor changed; people may be cleared."""

from __future__ import annotations

import pgtrigger


def never_deleted(noun: str) -> pgtrigger.Protect:
    """No row of it goes. `noun` begins the names of all these triggers."""
    return pgtrigger.Protect(name=f"{noun}_never_deleted", operation=pgtrigger.Delete)


def only_cleared(noun: str, person: str) -> pgtrigger.Protect:
    """Whom the field `person` names is nobody else ever after, but may be nobody (DESIGN 6)."""
    return pgtrigger.Protect(
        name=f"{noun}_{person}_only_cleared",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(
            **{f"new__{person}__isnull": False, f"old__{person}__df": pgtrigger.F(f"new__{person}")}
        ),
    )


def former_takes_the_place(noun: str, person: str) -> pgtrigger.Protect:
    """`former`, the number of somebody who was erased, is set in the act that clears `person`, and stays."""
    return pgtrigger.Protect(
        name=f"{noun}_former_takes_the_place_of_{person}",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "OLD.former IS DISTINCT FROM NEW.former"
            f" AND (OLD.{person}_id IS NULL OR NEW.{person}_id IS NOT NULL)"
        ),
    )


def append_only(noun: str, person: str) -> list[pgtrigger.Protect]:
    """Rows are never deleted, and nothing of them changes but that `person` may be cleared."""
    unchanged = pgtrigger.Protect(
        name=f"{noun}_never_changed",
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=[person]),
    )
    return [never_deleted(noun), unchanged, only_cleared(noun, person)]
