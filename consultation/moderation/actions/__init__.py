"""The public writers of moderation."""

from consultation.moderation.actions.appealing import appeal_decision
from consultation.moderation.actions.bulk import MOST_AT_ONCE, Undecided, decide_cases
from consultation.moderation.actions.claiming import (
    LEASE,
    claim_case,
    claim_next,
    leave_case,
    release_case,
    renew_lease,
)
from consultation.moderation.actions.deciding import Ruling, decide_case
from consultation.moderation.actions.looking import note_looks
from consultation.moderation.actions.noting import write_note
from consultation.moderation.actions.reading import ask_opinion, give_opinion, state_languages
from consultation.moderation.actions.roles import take_role
from consultation.moderation.actions.switching import switch_signals
from consultation.moderation.actions.undoing import undo_decision

__all__ = [
    "LEASE",
    "MOST_AT_ONCE",
    "Ruling",
    "Undecided",
    "appeal_decision",
    "ask_opinion",
    "claim_case",
    "claim_next",
    "decide_case",
    "decide_cases",
    "give_opinion",
    "leave_case",
    "note_looks",
    "release_case",
    "renew_lease",
    "state_languages",
    "switch_signals",
    "take_role",
    "undo_decision",
    "write_note",
]
