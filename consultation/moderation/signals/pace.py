"""Who sends, and how fast."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from consultation.kit.ids import least_at
from consultation.moderation import queries
from consultation.moderation.models import Item
from consultation.moderation.signals.registry import Contribution
from consultation.texts.models import Policy

MANY = 20
WITHIN = timedelta(minutes=10)


def is_first(given: Contribution) -> bool:
    """Whether nothing of the institution was approved yet; where nothing needs that, whether it sent nothing.

    Under the policy `post` most is never decided on: the second contribution is no first one any more.
    """
    item = given.item
    if queries.approved_before(item.institution, item.consultation):
        return False
    return item.consultation.policy != Policy.POST or not _beside(item).exists()


def many_at_once(given: Contribution) -> bool:
    """Whether the institution began more than MANY contributions here within the last minutes."""
    recent = _beside(given.item).filter(pk__gte=least_at(given.at - WITHIN))
    return recent.count() >= MANY


def _beside(item: Item) -> QuerySet[Item]:
    others = Item.objects.filter(institution=item.institution_id, consultation=item.consultation_id)
    return others.exclude(pk=item.pk)
