"""Who acts for an institution, who is invited, and who asks to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import queries as accounts
from accounts import rules
from accounts.free_mail import is_free
from accounts.models import Institution, Invitation, JoinRequest, Mandate, Power
from consultation.kit.refusal import NotFound
from consultation.pages.people_forms import POWERS
from consultation.web.acts import person_of
from consultation.web.answers import new_claim, the_person

PAST = 50
SOON = timedelta(days=30)


def own_institution(request: HttpRequest, slug: str) -> Institution:
    """The institution of this address, for which the person acts. Raises Refusal `not-found` for others."""
    person, at = the_person(request), _at(request)
    found = accounts.visible_to(person, at=at).filter(slug=slug).first()
    if found is None or not rules.may_see_people(person, found, at=at):
        raise NotFound
    return found


def _at(request: HttpRequest) -> datetime:
    return request.received_at  # type: ignore[attr-defined]


def page(request: HttpRequest, institution: Institution) -> dict[str, Any]:
    """Everybody who acts or acted for the institution; for its managers also who is to come."""
    person, at = the_person(request), _at(request)
    current, over = accounts.mandates_of(institution, at=at)
    manages = bool(rules.may_manage(person, institution, at=at))
    return {
        "institution": institution,
        "manages": manages,
        "people": [
            {**line(each, at=at), "own": each.person_id == person.pk, "url": _change(each, institution)}
            if manages or each.person_id == person.pk
            else line(each, at=at)
            for each in current
        ],
        "past": [_past(each) for each in over[:PAST]],
        **(_to_come(institution, at=at) if manages else {}),
    }


def _change(mandate: Mandate, institution: Institution) -> str:
    return reverse("pages:mandate", args=[institution.slug, mandate.pk])


def line(mandate: Mandate, *, at: datetime) -> dict[str, Any]:
    """One mandate in words."""
    last = at.astimezone(UTC).date() + SOON
    return {
        "mandate": mandate,
        "name": str(mandate.person),
        "powers": power_names(mandate.powers),
        "evidence": mandate.get_evidence_display(),
        "soon": mandate.until is not None and mandate.until <= last,
    }


def _past(mandate: Mandate) -> dict[str, Any]:
    ended = mandate.ended_at.date() if mandate.ended_at else mandate.until
    return {
        "name": str(mandate.person),
        "powers": power_names(mandate.powers),
        "from": mandate.starts_at,
        "ended": ended,
    }


def power_names(powers: Iterable[str]) -> str:
    """The powers in one line."""
    return ", ".join(str(Power(power).label) for power in powers)


def power_sentences(powers: Iterable[str]) -> list[str]:
    """The powers, each with what it opens."""
    held = set(powers)
    return [str(sentence) for power, sentence in POWERS if power in held]


def _to_come(institution: Institution, *, at: datetime) -> dict[str, Any]:
    waiting = list(accounts.waiting_to_join(institution))
    addresses = accounts.addresses_at(institution, [each.person_id for each in waiting])
    managing = set(accounts.managers(institution, at=at).values_list("pk", flat=True))
    return {
        "waiting": [
            {
                "request": each,
                "name": str(each.person),
                "addresses": addresses.get(each.person_id, []),
                "url": reverse("pages:join_request", args=[institution.slug, each.pk]),
            }
            for each in waiting
        ],
        "invitations": [
            _invitation(each, institution, at=at, managing=managing)
            for each in accounts.open_invitations(institution)
        ],
        "domains": own_domains(institution),
    }


def own_domains(institution: Institution) -> list[str]:
    """The domains by which people can join."""
    domains = institution.domains.order_by("domain").values_list("domain", flat=True)
    return [domain for domain in domains if not is_free(domain)]


def _invitation(
    invitation: Invitation, institution: Institution, *, at: datetime, managing: set[int]
) -> dict[str, Any]:
    post = reverse("pages:people", args=[institution.slug])
    lasts = invitation.until is None or invitation.until >= at.astimezone(UTC).date()
    by = invitation.invited_by_id
    acts = [("renew", _("Send the link again"))] if rules.may_renew(invitation, at=at) else []
    return {
        "invitation": invitation,
        "powers": power_names(invitation.powers),
        "over": invitation.expires_at <= at or not lasts or by not in managing,
        "acts": [
            {
                "post": post,
                "label": label,
                "hidden": {"do": do, "invitation": str(invitation.pk), "claim": new_claim()},
            }
            for do, label in [*acts, ("withdraw", _("Take it back"))]
        ],
    }


def mandate_of(institution: Institution, pk: UUID, *, at: datetime) -> Mandate:
    """A mandate of the institution that is in force. Raises Refusal `not-found`."""
    current, _over = accounts.mandates_of(institution, at=at)
    found = current.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def request_of(institution: Institution, pk: UUID) -> dict[str, Any]:
    """Somebody who waits to join the institution. Raises Refusal `not-found`."""
    found: JoinRequest | None = accounts.waiting_to_join(institution).filter(pk=pk).first()
    if found is None:
        raise NotFound
    addresses = accounts.addresses_at(institution, [found.person_id])
    return {"request": found, "name": str(found.person), "addresses": addresses.get(found.person_id, [])}


def ways_in(request: HttpRequest, institution: Institution) -> dict[str, str]:
    """Where the institution's page leads its reader: to its people, or to asking to be one of them."""
    person, at = person_of(request), _at(request)
    if person is None:
        return {}
    if rules.may_see_people(person, institution, at=at):
        return {"label": _("Who acts for it"), "url": reverse("pages:people", args=[institution.slug])}
    if institution.verified and rules.may_ask_to_join(person, institution, at=at):
        return {"label": _("Ask to join"), "url": reverse("pages:join", args=[institution.slug])}
    return {}
