"""Who holds which role, over the site or in one consultation, and what can be given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts.actions import give_site_role, take_site_role
from accounts.models import SiteRole, User
from consultation.kit.verb import Verb
from consultation.moderation.actions import take_role
from consultation.texts import queries as texts
from consultation.texts.actions import give_role
from consultation.texts.models import Consultation, ConsultationRole
from consultation.texts.rules import may_appoint_secretariat

Role = ConsultationRole.Role


@dataclass(frozen=True)
class Row:
    """One role in force."""

    pk: int
    person: User
    role: str
    since: datetime


@dataclass(frozen=True)
class RoleDesk:
    """Where the roles of the site, or of one consultation, are given and taken, and by which verbs."""

    title: str
    back: str
    back_words: str
    rows: Sequence[Row]
    # The roles that can be given here, with their names.
    choices: Sequence[tuple[str, Any]]
    give: Verb[Any, Any]
    take: Verb[Any, Any]
    # What the verbs have to know besides.
    where: dict[str, int]
    # A registrar appoints a secretariat, and takes nothing.
    takes: bool = True

    def row(self, key: str) -> Row | None:
        """The role in force with this key, as an address or a form names it."""
        return next((each for each in self.rows if str(each.pk) == key), None)


def of_site() -> RoleDesk:
    """The roles over the whole site."""
    return RoleDesk(
        title=_("Roles of the site"),
        back=reverse("office:site"),
        back_words=_("Set-up"),
        rows=_rows(accounts.site_role_holders()),
        choices=SiteRole.Role.choices,
        give=give_site_role,
        take=take_site_role,
        where={},
    )


def of_consultation(person: User, slug: str) -> RoleDesk | None:
    """The roles of one consultation, for its secretariat; for a registrar where it has none."""
    found = texts.consultations_with_role(person, Role.SECRETARIAT).filter(slug=slug).first()
    if found is not None:
        return _of(found, Role.choices, takes=True)
    orphan = texts.without_secretariat().filter(slug=slug).first()
    if orphan is not None and may_appoint_secretariat(person, orphan):
        return _of(orphan, [(Role.SECRETARIAT, Role.SECRETARIAT.label)], takes=False)
    return None


def without_secretariat(person: User) -> list[dict[str, str]] | None:
    """The consultations for which a registrar appoints a secretariat; None for everybody else."""
    if not accounts.has_site_role(person, SiteRole.Role.REGISTRAR):
        return None
    reader = get_language() or "en"
    return [
        {"title": each.title(reader), "url": reverse("office:secretariat_roles", args=[each.slug])}
        for each in texts.without_secretariat()
    ]


def _of(found: Consultation, choices: Sequence[tuple[str, Any]], *, takes: bool) -> RoleDesk:
    address = reverse("office:secretariat_consultation", args=[found.slug])
    return RoleDesk(
        title=_("Roles in this consultation"),
        back=address if takes else reverse("office:secretariat"),
        back_words=found.title(get_language() or found.authoritative) if takes else _("Secretariat"),
        rows=_rows(texts.roles_in_force(found)),
        choices=choices,
        give=give_role,
        take=take_role,
        where={"consultation_id": found.pk},
        takes=takes,
    )


def _rows(roles: Iterable[SiteRole | ConsultationRole]) -> list[Row]:
    return [Row(each.pk, each.person, each.get_role_display(), each.since) for each in roles]
