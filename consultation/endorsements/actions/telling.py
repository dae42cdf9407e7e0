"""Whatever is done in an institution's name is mailed at once to all who manage it or sign for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation

from accounts import queries as accounts
from accounts import steps as account_steps
from accounts.models import Institution, SiteRole, User
from consultation.endorsements.models import Endorsement
from consultation.post import steps as post
from consultation.texts import queries as texts
from consultation.texts.models import Consultation


def tell(
    kind: str,
    actor: User,
    institution: Institution,
    rows: Sequence[Endorsement],
    *,
    at: datetime,
    **facts: Any,
) -> None:
    """Write to everybody who manages the institution or signs for it; nothing where nothing was done."""
    if rows:
        people = accounts.managers_and_signatories(institution, at=at)
        _write(kind, people, actor, institution, rows, at=at, url=own_url(rows[0], institution), **facts)


def tell_those_who_look_after(
    kind: str, actor: User, institution: Institution, row: Endorsement, *, at: datetime, **facts: Any
) -> None:
    """Write to the secretariat of the consultation and to those who keep the registry."""
    secretariat = texts.secretariat_of(row.consultation)
    registrars = accounts.site_roles_in_force().filter(role=SiteRole.Role.REGISTRAR)
    keys = {*secretariat.values_list("person", flat=True), *registrars.values_list("person", flat=True)}
    people = User.objects.filter(pk__in=keys, is_active=True).order_by("pk")
    url = f"/consultations/{row.consultation.slug}/endorsements/{row.pk}/"
    _write(kind, people, actor, institution, [row], at=at, url=url, **facts)


def own_url(row: Endorsement, institution: Institution) -> str:
    """The path of the page on which an institution finds all that was done in its name on this text."""
    return f"/consultations/{row.consultation.slug}/endorsements/own/{institution.slug}/"


def _write(
    kind: str,
    people: Iterable[User],
    actor: User,
    institution: Institution,
    rows: Sequence[Endorsement],
    *,
    at: datetime,
    **facts: Any,
) -> None:
    for person in people:
        with translation.override(person.language):
            principles = ", ".join(
                f"{each.principle.number} ({each.get_position_display()})" for each in rows
            )
        context = {
            "institution": account_steps.name_of(institution),
            "title": _title(rows[0].consultation, person),
            "principles": principles,
            "person": str(actor),
            "at": at.isoformat(),
            **facts,
        }
        post.write(kind, person=person, context=context, not_before=at)


def _title(consultation: Consultation, person: User) -> str:
    return consultation.title(person.language)
