from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.models import User
from consultation.kit.verb import verb
from consultation.moderation.models import Item, Look


@verb
def note_looks(actor: User, *, seen: Collection[tuple[UUID, int]], door: str, at: datetime) -> int:
    """It is kept for ever that the actor read these revisions of these items (keys); how many.

    The record says nothing of it: nothing happened to what was read.
    """
    places = dict(
        Item.objects.filter(pk__in={key for key, _revision in seen}).values_list("pk", "consultation")
    )
    looks = [
        Look(item_id=key, consultation_id=places[key], revision=revision, person=actor, door=door, at=at)
        for key, revision in dict.fromkeys(seen)
        if key in places
    ]
    return len(Look.objects.bulk_create(looks))
