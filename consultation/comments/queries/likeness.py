from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from consultation.comments.models import Comment
from consultation.comments.queries.gates import listed
from consultation.kit.fold import fold, fold_case
from consultation.texts.models import Consultation, Principle

# How many comments are looked at, and how much of each: what one page may take.
CANDIDATES = 1500
READ = 600
# Shorter words are alike by chance.
LEAST = 20
# Out of 100: of letters as they are, which is quick, and of folded ones.
NEAR, NEAREST = 65.0, 40
ALIKE = 85.0


@dataclass(frozen=True)
class Alike:
    """A public comment that says nearly the same; `likeness` is out of 100."""

    comment: Comment
    likeness: float


def likely_duplicates(
    consultation: Consultation,
    principle: Principle | None,
    body: str,
    proposed: str = "",
    *,
    besides: Comment | None = None,
    most: int = 3,
) -> list[Alike]:
    """Public comments on the same principle (None: on the whole text) that say nearly the same, likest first.

    The newest 1,500 are looked at, `besides` left out. The same question has the same answer.
    """
    said = _joined(body, proposed)
    if len(said.strip()) < LEAST:
        return []
    rows = listed().filter(consultation=consultation, principle=principle, parent=None)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    newest = rows.order_by("-public_since", "-id").values_list("pk", "shown__body", "shown__proposed_text")[
        :CANDIDATES
    ]
    near = [(key, words) for key, *words in newest if _as_long(said, words)]
    rough = fold_case(said)
    close = [(_likeness(rough, fold_case(_joined(*words)), NEAR), key, words) for key, words in near]
    nearest = sorted((each for each in close if each[0]), key=lambda each: (-each[0], each[1]))[:NEAREST]
    folded = fold(said)
    scored = [(_likeness(folded, fold(_joined(*words)), ALIKE), key) for _rough, key, words in nearest]
    best = sorted((each for each in scored if each[0]), key=lambda each: (-each[0], each[1]))[:most]
    found = listed().select_related("institution__current", "principle", "shown", "consultation")
    comments = found.in_bulk([key for _score, key in best])
    return [Alike(comments[key], score) for score, key in best if key in comments]


def _joined(body: str, proposed: str) -> str:
    return f"{body[:READ]} {proposed[:READ]}"


def _as_long(said: str, words: list[str]) -> bool:
    # What is half as long again can't be as alike as that; folding changes lengths a little.
    return 0.6 < sum(len(part[:READ]) for part in words) / len(said) < 1.7


def _likeness(said: str, other: str, least: float) -> float:
    """How alike they are, out of 100; 0 below `least`."""
    # Word order set aside first, for those scripts that part words; then letter by letter for all.
    by_words = fuzz.token_sort_ratio(said, other, score_cutoff=least)
    return by_words or fuzz.ratio(said, other, score_cutoff=least)
