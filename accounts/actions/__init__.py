"""The public writers of accounts."""

from accounts.actions.institutions import choose_signatures, give_evidence, register_institution
from accounts.actions.joining import (
    accept_invitation,
    admit_colleague,
    ask_to_join,
    choose_joining,
    decline_colleague,
    invite_colleague,
    renew_invitation,
    withdraw_invitation,
)
from accounts.actions.mandates import change_mandate, end_mandate, leave_institution
from accounts.actions.people import accept_terms, change_settings
from accounts.actions.site import give_site_role, publish_page, take_site_role
from accounts.actions.tokens import issue_token, revoke_token

__all__ = [
    "accept_invitation",
    "accept_terms",
    "admit_colleague",
    "ask_to_join",
    "change_mandate",
    "change_settings",
    "choose_joining",
    "choose_signatures",
    "decline_colleague",
    "end_mandate",
    "give_evidence",
    "give_site_role",
    "invite_colleague",
    "issue_token",
    "leave_institution",
    "publish_page",
    "register_institution",
    "renew_invitation",
    "revoke_token",
    "take_site_role",
    "withdraw_invitation",
]
