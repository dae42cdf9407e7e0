"""One comment, or one statement, as it is read: who says what, about which words, and who agrees."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import TypeVar

from babel import Locale
from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz import fuzz

from accounts import geography
from consultation.comments.models import Kind
from consultation.digests.content import Comment, Content, Institution, Position, Withheld
from consultation.digests.document import Card, Piece, Prose, Redline, Words
from consultation.endorsements import models as endorsements
from consultation.kit import languages, markdown
from consultation.kit.redline import redline

T = TypeVar("T")

# Below this likeness (0 to 100) a proposal replaces words rather than changes them, and a redline of it
# would be confetti.
CHANGES = 45


def words(text: str, language: str) -> Words:
    """Somebody's words with their language; the direction is that of their first strong letter."""
    return Words(text, languages.html_lang(language), direction(text, language))


def direction(text: str, language: str) -> str:
    """How `text` is read: by its first strong letter (as HTML's dir="auto"), else as its language is."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return languages.direction(language)


def prose(text: str, language: str) -> Prose:
    """Somebody's Markdown with its language."""
    return Prose(text, languages.html_lang(language), direction(text, language))


def locale(language: str) -> Locale:
    """The locale of dates. In English the day comes before the month, as most readers expect."""
    return Locale("en", "GB") if language == "en" else languages.locale_of(language)


def day(moment: str, language: str) -> str:
    """The day of a moment (RFC 3339, UTC), written out."""
    return format_date(datetime.fromisoformat(moment).date(), "long", locale=locale(language))


def institution(who: Institution, language: str) -> Words:
    """The name of an institution; one made up for demonstration says so."""
    name = who.called(language)
    return words(_("%(name)s (demonstration)") % {"name": name} if who.demonstration else name, language)


def comment(content: Content, said: Comment, language: str) -> Card:
    """A comment in full; a withheld one keeps its place and says why, nothing else."""
    if said.withheld is not None:
        return Card(said.reference, said.url, withheld=_withheld(said.withheld, language))
    return Card(
        reference=said.reference,
        address=said.url,
        day=day(said.published_at, language),
        who=institution(said.institution, language),
        about=_about(said, language),
        lemma=words(said.passage, said.language) if said.passage else None,
        body=prose(said.body, said.language),
        proposal=_proposal(content, said),
        support=_support(said),
    )


def _about(said: Comment, language: str) -> str:
    kinds = {Kind.GENERAL: _("general"), Kind.TECHNICAL: _("technical"), Kind.EDITORIAL: _("editorial")}
    parts = [
        geography.name(said.institution.country, language),
        _type(said.institution),
        kinds[Kind(said.kind)],
    ]
    if said.language != language:
        parts.append(_("in %(language)s") % {"language": languages.name(said.language, language)})
    if said.parent:
        parts.append(_("answers %(reference)s") % {"reference": said.parent})
    return " · ".join(parts)


def _type(who: Institution) -> str:
    return {
        "academy": _("academy or association"),
        "university": _("university or research"),
        "government": _("government"),
        "intergovernmental": _("intergovernmental"),
        "civil_society": _("civil society"),
        "industry": _("industry"),
    }.get(who.type, _("other institution"))


def _support(said: Comment) -> str:
    parts = []
    if said.agree:
        countries = len({who.country for who in said.agree})
        parts.append(
            ngettext("%(number)d institution", "%(number)d institutions", len(said.agree))
            % {"number": len(said.agree)}
            + " "
            + ngettext("in %(number)d country co-sign", "in %(number)d countries co-sign", countries)
            % {"number": countries}
        )
    if said.disagree:
        parts.append(
            ngettext("%(number)d disagrees", "%(number)d disagree", len(said.disagree))
            % {"number": len(said.disagree)}
        )
    return ", ".join(parts)


def _withheld(withheld: Withheld | None, language: str) -> str:
    if withheld is None:
        return ""
    when = (
        format_date(date.fromisoformat(withheld.on), "long", locale=locale(language)) if withheld.on else "–"
    )
    if withheld.clause:
        return _("Withheld on %(day)s, clause %(clause)s of the moderation policy.") % {
            "day": when,
            "clause": withheld.clause,
        }
    if withheld.why == "withdrawn":
        return _("Withheld: withdrawn by its institution on %(day)s.") % {"day": when}
    return _("Withheld on %(day)s.") % {"day": when}


def statement(position: Position, language: str) -> Card:
    """What an institution says with its position."""
    labels = {
        endorsements.Position.ENDORSE: _("endorses"),
        endorsements.Position.RESERVATION: _("endorses with a reservation"),
        endorsements.Position.DECLINE: _("declines"),
    }
    parts = [
        geography.name(position.institution.country, language),
        labels[endorsements.Position(position.position)],
        _("text %(number)d") % {"number": position.version},
    ]
    return Card(
        reference="",
        address="",
        day=day(position.signed_at, language),
        who=institution(position.institution, language),
        about=" · ".join(parts),
        body=prose(position.statement, position.language) if position.withheld is None else None,
        withheld=_withheld(position.withheld, language),
    )


def _proposal(content: Content, said: Comment) -> Redline | None:
    if not said.proposed_text:
        return None
    pieces = [Piece(str(op), text) for op, text in redline(_replaced(content, said), said.proposed_text)]
    tag = languages.html_lang(said.language)
    return Redline(_("Proposes"), tuple(pieces), tag, direction(said.proposed_text, said.language))


def _replaced(content: Content, said: Comment) -> str:
    """The words a proposal stands against: passage, paragraph or whole text, whichever it is nearest to."""
    principle = next((each for each in content.principles if each.number == said.principle), None)
    version = (
        next((each for each in principle.versions if each.number == said.version), None)
        if principle
        else None
    )
    candidates = [said.passage] if said.passage else []
    for text in version.texts if version else ():
        candidates += [*markdown.paragraphs(text.body), text.body]
    likeness = [(fuzz.ratio(said.proposed_text, each), -place, each) for place, each in enumerate(candidates)]
    nearest = max(likeness, default=(0, 0, ""))
    return nearest[2] if nearest[0] >= CHANGES else said.passage
