"""What stands around a case: its thread, what says the same, like decisions, notes, opinions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consultation.comments import queries as comments
from consultation.comments.models import Comment
from consultation.kit.languages import html_lang
from consultation.moderation import queries as moderation
from consultation.moderation import readers, rules
from consultation.moderation.likeness import Like, like_decisions
from consultation.moderation.models import Case, CaseNote, Opinion
from consultation.office.reading.case import Paper, decided

REPLIES = 5
COMMENT = "comment"


@dataclass(frozen=True)
class Around:
    """What a moderator reads beside the words themselves."""

    replies: list[dict[str, Any]] = field(default_factory=list)
    twins: list[dict[str, Any]] = field(default_factory=list)
    like: list[dict[str, Any]] = field(default_factory=list)
    notes: list[CaseNote] | None = None
    opinions: list[Opinion] = field(default_factory=list)
    asks: bool = False


def read(paper: Paper) -> Around:
    """What stands around the case, as this person may see it; what helps to decide, while it is open."""
    case = paper.case
    noting = bool(rules.may_see_notes(paper.person, case, at=paper.at))
    comment = _comment(case)
    return Around(
        replies=[] if paper.closed or comment is None else _replies(comment),
        twins=[] if paper.closed or comment is None else _twins(comment, paper),
        like=[] if paper.closed else [_like(each) for each in like_decisions(case, paper.subject.text)],
        notes=list(moderation.notes_on(case)) if noting else None,
        opinions=list(readers.opinions_on(case)) if noting else [],
        asks=bool(rules.may_ask_opinion(paper.person, case)),
    )


def _comment(case: Case) -> Comment | None:
    return case.item.comment if case.item.kind == COMMENT else None


def _replies(comment: Comment) -> list[dict[str, Any]]:
    """What the public reads in the same thread: other answers to the same, and answers to this one."""
    thread = comment.parent if comment.parent is not None else comment
    found = comments.replies(thread).exclude(pk=comment.pk)
    return [_words(each) for each in comments.with_cards(found)[:REPLIES]]


def _twins(comment: Comment, paper: Paper) -> list[dict[str, Any]]:
    """Public comments that say nearly the same."""
    alike = comments.likely_duplicates(
        comment.consultation,
        comment.principle,
        paper.subject.text,
        paper.subject.proposed_text,
        besides=comment,
    )
    return [_words(each.comment) | {"percent": round(each.likeness)} for each in alike]


def _words(comment: Comment) -> dict[str, Any]:
    shown = comment.shown
    return {
        "reference": comment.reference,
        "url": reverse("pages:comment", args=[comment.consultation.slug, comment.reference]),
        "institution": comment.institution.current,
        "text": shown.body if shown else "",
        "lang": html_lang(shown.language) if shown else "",
    }


def _like(found: Like) -> dict[str, Any]:
    decision = found.decision
    return {
        "reference": found.subject.reference,
        "url": reverse("office:case", args=[decision.case_id]),
        "day": date_format(localtime(decision.at), "MONTH_DAY_FORMAT"),
        "words": decided(decision),
        "why": _why(found),
        "message": decision.message,
    }


def _why(found: Like) -> str:
    ways = [
        (found.words, _("nearly the same words")),
        (found.reason, _("here for the same reason")),
        (found.clause, _("the clause that readers name")),
    ]
    return "; ".join(words for holds, words in ways if holds)
