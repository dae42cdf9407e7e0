"""Who speaks: people, institutions, and the mandate of one to act for the other."""

from accounts.models.institutions import (
    Institution,
    InstitutionDomain,
    InstitutionEvidence,
    InstitutionInquiry,
    InstitutionState,
    InstitutionType,
    InstitutionVersion,
    Joining,
    Signatures,
    VerifiedHow,
)
from accounts.models.mandates import Invitation, JoinRequest, Mandate, Power
from accounts.models.people import ApiToken, People, Scope, SiteRole, User

__all__ = [
    "ApiToken",
    "Institution",
    "InstitutionDomain",
    "InstitutionEvidence",
    "InstitutionInquiry",
    "InstitutionState",
    "InstitutionType",
    "InstitutionVersion",
    "Invitation",
    "JoinRequest",
    "Joining",
    "Mandate",
    "People",
    "Power",
    "Scope",
    "Signatures",
    "SiteRole",
    "User",
    "VerifiedHow",
]
