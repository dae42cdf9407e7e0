"""What waits for a decision, who holds it, what was decided. Knows no particular kind of content."""

from consultation.moderation.models.cases import Case, CaseReason, Rank, Reason
from consultation.moderation.models.decisions import UNDO_WITHIN, Action, Decision
from consultation.moderation.models.flags import Flag
from consultation.moderation.models.items import Item, Party
from consultation.moderation.models.looks import Look
from consultation.moderation.models.notes import CaseNote
from consultation.moderation.models.readers import LanguageRead, Opinion
from consultation.moderation.models.switches import SignalSwitch

__all__ = [
    "UNDO_WITHIN",
    "Action",
    "Case",
    "CaseNote",
    "CaseReason",
    "Decision",
    "Flag",
    "Item",
    "LanguageRead",
    "Look",
    "Opinion",
    "Party",
    "Rank",
    "Reason",
    "SignalSwitch",
]
