"""An institution's positions as a certificate: on its page, in print, and checked against the record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Institution
from consultation.endorsements import certificates, signatures
from consultation.endorsements.certificates import Certificate, Certified, Change, Checked
from consultation.endorsements.models import Endorsement
from consultation.endorsements.queries import TO_REAFFIRM
from consultation.kit import languages
from consultation.pages.reading import cards
from consultation.texts import queries as texts
from consultation.texts.models import Consultation

# The number of an entry and a SHA-256, as they stand on a certificate; spaces are for eyes.
CODE = re.compile(r"(?P<entry>[0-9]{1,15})[-–](?P<code>[0-9a-f]{64})")


@dataclass(frozen=True)
class Answer:
    """What the record says of a code that somebody brought: None in `checked` if it knows no such one."""

    brought: str
    checked: Checked | None


def page(consultation: Consultation, institution: Institution, brought: str, language: str) -> dict[str, Any]:
    """What the institution's certificate says now, and what became of the one whose code was brought."""
    now = certificates.certify(consultation, institution)
    address = reverse("pages:certificate", args=[consultation.slug, institution.slug])
    return {
        "voice": cards.voice(institution),
        "address": address,
        "pdf": reverse("pages:certificate_pdf", args=[consultation.slug, institution.slug]) if now else "",
        "lines": [line(each, language) for each in now.positions] if now else [],
        "as_of": now.as_of if now else 0,
        "at": now.at if now else None,
        "code": printed(now) if now else "",
        "answer": _answer(consultation, institution, brought, language) if brought else None,
    }


def printed(certificate: Certificate) -> str:
    """The code as it is printed and asked for."""
    return f"{certificate.as_of}-{certificate.code}"


def line(certified: Certified, language: str) -> dict[str, Any]:
    """One position of a certificate."""
    held = certified.endorsement
    words = texts.translation(held.version, language)
    return {
        "number": held.principle.number,
        "title": words.title,
        "title_language": languages.html_lang(words.language),
        "version": held.version.number,
        "text_hash": held.version.text_hash,
        "position": _shape(held),
        "label": held.get_position_display(),
        "to_reaffirm": held.to_reaffirm,  # type: ignore[attr-defined]
        "signed_at": held.signed_at,
        "since": certified.since,
        "entry": certified.entry,
        "statement": held.statement,
        "language": languages.html_lang(held.language),
        "signatures": signatures.of(held),
        "letter_dated": held.letter_dated,
        "confirmed_at": held.confirmed_at,
        "signed_as": _earlier_name(held),
    }


def _earlier_name(held: Endorsement) -> str:
    """What the institution was called when it signed, where it is called otherwise by now."""
    then, now = held.signed_as, held.institution.current
    return then.name if then is not None and now is not None and then.name != now.name else ""


def _shape(held: Endorsement) -> str:
    return TO_REAFFIRM if held.to_reaffirm else held.position  # type: ignore[attr-defined]


def _answer(
    consultation: Consultation, institution: Institution, brought: str, language: str
) -> dict[str, Any]:
    found = CODE.fullmatch("".join(brought.split()).lower())
    checked = (
        certificates.check(consultation, institution, int(found["entry"]), found["code"]) if found else None
    )
    if checked is None:
        return {"brought": brought, "holds": False}
    return {
        "brought": brought,
        "holds": True,
        "as_of": checked.certificate.as_of,
        "at": checked.certificate.at,
        "lines": [line(each, language) for each in checked.certificate.positions],
        "changes": [*_told(checked.changes), *_stale(checked.certificate.positions)],
    }


