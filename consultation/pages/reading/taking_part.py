"""Who takes part: a sentence, bars by region, the silent, and the tables behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import geography
from accounts.models import InstitutionType
from consultation.kit import languages
from consultation.kit.fold import sort_key
from consultation.pages.reading.figures import Figures, positions
from consultation.texts import queries as texts
from consultation.texts.models import Consultation

LONGEST_BAR = 80
MEMBER_STATES = 193


def summary(consultation: Consultation, found: Figures, language: str) -> dict[str, Any]:
    """The sentence on who takes part, whose initiative it is, and the bars by region."""
    part = found.participation
    return {
        "sentence": sentence(part.totals),
        "silent": len(part.silent),
        "members": MEMBER_STATES,
        "initiators": consultation.in_language(consultation.initiators, language),
        "secretariat": consultation.in_language(consultation.secretariats, language),
        "bars": bars(part.regions, language),
    }


def sentence(totals: dict[str, int]) -> str:
    """Who sent what, in one sentence."""
    if not totals["institutions"]:
        return _("No institution has spoken yet.")
    counted = {
        "countries": ngettext("%(n)d country", "%(n)d countries", totals["countries"])
        % {"n": totals["countries"]},
        "comments": ngettext("%(n)d comment", "%(n)d comments", totals["comments"])
        % {"n": totals["comments"]},
        "endorsements": ngettext("%(n)d endorsement", "%(n)d endorsements", totals["endorsements"])
        % {"n": totals["endorsements"]},
    }
    told = ngettext(
        "%(number)d institution from %(countries)s has sent %(comments)s and %(endorsements)s.",
        "%(number)d institutions from %(countries)s have sent %(comments)s and %(endorsements)s.",
        totals["institutions"],
    )
    return told % {"number": totals["institutions"], **counted}


def bars(regions: dict[str, int], language: str) -> list[dict[str, Any]]:
    """One bar a region, silent regions too: their silence is shown."""
    named = list(geography.regions(language))
    named += [(code, _("In no region")) for code in regions if code not in geography.REGIONS]
    most = max(regions.values(), default=0) or 1
    return [
        {
            "label": name,
            "value": regions.get(code, 0),
            "share": round(LONGEST_BAR * regions.get(code, 0) / most),
        }
        for code, name in named
    ]


def tables(consultation: Consultation, found: Figures, language: str) -> dict[str, Any]:
    """Everything on the participation page."""
    part = found.participation
    return {
        "as_of": part.as_of,
        "sentence": sentence(part.totals),
        "bars": bars(part.regions, language),
        "countries": _countries(found, language),
        "types": _named(part.types, lambda code: str(InstitutionType(code).label)),
        "languages": _named(part.languages, lambda code: languages.name(code, language)),
        "silent": silent(part.silent, language),
        "silent_total": len(part.silent),
        "members": MEMBER_STATES,
        "principles": _principles(consultation, found, language),
    }


def _countries(found: Figures, language: str) -> list[dict[str, Any]]:
    rows = [
        {
            "name": geography.name(each.code, language),
            "code": each.code,
            "region": geography.region_name(each.region, language),
            "institutions": each.institutions,
            "comments": each.comments,
            "endorsements": each.endorsements,
            "weight": each.weight,
        }
        for each in found.participation.countries
    ]
    return sorted(rows, key=lambda row: sort_key(row["name"], language))


def _named(totals: dict[str, int], name: Any) -> list[dict[str, Any]]:
    ranked = Counter(totals).most_common()
    return [{"name": name(code), "total": total} for code, total in ranked]


def silent(codes: list[str], language: str) -> list[dict[str, Any]]:
    """The Member States that have not spoken, by region."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        grouped[geography.region_of(code)].append(geography.name(code, language))
    return [
        {
            "region": name,
            "names": sorted(grouped[region], key=lambda name: sort_key(name, language)),
        }
        for region, name in geography.regions(language)
        if region in grouped
    ]


def _principles(consultation: Consultation, found: Figures, language: str) -> list[dict[str, Any]]:
    rows = []
    for principle in texts.principles(consultation):
        assert principle.current is not None
        held = positions(found, principle.number)
        share = round(100 * held.support / held.total) if held.total else None
        title = texts.translation(principle.current, language).title
        rows.append({"number": principle.number, "title": title, "positions": held, "share": share})
    return rows
