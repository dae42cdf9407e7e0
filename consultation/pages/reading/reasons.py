"""The statement of reasons: what was decided on an institution's words, which clause, how to appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from consultation.comments import correcting
from consultation.comments.models import Comment
from consultation.kit import redline
from consultation.kit.refusal import Verdict
from consultation.moderation import queries as moderation
from consultation.moderation import rules
from consultation.moderation.handlers import Subject, describe, handler_of
from consultation.moderation.models import Case, Decision
from consultation.moderation.wording import DECIDED


@dataclass(frozen=True)
class Told:
    """A decision as its author reads it: who decided is a role, never a name."""

    decision: Decision
    words: str
    at: datetime
    clause: str
    clause_title: str
    clause_text: str
    message: str


def told(case: Case, decision: Decision) -> Told:
    """The decision in the language of the page."""
    consultation, clause = case.consultation, decision.clause
    language = get_language() or consultation.authoritative
    return Told(
        decision,
        str(DECIDED[decision.action]),
        decision.at,
        clause.number if clause else "",
        consultation.in_language(clause.titles, language) if clause else "",
        consultation.in_language(clause.texts, language) if clause else "",
        decision.message,
    )


@dataclass(frozen=True)
class Statement:
    """One decided case for the author's side: what was decided, and the appeal, possible or made."""

    case: Case
    subject: Subject
    told: Told
    may_appeal: Verdict
    until: datetime
    appeal: Case | None
    outcome: Told | None

    @property
    def title(self) -> str:
        number = self.subject.reference.removeprefix("E")
        if self.case.item.kind == "withdrawal":
            return _("Reason for withdrawing, principle %(number)s") % {"number": number}
        if self.case.item.kind == "statement":
            return _("Statement on principle %(number)s") % {"number": number}
        return _("Comment %(reference)s") % {"reference": self.subject.reference}


def statement(person: User, key: UUID, *, at: datetime) -> Statement | None:
    """What was decided on this case, for those who speak for the institution; None for all others."""
    mine = moderation.told_to(person, at=at).filter(pk=key, is_appeal=False)
    case = moderation.with_rows(mine).first()
    if case is None or case.decision is None:
        return None
    decision = moderation.in_force().select_related("appeal").get(pk=case.decision.pk)
    possible = handler_of(case.item).may_appeal(case.item, decision)
    appeal: Case | None = getattr(decision, "appeal", None)
    outcome = appeal.decision if appeal else None
    return Statement(
        case,
        describe([case.item])[case.item_id],
        told(case, decision),
        rules.may_appeal(person, decision, possible=possible, spoken_for=True, at=at),
        rules.appeal_until(decision),
        appeal,
        told(case, outcome) if outcome else None,
    )


def appeal_of(comment: Comment, decision: Decision | None, *, at: datetime) -> dict[str, Any] | None:
    """Where its author appeals against what was decided last, or reads what came of it."""
    if decision is None or comment.item is None:
        return None
    case = decision.case.appealed.case_id if decision.case.appealed else decision.case_id
    made = decision.case.is_appeal or hasattr(decision, "appeal")
    open_now = handler_of(comment.item).may_appeal(comment.item, decision) and at <= rules.appeal_until(
        decision
    )
    if not made and not open_now:
        return None
    return {"url": reverse("pages:appeal", args=[case]), "made": made, "until": rules.appeal_until(decision)}


def correction_of(comment: Comment) -> dict[str, Any] | None:
    """What a moderator would change in the newest words, as a redline, and where to answer."""
    waiting = correcting.waiting(comment) if comment.latest_id else None
    if waiting is None:
        return None
    sent = waiting.revision
    slug = comment.consultation.slug
    return {
        "changes": _changes(sent.body, waiting.body),
        "proposal": _changes(sent.proposed_text, waiting.proposed_text),
        "language": sent.language,
        "until": rules.appeal_until(waiting.decision),
        "url": reverse("pages:answer_correction", args=[slug, comment.reference]),
    }


def _changes(before: str, after: str) -> SafeString | str:
    return redline.as_html(redline.redline(before, after)) if before != after else ""
