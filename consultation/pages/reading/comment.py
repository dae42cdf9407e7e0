"""One comment's page: the comment, its thread, its revisions, and what its reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts import queries as accounts
from accounts.models import Power
from consultation.comments import passages, rules
from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentState, Words
from consultation.kit import redline
from consultation.kit.languages import html_lang
from consultation.kit.refinding import Fate
from consultation.moderation import queries as moderation
from consultation.moderation.wording import DECIDED
from consultation.pages.reading import (
    cards,
    citation,
    composer,
    cosigners,
    discussion,
    hats,
    opening,
    reasons,
    revisions,
)
from consultation.pages.reading.discussion import Listing
from consultation.pages.reading.hats import Hats
from consultation.texts.models import Act, Consultation
from consultation.web.acts import person_of
from consultation.web.answers import new_claim

CHANGEABLE = (CommentState.DRAFT, CommentState.RETURNED, CommentState.PUBLISHED)


@dataclass(frozen=True)
class Gone:
    """What is left of a comment that was public once: its reference, when it ended, and by which clause."""

    reference: str
    withdrawn: bool
    since: datetime | None
    clause: str = ""
    clause_title: str = ""


def visible(request: HttpRequest, consultation: Consultation, reference: str) -> Comment | None:
    """The comment, if the reader may see it."""
    at = request.received_at  # type: ignore[attr-defined]
    found = comments.visible_to(person_of(request), at=at).filter(consultation=consultation)
    return comments.with_cards(found).filter(reference=_plain(reference)).first()


def public(consultation: Consultation, reference: str) -> Comment | None:
    """The comment, if everybody may read it."""
    found = comments.public().filter(consultation=consultation, reference=_plain(reference))
    return comments.with_cards(found).first()


def gone(consultation: Consultation, reference: str) -> Gone | None:
    """What may be told of a comment that was public once and is not now; None where it never was."""
    found = comments.once_public().filter(consultation=consultation, reference=_plain(reference))
    comment = found.first()
    if comment is None:
        return None
    told = comments.gone(comment)
    return Gone(
        told.reference,
        comment.state == CommentState.WITHDRAWN,
        told.since,
        told.clause or "",
        _clause_title(consultation, told.clause),
    )


def _clause_title(consultation: Consultation, number: str | None) -> str:
    clause = consultation.clauses.filter(number=number).first() if number else None
    language = get_language() or consultation.authoritative
    return consultation.in_language(clause.titles, language) if clause else ""


def _plain(reference: str) -> str:
    return reference.replace("\x00", "").upper()


def page(request: HttpRequest, consultation: Consultation, comment: Comment) -> dict[str, Any]:
    """Everything for the template of one comment that the reader may see."""
    at = request.received_at  # type: ignore[attr-defined]
    worn = hats.of(request, consultation)
    public = comment.public_since is not None
    person = person_of(request)
    own = person is not None and accounts.empowers(person, comment.institution, Power.CONTRIBUTE, at=at)
    insider = own or not public
    return {
        "consultation": consultation,
        "comment": comment,
        "card": cards.card(comment, shown=None if public else comment.latest),
        "principle_url": _principle_url(comment),
        "passage_now": _passage_now(comment, comment.shown if public else comment.latest),
        "replies": replies(request, comment, worn),
        "revisions": revisions.lines(comment, insider=insider),
        "late": _late(comment),
        "merged_into": comment.merged_into if comments.leads_to(comment) else None,
        "merged": _merged(comment),
        "citation": citation.of(comment) if public else None,
        "standing": _standing(comment, own=own, at=at) if insider else None,
        "correction": reasons.correction_of(comment) if own else None,
        "claim": new_claim(),
        "own": _own_acts(comment) if own else None,
        "stances": _stances(comment, worn) if public else [],
        "reply": _reply(consultation, comment, worn, at=at) if public else None,
        "sides": cosigners.sides(comment),
    }


def _principle_url(comment: Comment) -> str:
    slug = comment.consultation.slug
    if comment.principle is None:
        return reverse("pages:text", args=[slug])
    return reverse("pages:principle", args=[slug, comment.principle.number])


def _passage_now(comment: Comment, said: Words | None) -> dict[str, Any] | None:
    """What became of the passage that it is about, where the text is another by now."""
    found = passages.now([(comment, said)]).get(comment.pk) if said and said.passage else None
    if found is None or said is None:
        return None
    base, was = _principle_url(comment), (said.passage or {})["exact"]
    changed = found.fate is Fate.CHANGED
    query = f"?words={found.span.start}-{found.span.end}&text={found.language}" if found.span else ""
    return {
        "fate": found.fate.value,
        "version": found.version,
        "was": was,
        "changes_html": redline.as_html(redline.redline(was, found.words)) if changed else "",
        "language": html_lang(found.language),
        "url": base + query,
        "earlier": cards.earlier_version(comment),
        "earlier_url": f"{base}?version={cards.earlier_version(comment)}&text={found.language}",
    }


def replies(request: HttpRequest, comment: Comment, worn: Hats | None = None) -> Listing:
    """The page of its replies that the address asks for, the first one first. Raises CursorRefused."""
    worn = worn or hats.of(request, comment.consultation)
    return discussion.listing(request, comments.replies(comment), worn, ordering=comments.OLDEST)


def _merged(comment: Comment) -> list[dict[str, Any]]:
    """The comments that say the same, for which this one stands: each with its name and its words."""
    if not comment.stands_for:  # type: ignore[attr-defined]
        return []
    keys = [each.pk for each in comments.merged_into(comment)]
    return discussion.with_cards(keys, Hats())


def leads_to(request: HttpRequest, comment: Comment) -> str | None:
    """Where others than its institution read a merged comment: the page of the one that was kept."""
    at = request.received_at  # type: ignore[attr-defined]
    if comment.merged_into is None or comments.leads_to(comment) is None:
        return None
    if rules.is_own(person_of(request), comment, at=at):
        return None
    return f"{cards.url(comment.merged_into)}#{comment.reference}"


def _late(comment: Comment) -> dict[str, Any] | None:
    """Why and when the secretariat let it in after the round had closed."""
    return {"reason": comment.late.reason, "at": comment.late.at} if comment.late else None


def _standing(comment: Comment, *, own: bool, at: datetime) -> dict[str, Any]:
    """Where the comment stands, for those who may know: state, last decision, an edit that waits."""
    decision = moderation.last_decision(comment.item) if comment.item else None
    consultation = comment.consultation
    language = get_language() or consultation.authoritative
    clause = decision.clause if decision else None
    return {
        "state": comment.state,
        "state_label": comment.get_state_display(),
        "public": comment.public_since is not None,
        "unverified": not comment.institution.verified,
        "edit_waits": comment.state == CommentState.PUBLISHED and comment.shown_id != comment.latest_id,
        "decision": decision,
        "clause": clause.number if clause else "",
        "clause_title": consultation.in_language(clause.titles, language) if clause else "",
        "clause_text": consultation.in_language(clause.texts, language) if clause else "",
        "words": DECIDED[decision.action] if decision else "",
        "appeal": reasons.appeal_of(comment, decision, at=at) if own else None,
    }


def _own_acts(comment: Comment) -> dict[str, str]:
    slug = comment.consultation.slug
    change = reverse("pages:edit_comment", args=[slug, comment.pk]) if comment.state in CHANGEABLE else ""
    sent = comment.state not in (CommentState.DRAFT, CommentState.WITHDRAWN)
    withdraw = reverse("pages:withdraw_comment", args=[slug, comment.reference]) if sent else ""
    receipt = reverse("pages:receipt", args=[slug, comment.reference]) if comment.reference else ""
    return {"change": change, "withdraw": withdraw, "receipt": receipt}


def _stances(comment: Comment, worn: Hats) -> list[dict[str, Any]]:
    """For each of the reader's institutions, what it may say of another's comment, or take back."""
    given = {each.institution_id: each.stance for each in comment.cosignatures_in_force}  # type: ignore[attr-defined]
    return [
        {
            "institution": each.current.name if each.current else each.slug,
            "acts": discussion.stances(comment, each, given.get(each.pk)),
        }
        for each in worn.institutions
        if each.pk != comment.institution_id and each.verified and (worn.discussing or each.pk in given)
    ]


def _reply(
    consultation: Consultation, comment: Comment, worn: Hats, *, at: datetime
) -> dict[str, Any] | None:
    if not worn.discussing or not worn.institutions:
        return None
    language = get_language() or "en"
    return composer.reply(comment, worn) | {
        "closing": opening.closing(consultation, Act.DISCUSS, language, at=at),
        "institution": worn.institutions[0] if len(worn.institutions) == 1 else None,
    }
