"""Who signed, as everybody may read it: a name only where the person said so, else the office."""

from __future__ import annotations

from dataclasses import dataclass

from consultation.endorsements.models import Endorsement


@dataclass(frozen=True)
class Signature:
    """One signature under a position. `name` is empty unless the person let it be shown.

    `former` is the number of a former representative, where the person let the name be shown and was erased.
    """

    name: str = ""
    office: str = ""
    former: int | None = None


def of(endorsement: Endorsement) -> list[Signature]:
    """The signatures in their order: none of what is only proposed, or was recorded without an office.

    A name is the one under which it was signed, whatever the person is called now.
    """
    if endorsement.recorded:
        return [Signature(office=endorsement.office)] if endorsement.office else []
    found = []
    if endorsement.first_signed_at is not None:
        former = endorsement.first_former if endorsement.first_name_shown else None
        found.append(Signature(endorsement.first_signed_name, endorsement.first_office, former))
    if endorsement.signed_at is not None:
        former = endorsement.former if endorsement.name_shown else None
        found.append(Signature(endorsement.signed_name, endorsement.office, former))
    return found
