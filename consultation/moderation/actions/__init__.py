"""The public writers of moderation."""

from consultation.moderation.actions.claiming import LEASE, claim_case, claim_next, release_case
from consultation.moderation.actions.deciding import decide_case
from consultation.moderation.actions.roles import take_role

__all__ = [
    "LEASE",
    "claim_case",
    "claim_next",
    "decide_case",
    "release_case",
    "take_role",
]
