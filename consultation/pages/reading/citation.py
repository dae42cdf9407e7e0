"""How a comment is cited: for people, for programs that keep references, and in the head of its page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consultation.comments.models import Comment

# The formats by the end of the address: media type, and how it is written.
CSL, RIS = "json", "ris"
MEDIA_TYPES = {
    CSL: "application/vnd.citationstyles.csl+json",
    RIS: "application/x-research-info-systems; charset=utf-8",
}


@dataclass(frozen=True)
class Citation:
    """What names a public comment for ever, in the revision that is shown."""

    key: str
    reference: str
    institution: str
    title: str
    consultation: str
    revision: int
    language: str
    published_at: datetime
    url: str

    @property
    def sentence(self) -> str:
        """The citation as a text."""
        facts = {
            "institution": self.institution,
            "reference": self.reference,
            "revision": self.revision,
            "consultation": self.consultation,
            "date": date_format(self.published_at, "DATE_FORMAT"),
            "url": self.url,
        }
        return (
            _("%(institution)s, %(reference)s, revision %(revision)d, %(consultation)s, %(date)s. %(url)s")
            % facts
        )

    def meta(self) -> list[tuple[str, str]]:
        """What reference managers read in the head of a page (Highwire Press, Dublin Core)."""
        return [
            ("citation_title", self.title),
            ("citation_author", self.institution),
            ("citation_publication_date", f"{self.published_at:%Y/%m/%d}"),
            ("citation_language", self.language),
            ("citation_public_url", self.url),
            ("DC.identifier", self.key),
            ("DC.isPartOf", self.consultation),
        ]


def of(comment: Comment) -> Citation:
    """The citation of a public comment; its date is the day in UTC on which it was first public."""
    assert comment.shown is not None
    assert comment.institution.current is not None
    assert comment.first_public is not None
    assert comment.reference is not None
    consultation, language = comment.consultation, get_language() or "en"
    return Citation(
        f"{consultation.slug}/{comment.reference}",
        comment.reference,
        comment.institution.current.name,
        _title(comment),
        consultation.title(language),
        comment.shown.number,
        comment.shown.language,
        comment.first_public.astimezone(UTC),
        # Not reversed: a language before it would make another address for each reader.
        f"{settings.SITE_URL}/consultations/{consultation.slug}/comments/{comment.reference}/",
    )


def _title(comment: Comment) -> str:
    if comment.principle is None or comment.version is None:
        return _("Comment %(reference)s on the text as a whole") % {"reference": comment.reference}
    return _("Comment %(reference)s on Principle %(number)d, version %(version)d") % {
        "reference": comment.reference,
        "number": comment.principle.number,
        "version": comment.version.number,
    }


def written(citation: Citation, form: str) -> str:
    """The citation as a file of this form: `json` (CSL-JSON) or `ris`. Raises KeyError for another."""
    return {CSL: _csl, RIS: _ris}[form](citation)


def _csl(citation: Citation) -> str:
    at = citation.published_at
    entry = {
        "id": citation.key,
        "type": "document",
        "genre": "comment",
        "title": citation.title,
        "author": [{"literal": citation.institution}],
        "issued": {"date-parts": [[at.year, at.month, at.day]]},
        "number": citation.reference,
        "version": str(citation.revision),
        "container-title": citation.consultation,
        "publisher": settings.SITE_NAME,
        "language": citation.language,
        "URL": citation.url,
    }
    return json.dumps([entry], ensure_ascii=False, indent=2) + "\n"


def _ris(citation: Citation) -> str:
    """One tag a line, so no value may hold a line end; a comma ends the name of a body."""
    at = citation.published_at
    rows = [
        ("TY", "GEN"),
        ("AU", f"{citation.institution},"),
        ("TI", citation.title),
        ("T2", citation.consultation),
        ("PY", f"{at:%Y}"),
        ("DA", f"{at:%Y/%m/%d}"),
        ("ET", str(citation.revision)),
        ("M1", citation.reference),
        ("PB", settings.SITE_NAME),
        ("LA", citation.language),
        ("UR", citation.url),
        ("ID", citation.key),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in rows)
