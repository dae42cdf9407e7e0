"""What a text becomes by another one that is loaded into it: nothing is taken away that the other lacks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from consultation.texts.drafts import Words


def outcome(current: Mapping[str, Words], given: Mapping[str, Words], authoritative: str) -> dict[str, Words]:
    """The words of a principle by language after those `given` were loaded.

    A language that is not given stays while the authoritative words do: beside others it would be wrong.
    """
    same = given.get(authoritative, current.get(authoritative)) == current.get(authoritative)
    return {**(current if same else {}), **given}


def headings(
    present: Mapping[str, str], given: Mapping[str, str], languages: Collection[str]
) -> dict[str, str]:
    """What stands above a principle: as given in these languages, as before in all others."""
    return {**{code: words for code, words in present.items() if code not in languages}, **given}


def order(present: Sequence[int], given: Sequence[int]) -> list[int]:
    """The principles in the order given; one that is not given stays behind the one it stood behind."""
    wanted = [number for number in given if number in present]
    for place, number in enumerate(present):
        if number not in wanted:
            before = present[place - 1] if place else None
            wanted.insert(wanted.index(before) + 1 if before is not None else 0, number)
    return wanted
