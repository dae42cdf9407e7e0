"""Comments as readers see them: whole cards, notes in the margin, lines of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts import geography
from accounts.models import Institution
from consultation.comments import queries as comments
from consultation.comments.models import Comment, Kind, Words
from consultation.comments.wording import Wording
from consultation.kit import languages, markdown, redline
from consultation.pages.reading import translation

EXCERPT = 160
LEMMA = 300


def url(comment: Comment) -> str:
    """The page of a comment; of one without a reference, where its institution goes on writing it."""
    slug = comment.consultation.slug
    if comment.reference:
        return reverse("pages:comment", args=[slug, comment.reference])
    return reverse("pages:edit_comment", args=[slug, comment.pk])


def shortened(text: str, limit: int) -> str:
    """The first words of a text, at most `limit` code points, with a sign that there is more."""
    if len(text) <= limit:
        return text
    head = text[:limit].rsplit(" ", 1)[0] or text[:limit]
    return head.rstrip() + "…"


def proposal(said: Words | Wording) -> SafeString:
    """The wording that a comment proposes, against the passage it would replace; empty without one."""
    if not said.proposed_text.strip():
        return SafeString("")
    exact = (said.passage or {}).get("exact", "")
    return redline.as_html(redline.redline(exact, said.proposed_text))


def words(said: Words | Wording) -> dict[str, Any]:
    """What was said and in which language, where that is not the page's own."""
    language = get_language() or "en"
    foreign = said.language.split("-")[0].lower() != language.split("-")[0].lower()
    return {
        "kind": Kind(said.kind).label,
        "language": languages.html_lang(said.language),
        "language_name": languages.name(said.language, language) if foreign else "",
        "language_detected": said.language_detected,
        "passage": shortened((said.passage or {}).get("exact", ""), LEMMA),
        "body_html": markdown.render(said.body),
        "proposed_html": proposal(said),
        "translation": own_translation(said.translation),
        "redacted": _redacted(said),
    }


def _redacted(said: Words | Wording) -> dict[str, Any] | None:
    """When words of it were redacted, and under which clause."""
    at = getattr(said, "redacted_at", None)
    return {"at": at, "clause": getattr(said, "redacted_under", "")} if at else None


def own_translation(given: Mapping[str, str] | None) -> dict[str, Any] | None:
    """The author's own translation as pages show it, where there is one."""
    if not given:
        return None
    return {
        "language": languages.html_lang(given["language"]),
        "language_name": languages.name(given["language"], get_language() or "en"),
        "body_html": markdown.render(given.get("body", "")),
        "proposed": given.get("proposed_text", ""),
    }


def voice(institution: Institution) -> dict[str, Any]:
    """Who speaks: the institution with its public data."""
    current = institution.current
    assert current is not None
    language = get_language() or "en"
    return {
        "institution": current.name,
        "institution_url": reverse("pages:institution", args=[institution.slug]),
        "country": geography.name(current.country, language),
        "institution_type": current.get_type_display(),
    }


def card(
    comment: Comment, *, acts: Sequence[dict[str, Any]] = (), shown: Words | None = None
) -> dict[str, Any]:
    """A comment as `_comment_card.html` shows it. Reads what `comments.queries.with_cards` fetched."""
    told = comments.cosigns(comment)
    said = shown or comment.shown or comment.latest
    assert said is not None
    return {
        "reference": comment.reference,
        "url": url(comment),
        "published_at": comment.first_public or comment.submitted_at,
        **voice(comment.institution),
        "speaker": comment.institution.slug,
        **words(said),
        "earlier_version": earlier_version(comment),
        "in_reply_to": _parent(comment),
        "cosigned": told["agree"],
        "cosigned_countries": comment.agreed_countries,  # type: ignore[attr-defined]
        "disagreed": told["disagree"],
        "replies": comment.replies_count,  # type: ignore[attr-defined]
        "stands_for": comment.stands_for,  # type: ignore[attr-defined]
        "late": comment.late_id is not None,
        "disposition": "",
        "acts": [*acts, *translation.ways(comment, said)],
    }


def earlier_version(comment: Comment) -> int | None:
    """The version that the comment was made on, where the text is another by now."""
    principle, version = comment.principle, comment.version
    return version.number if principle and version and version.pk != principle.current_id else None


def _parent(comment: Comment) -> dict[str, str] | None:
    parent = comment.parent
    if parent is None or parent.reference is None:
        return None
    return {
        "reference": parent.reference,
        "url": reverse("pages:comment", args=[comment.consultation.slug, parent.reference]),
    }


def note(comment: Comment, limit: int) -> dict[str, Any]:
    """A comment in the margin as `_notes.html` shows it."""
    said = comment.shown
    assert said is not None
    return {
        "reference": comment.reference,
        "url": url(comment),
        **{
            key: value
            for key, value in voice(comment.institution).items()
            if key in ("institution", "country")
        },
        "words": shortened(markdown.plain(said.body), limit),
        "language": languages.html_lang(said.language),
        "proposed_html": proposal(said),
        "about": Kind(said.kind).label,
        "cosigned": comments.cosigns(comment)["agree"],
    }


def excerpt(words: Words | None) -> str:
    """The first words of a comment or a draft in one line."""
    return shortened(markdown.plain(words.body), EXCERPT) if words else ""
