from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from consultation.kit.verb import verb
from consultation.texts import drafts, editing, importing, rules, steps
from consultation.texts.actions.drafting import moved_on
from consultation.texts.models import Principle
from consultation.texts.source import Edition


@verb
def import_drafts(
    actor: User | None, *, consultation_id: int, editions: Sequence[Edition], base: str, at: datetime
) -> list[Principle]:
    """What these files say otherwise than the text that is being written is its draft, for the secretariat.

    Principles that are new are added with the number and heading that they have in the files. Nothing is
    public, and nothing is taken away. `base` is that of the plan that the actor saw.
    Refuses: not-found, no-role, draft-moved-on.
    """
    consultation = steps.lock_consultation(consultation_id)
    rules.may_publish(actor, consultation).require()
    list(
        consultation.principles.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk")
    )
    writings = drafts.writings(drafts.principles(consultation))
    if importing.base_of(writings) != base:
        raise moved_on()
    principles = {each.principle.number: each.principle for each in writings}
    changes = importing.plan(consultation, writings, editions).changes
    for line in changes:
        if line.number not in principles:
            headings = {
                each.language: each.heading for each in changes if each.number == line.number and each.heading
            }
            principles[line.number] = editing.add_principle(
                actor, consultation, headings=headings, number=line.number
            )
        editing.write_draft(principles[line.number], line.language, line.after)
    return [principles[number] for number in sorted({line.number for line in changes})]
