"""Which words, in which version and language, and when which acts are open."""

from consultation.texts.models.arrangements import Arrangement
from consultation.texts.models.consultations import (
    Consultation,
    ConsultationChange,
    ConsultationState,
    Policy,
    PolicyClause,
)
from consultation.texts.models.people import ConsultationRole, LicenceAcceptance
from consultation.texts.models.principles import Change, Principle, PrincipleVersion, Translation
from consultation.texts.models.rounds import Act, Round, RoundExtension

__all__ = [
    "Act",
    "Arrangement",
    "Change",
    "Consultation",
    "ConsultationChange",
    "ConsultationRole",
    "ConsultationState",
    "LicenceAcceptance",
    "Policy",
    "PolicyClause",
    "Principle",
    "PrincipleVersion",
    "Round",
    "RoundExtension",
    "Translation",
]
