"""The public writers of endorsements."""

from consultation.endorsements.actions.choosing import OFFICE_LIMIT
from consultation.endorsements.actions.ending import (
    CONTEST_LIMIT,
    REASON_LIMIT,
    confirm_endorsement,
    contest_endorsement,
    withdraw_endorsement,
)
from consultation.endorsements.actions.recording import record_letter
from consultation.endorsements.actions.taking import (
    Choice,
    reaffirm_endorsement,
    sign_endorsement,
    take_positions,
)

__all__ = [
    "CONTEST_LIMIT",
    "OFFICE_LIMIT",
    "REASON_LIMIT",
    "Choice",
    "confirm_endorsement",
    "contest_endorsement",
    "reaffirm_endorsement",
    "record_letter",
    "sign_endorsement",
    "take_positions",
    "withdraw_endorsement",
]
