from __future__ import annotations

from datetime import datetime

from accounts.models import User
from consultation.kit.refusal import NotFound
from consultation.kit.verb import verb
from consultation.texts import arranging, rules, steps
from consultation.texts.models import Change, Principle, PrincipleVersion


@verb
def publish_version(
    actor: User | None,
    *,
    consultation_id: int,
    number: int,
    texts: dict[str, tuple[str, str]],
    change: Change,
    notes: dict[str, str],
    at: datetime,
) -> PrincipleVersion:
    """The principle has a new current version; after a substantive one endorsements are to be re-affirmed.

    Refuses: not-found, no-role, principle-withdrawn.
    """
    rows = Principle.objects.filter(consultation=consultation_id, number=number)
    rows.select_for_update(no_key=True, of=("self",)).first()
    principle = rows.select_related("consultation").first()
    if principle is None:
        raise NotFound
    rules.may_edit(actor, principle).require()
    version = steps.publish_version(actor, principle, texts, change=change, notes=notes, at=at)
    arranging.note(principle.consultation, at=at)
    return version
