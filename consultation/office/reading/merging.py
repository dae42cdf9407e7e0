"""Comments that say the same, as the secretariat merges and separates them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from consultation.comments import queries as comments
from consultation.comments.models import Comment
from consultation.kit.refusal import invalid
from consultation.pages.reading import cards
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole

OFFERED = 10


@dataclass(frozen=True)
class MergingDesk:
    """One consultation, and what was merged in it."""

    consultation: Consultation
    title: str
    merged: Sequence[Comment]

    @property
    def back(self) -> str:
        return reverse("office:secretariat_consultation", args=[self.consultation.slug])


def consultation(person: User, slug: str) -> Consultation | None:
    """The consultation, for its secretariat only, once it is public."""
    mine = texts.consultations_with_role(person, ConsultationRole.Role.SECRETARIAT)
    return mine.filter(slug=slug, published_at__isnull=False).first()


def desk(consultation: Consultation) -> MergingDesk:
    """What the page shows."""
    title = consultation.title(get_language() or consultation.authoritative)
    return MergingDesk(consultation, title, list(comments.merged(consultation)))


def called(consultation: Consultation, reference: str) -> Comment | None:
    """The comment with this reference, public or not."""
    return comments.by_reference(consultation, _plain(reference)).first()


def public(consultation: Consultation, references: Sequence[str], field: str) -> list[Comment]:
    """The public comments with these references, in that order. Raises Refusal `invalid` for `field`."""
    wanted = [_plain(each) for each in references]
    rows = comments.public().filter(consultation=consultation, reference__in=wanted)
    found = {each.reference: each for each in comments.with_cards(rows)}
    if unknown := [each for each in wanted if each not in found]:
        sentence = _("There is no public comment with that reference.")
        raise invalid(**{field: f"{sentence} {', '.join(unknown)}"})
    return [found[each] for each in wanted]


def alike(consultation: Consultation, reference: str) -> list[tuple[str, Any]]:
    """Comments to tick that say nearly the same as this one: reference, and what is shown beside it."""
    rows = comments.listed().filter(consultation=consultation, reference=_plain(reference))
    kept = rows.select_related("principle", "shown").first()
    if kept is None or kept.shown is None:
        return []
    found = comments.likely_duplicates(
        consultation, kept.principle, kept.shown.body, kept.shown.proposed_text, besides=kept, most=OFFERED
    )
    return [(each.comment.reference or "", _shown(each.comment)) for each in found]


def _shown(comment: Comment) -> str:
    name = comment.institution.current.name if comment.institution.current else comment.institution.slug
    excerpt = cards.excerpt(comment.shown)
    return format_html("<b>{}</b> <bdi>{}</bdi>: <bdi>{}</bdi>", comment.reference, name, excerpt)


def _plain(reference: str) -> str:
    return reference.replace("\x00", "").strip().upper()


def looked_over(kept: Comment, others: Sequence[Comment]) -> dict[str, Any]:
    """What the merging will do, before it is done."""
    return {"kept": cards.card(kept), "others": [cards.card(each) for each in others]}
