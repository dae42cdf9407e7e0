"""Many positions under one signature: on the whole text, or on what changed since it was signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import Institution
from consultation.endorsements import queries as endorsements
from consultation.endorsements import rules
from consultation.endorsements.models import Endorsement, EndorsementState
from consultation.kit import redline
from consultation.pages.forms import SheetForm
from consultation.pages.reading import deed, opening
from consultation.texts import queries as texts
from consultation.texts.models import Act, Consultation
from consultation.web import position_rows
from consultation.web.answers import the_person
from consultation.web.position_rows import Row


@dataclass
class Change(Row):
    """A row for what was signed for an earlier text: with what changed since."""

    earlier: int = 0
    title_redline: SafeString = field(default_factory=SafeString)
    redline: SafeString = field(default_factory=SafeString)


@dataclass
class Sheet:
    """What is about to be signed, and for which institution; no rows to re-affirm before one is chosen."""

    consultation: Consultation
    institutions: Sequence[Institution]
    institution: Institution | None
    signs: bool
    open: bool
    closing: dict[str, Any] | None
    rows: Sequence[Row]
    reaffirming: bool = False

    @property
    def ticked(self) -> list[Row]:
        return [row for row in self.rows if row.ticked]

    @property
    def has_statements(self) -> bool:
        return any(row.statement for row in self.ticked)

    def form(self, *args: Any, **kwargs: Any) -> SheetForm:
        """What is filled in once for the whole sheet."""
        chosen = [self.institution] if self.institution else self.institutions
        return SheetForm(chosen, *args, signs=self.signs, **kwargs)


def whole(request: HttpRequest, consultation: Consultation) -> Sheet:
    """Every principle with its current version. What an institution reserved or declined is not ticked."""
    sheet = _empty(request, consultation)
    held = _held(sheet.institution, consultation) if sheet.institution else {}
    language = get_language() or consultation.authoritative
    sheet.rows = position_rows.fresh(consultation, language, held)
    if request.method == "POST":
        position_rows.sent(sheet.rows, request.POST)
    return sheet


def reaffirming(request: HttpRequest, consultation: Consultation) -> Sheet:
    """What stands for an earlier text, each with what changed since; nothing is ticked beforehand."""
    sheet = _empty(request, consultation)
    sheet.reaffirming = True
    if sheet.institution is None:
        return sheet
    stale = [each for each in _standing(sheet.institution, consultation) if each.to_reaffirm]  # type: ignore[attr-defined]
    language = get_language() or consultation.authoritative
    rows = {row.number: row for row in position_rows.fresh(consultation, language, {})}
    sheet.rows = [
        _change(each, rows[each.principle.number]) for each in stale if each.principle.number in rows
    ]
    for row in sheet.rows:
        row.ticked = False
    if request.method == "POST":
        ticked = set(request.POST.getlist("principle"))
        for row in sheet.rows:
            number = str(row.number)
            row.changed = number in ticked and request.POST.get(f"version-{number}") != str(row.version)
            row.ticked = number in ticked and not row.changed
    return sheet


def _empty(request: HttpRequest, consultation: Consultation) -> Sheet:
    institutions = deed.institutions(request)
    asked = request.POST.get("institution") or request.GET.get("institution", "")
    institution = next((each for each in institutions if each.slug == asked), None)
    if institution is None and len(institutions) == 1 and not asked:
        institution = institutions[0]
    at = request.received_at  # type: ignore[attr-defined]
    signs = institution is not None and rules.can_sign(the_person(request), institution, at=at)
    open_now = any(each.opens(Act.ENDORSE, at=at) for each in consultation.rounds.all())
    language = get_language() or consultation.authoritative
    closing = opening.closing(consultation, Act.ENDORSE, language, at=at)
    return Sheet(consultation, institutions, institution, signs, open_now, closing, [])


def _standing(institution: Institution, consultation: Consultation) -> Iterable[Endorsement]:
    found = endorsements.of_institutions([institution.pk]).filter(
        consultation=consultation, state=EndorsementState.SIGNED, released=True
    )
    return endorsements.with_rows(found).prefetch_related("version__translations")


def _held(institution: Institution, consultation: Consultation) -> dict[int, Endorsement]:
    """What stands, and over it what waits for a signature on the current text, by principle number."""
    found = endorsements.of_institutions([institution.pk]).filter(consultation=consultation)
    rows = list(endorsements.with_rows(found))
    live = [each for each in rows if each.state == EndorsementState.SIGNED and each.released]
    proposed = [each for each in rows if each.state in endorsements.OPEN]
    live += [each for each in proposed if each.version_id == each.principle.current_id]
    return {each.principle.number: each for each in live}


def _change(held: Endorsement, row: Row) -> Change:
    before = texts.translation(held.version, row.language.lower())
    changed = Change(**vars(row))
    changed.held = changed.position = held.position
    changed.statement, changed.statement_language = held.statement, held.language if held.statement else ""
    changed.earlier = held.version.number
    changed.title_redline = redline.as_html(redline.redline(before.title, row.title))
    changed.redline = redline.as_html(redline.redline(before.body, row.body))
    return changed
