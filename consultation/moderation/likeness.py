"""What was decided on like cases: so that the like is decided alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from rapidfuzz import fuzz

from consultation.kit.fold import fold
from consultation.moderation import queries
from consultation.moderation.handlers import Subject, describe
from consultation.moderation.models import Case, CaseReason, Decision, Reason

# How many decisions are looked at, and how much of each text: what one page may take.
CANDIDATES = 200
READ = 1000
ALIKE = 70.0
# They say when it came, not what it is like.
OF_EVERY_KIND = {Reason.POLICY, Reason.FIRST, Reason.EDITED, Reason.SENT_AGAIN}


@dataclass(frozen=True)
class Like:
    """A decision on a like case, and in which ways it is like it."""

    decision: Decision
    subject: Subject
    words: bool
    reason: bool
    clause: bool


def like_decisions(case: Case, text: str, *, most: int = 5) -> list[Like]:
    """What was decided in this consultation on other institutions' like contributions, the likest first.

    Like are those that say nearly the same, that came for the same reason, or that were decided by a clause
    which readers of this one name. Of the newest 200 decisions; the same question has the same answer.
    """
    decisions = list(_candidates(case)[:CANDIDATES])
    subjects = describe([each.item for each in decisions])
    reasons, clauses = _reasons(case), _clauses(case)
    shared = set(
        CaseReason.objects.filter(
            case__in=[each.case_id for each in decisions], code__in=reasons
        ).values_list("case", flat=True)
    )
    said = fold(text[:READ])
    scored = [(_likeness(said, subjects[each.item_id].text), each) for each in decisions]
    found = [
        (
            score,
            Like(
                each,
                subjects[each.item_id],
                words=score >= ALIKE,
                reason=each.case_id in shared,
                clause=each.clause is not None and each.clause.number in clauses,
            ),
        )
        for score, each in scored
    ]
    like = [(score, each) for score, each in found if each.words or each.reason or each.clause]
    # Sorting keeps the order of what weighs the same: newest first.
    like.sort(key=lambda each: (-each[0] if each[1].words else 0, -(each[1].reason + each[1].clause)))
    return [each for _score, each in like[:most]]


def _candidates(case: Case) -> QuerySet[Decision]:
    found = queries.in_force().filter(item__consultation=case.consultation_id)
    others = found.exclude(item__institution=case.item.institution_id)
    return others.select_related("item", "clause").order_by("-at", "-id")


def _reasons(case: Case) -> set[str]:
    return {each.code for each in case.reasons.all()} - {str(each) for each in OF_EVERY_KIND}


def _clauses(case: Case) -> set[str]:
    return set(case.flags.values_list("clause__number", flat=True))


def _likeness(said: str, text: str) -> float:
    return fuzz.token_sort_ratio(said, fold(text[:READ]), score_cutoff=ALIKE) if said else 0.0
