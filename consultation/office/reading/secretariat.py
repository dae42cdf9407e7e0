"""The secretariat's consultations: where each stands, its rounds, texts and roles, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.kit import languages
from consultation.moderation import queries as moderation
from consultation.office.reading import preparing, unread
from consultation.office.reading.preparing import Checklist
from consultation.office.reading.unread import Unread
from consultation.pages.reading import zones
from consultation.texts import queries as texts
from consultation.texts.models import Consultation, ConsultationRole, Round

Role = ConsultationRole.Role


def mine(person: User, *, at: datetime) -> list[dict[str, Any]]:
    """Where each of the person's consultations stands: a fixed number of queries."""
    found = list(
        texts.consultations_with_role(person, Role.SECRETARIAT)
        .prefetch_related("rounds")
        .order_by("-made_at", "-pk")
    )
    waiting = moderation.waiting_by_consultation(found)
    written = comments.totals(found)
    positions = endorsements.effective_totals(found)
    return [
        {
            **_head(each, at=at),
            "waiting": waiting.get(each.pk, 0),
            "comments": written.get(each.pk, 0),
            "positions": positions.get(each.pk, 0),
        }
        for each in found
    ]


def _head(consultation: Consultation, *, at: datetime) -> dict[str, Any]:
    reader = get_language() or "en"
    standing = texts.standing(list(consultation.rounds.all()), at=at)
    return {
        "consultation": consultation,
        "title": consultation.title(reader),
        "url": reverse("office:secretariat_consultation", args=[consultation.slug]),
        "state": standing.state.label if consultation.published_at else _("Not public yet"),
        "round": standing.round,
        "place": zones.place(consultation.zone, reader),
    }


@dataclass(frozen=True)
class Desk:
    """One consultation as its secretariat sees it."""

    consultation: Consultation
    title: str
    state: str
    place: str
    rounds: list[dict[str, Any]]
    principles: list[dict[str, Any]]
    roles: list[dict[str, Any]]
    waiting: int
    comments: int
    positions: int
    queue_url: str
    about: list[Any]
    # What waits in languages that no active moderator reads.
    unread: Unread | None = None
    # While it is not public.
    checklist: Checklist | None = None


def desk(person: User, slug: str, *, at: datetime) -> Desk | None:
    """The desk of one consultation, for its secretariat only."""
    mine = texts.consultations_with_role(person, Role.SECRETARIAT)
    found = mine.filter(slug=slug).prefetch_related("rounds").first()
    if found is None:
        return None
    head, reader = _head(found, at=at), get_language() or "en"
    return Desk(
        consultation=found,
        title=head["title"],
        state=head["state"],
        place=head["place"],
        rounds=[_round(found, each, at=at) for each in found.rounds.all()],
        principles=_principles(found, reader),
        roles=_roles(found),
        waiting=moderation.waiting_by_consultation([found]).get(found.pk, 0),
        comments=comments.totals([found]).get(found.pk, 0),
        positions=endorsements.effective_totals([found]).get(found.pk, 0),
        queue_url=f"{reverse('office:moderation')}?consultation={found.slug}",
        about=preparing.about(found),
        unread=unread.read(found, at=at),
        checklist=None if found.published_at else preparing.checklist(found, at=at),
    )


def _round(consultation: Consultation, each: Round, *, at: datetime) -> dict[str, Any]:
    acts = [("comment", each.opens_comment), ("discuss", each.opens_discuss), ("endorse", each.opens_endorse)]
    return {
        "round": each,
        "purpose": consultation.in_language(each.purposes, get_language() or "en"),
        "runs": each.runs(at=at),
        "acts": [name for name, opened in acts if opened],
    }


def _principles(consultation: Consultation, reader: str) -> list[dict[str, Any]]:
    rows = []
    for principle in texts.principles(consultation):
        version = principle.current
        assert version is not None
        rows.append(
            {
                "number": principle.number,
                "title": texts.translation(version, reader).title,
                "url": reverse("pages:principle", args=[consultation.slug, principle.number]),
                "version": version,
                "languages": [languages.html_lang(each.language) for each in version.translations.all()],
            }
        )
    return rows


def _roles(consultation: Consultation) -> list[dict[str, Any]]:
    return [
        {"person": each.person, "role": each.get_role_display(), "since": each.since}
        for each in texts.roles_in_force(consultation)
    ]
