"""For whom a reader may act: the institutions, and which acts are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest

from accounts import queries as accounts
from accounts.models import Institution, Power
from consultation.comments import queries as comments
from consultation.comments.models import LateAdmission
from consultation.comments.rules import MEDDLED
from consultation.texts.models import Act, Consultation
from consultation.web.acts import person_of


@dataclass(frozen=True)
class Hats:
    """The institutions for which a reader may contribute, and what the clock allows now."""

    institutions: Sequence[Institution] = field(default_factory=tuple)
    commenting: bool = False
    discussing: bool = False
    endorsing: bool = False
    # By what one of them may comment although the round closed.
    admitted: LateAdmission | None = None

    def chosen(self, slug: str) -> Institution | None:
        """The institution of this slug, or the only one where none is named."""
        if not slug and len(self.institutions) == 1:
            return self.institutions[0]
        return next((each for each in self.institutions if each.slug == slug), None)


def of(request: HttpRequest, consultation: Consultation, power: Power | None = Power.CONTRIBUTE) -> Hats:
    """What the request's person may do in this consultation at the moment of its arrival.

    One query; one more for those who come after closing.
    """
    person = person_of(request)
    at = request.received_at  # type: ignore[attr-defined]
    rounds = list(consultation.rounds.all())
    worn = accounts.institutions_of(person, power, at=at) if person else ()
    institutions = [each for each in worn if each.state not in MEDDLED]
    commenting = any(each.opens(Act.COMMENT, at=at) for each in rounds)
    late = bool(institutions) and not commenting
    admitted = comments.admission_in_force(consultation, institutions, at=at) if late else None
    return Hats(
        institutions,
        commenting=commenting or admitted is not None,
        discussing=any(each.opens(Act.DISCUSS, at=at) for each in rounds),
        endorsing=any(each.opens(Act.ENDORSE, at=at) for each in rounds),
        admitted=admitted,
    )
