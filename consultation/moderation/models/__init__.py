"""What waits for a decision, who holds it, what was decided. Knows no particular kind of content."""

from consultation.moderation.models.cases import Case, CaseReason, Reason
from consultation.moderation.models.decisions import Action, Decision
from consultation.moderation.models.items import Item, Party

__all__ = [
    "Action",
    "Case",
    "CaseReason",
    "Decision",
    "Item",
    "Party",
    "Reason",
]
