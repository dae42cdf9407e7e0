from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultation.kit.refusal import NotFound
from consultation.kit.verb import verb
from consultation.moderation import rules, wording
from consultation.moderation.models import Case, CaseNote
from consultation.record.steps import record


@verb
def write_note(actor: User, *, case_id: UUID, words: str, at: datetime) -> CaseNote:
    """The other moderators of the consultation read it beside the case; it stays as it is.

    Refuses: not-found, no-role, own-institution, invalid (words).
    """
    cases = Case.objects.select_related("item__institution", "consultation")
    case = cases.filter(pk=case_id).first()
    if case is None:
        raise NotFound
    rules.may_see_notes(actor, case, at=at).require()
    note = CaseNote.objects.create(case=case, person=actor, words=wording.fit("words", words), at=at)
    record(actor, "note.written", note)
    return note
