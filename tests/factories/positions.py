from __future__ import annotations

from typing import Any

from accounts.models import Institution, User
from consultation.endorsements.actions import Choice, take_positions
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.texts import queries
from consultation.texts.models import Consultation
from tests.factories import texts
from tests.factories.institutions import manager, representative, verified_institution


def endorsement(
    consultation: Consultation | None = None,
    institution: Institution | None = None,
    *,
    by: User | None = None,
    principle: int = 1,
    position: str = "endorse",
    statement: str = "",
    language: str = "en",
    name_shown: bool = False,
) -> Endorsement:
    """A signed position on the current version: in effect, unless a statement or the institution waits."""
    consultation = consultation or texts.consultation()
    institution = institution or verified_institution()
    current = queries.principle(consultation, principle).current
    [taken] = take_positions(
        by or manager(institution),
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        choices=[Choice(principle, current.number, position, statement)],
        language=language,
        name_shown=name_shown,
        at=clock.now(),
    )
    return Endorsement.objects.select_related("institution", "principle", "version", "item").get(pk=taken.pk)


def proposal(
    consultation: Consultation | None = None, institution: Institution | None = None, **fields: Any
) -> Endorsement:
    """A position that a contributor proposed and nobody signed yet."""
    institution = institution or verified_institution()
    return endorsement(consultation, institution, by=representative(institution), **fields)