def _told(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """A loss and a gain of the same entry's neighbours stand one after the other, as they happened."""
    return [
        {
            "words": (_("Principle %(number)d: a position took effect") if each.gained else _lost(each))
            % {"number": each.endorsement.principle.number},
            "at": each.at,
            "entry": each.entry,
        }
        for each in changes
    ]


def _lost(change: Change) -> str:
    held = change.endorsement
    if held.state == "superseded":
        return _("Principle %(number)d: the position was replaced")
    if held.state == "withdrawn":
        return _("Principle %(number)d: the position was withdrawn")
    if held.state == "contested":
        return _("Principle %(number)d: the institution contested the position")
    return _("Principle %(number)d: the position is no longer in effect")


def _stale(positions: Iterable[Certified]) -> list[dict[str, Any]]:
    return [
        {
            "words": _(
                "Principle %(number)d: the text changed in substance; the position is to be re-affirmed"
            )
            % {"number": each.endorsement.principle.number},
            "at": None,
            "entry": None,
        }
        for each in positions
        if each.endorsement.to_reaffirm and each.endorsement.effective_at  # type: ignore[attr-defined]
    ]


def printing(consultation: Consultation, institution: Institution, language: str) -> dict[str, Any] | None:
    """What the certificate in print says, as plain values; None where there is no position in effect."""
    made = certificates.certify(consultation, institution)
    if made is None:
        return None
    address = reverse("pages:certificate", args=[consultation.slug, institution.slug])
    voice = cards.voice(institution)
    return {
        "at": made.at,
        "language": languages.html_lang(language),
        "direction": languages.direction(language),
        "site": settings.SITE_NAME,
        "kind": _("Certificate of positions"),
        "title": _words(voice["institution"], language),
        "subject": f"{voice['country']} · {voice['institution_type']}",
        "text": _words(consultation.title(language), language),
        "text-label": _("Positions in effect on this text"),
        "as-of": _("As of entry %(number)d of the record, %(moment)s")
        % {
            "number": made.as_of,
            "moment": moment(made.at),
        },
        "short-as-of": moment(made.at),
        "address": f"{settings.SITE_URL}{address}",
        "check": f"{settings.SITE_URL}{address}?code={printed(made)}",
        "code": [str(made.as_of), *re.findall(".{8}", made.code)],
        "lines": [_printed_line(line(each, language)) for each in made.positions],
        "check-title": _("To check this certificate"),
        "check-words": [
            _(
                "Open this address, or open the institution's certificate on the site and type the code. "
                "The site works the code out anew from its record and says what has changed since."
            ),
            _(
                "The code stands for the institution's number, the exact words by their SHA-256, the "
                "positions, statements and times. It does not stand for names and translations."
            ),
        ],
        "code-label": _("Code"),
    }


def _words(text: str, language: str) -> dict[str, str]:
    return {
        "text": text,
        "language": languages.html_lang(language),
        "direction": languages.direction(language),
    }


def moment(at: datetime) -> str:
    """A moment in words, in UTC."""
    universal = at.astimezone(UTC)
    return f"{date_format(universal, 'DATE_FORMAT')}, {universal:%H:%M} UTC"


def _printed_line(told: dict[str, Any]) -> dict[str, Any]:
    signed = _("Signed on %(moment)s, in effect since entry %(entry)d") % {
        "moment": moment(told["signed_at"]),
        "entry": told["entry"],
    }
    return {
        "number": str(told["number"]),
        "title": {
            "text": told["title"],
            "language": told["title_language"],
            "direction": languages.direction(told["title_language"]),
        },
        "position": told["position"],
        "label": told["label"],
        "stale": _("Of an earlier text, to be re-affirmed: not counted for the current one.")
        if told["to_reaffirm"]
        else "",
        "facts": [
            _("Version %(number)d of the text") % {"number": told["version"]},
            signed,
            *_hands(told),
        ],
        "statement": {
            "text": told["statement"],
            "language": told["language"],
            "direction": languages.direction(told["language"]),
        }
        if told["statement"]
        else None,
        "hash-label": _("SHA-256 of the authoritative text"),
        "hash": told["text_hash"],
    }


def _hands(told: dict[str, Any]) -> list[str]:
    """Who signed, as everybody may read it, or from which letter it was recorded."""
    said = []
    if told["signed_as"]:
        said.append(_("Signed under its earlier name, %(name)s") % {"name": told["signed_as"]})
    if told["letter_dated"]:
        day = date_format(told["letter_dated"], "DATE_FORMAT")
        said.append(_("Recorded by the secretariat from a letter of %(day)s") % {"day": day})
    for hand in told["signatures"]:
        who = hand.name or (
            _("Former representative %(number)d") % {"number": hand.former} if hand.former else ""
        )
        if named := ", ".join(part for part in (who, hand.office) if part):
            said.append(_("For the institution: %(who)s") % {"who": named})
    return said
