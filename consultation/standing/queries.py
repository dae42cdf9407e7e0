"""What the site keeps about a person, to be handed to them; every relation to a person is named here.

A room above this one adds what it keeps by `also_kept` from its `handlers.register`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import Model, Q, QuerySet

from accounts.models import (
    ApiToken,
    Institution,
    InstitutionEvidence,
    InstitutionInquiry,
    Invitation,
    JoinRequest,
    Mandate,
    SiteRole,
    User,
)
from consultation.comments.models import Comment, CommentDraft, CommentRevision, Cosignature
from consultation.endorsements.models import Endorsement
from consultation.kit.models import Claim
from consultation.moderation.models import (
    Case,
    CaseNote,
    Decision,
    Flag,
    LanguageRead,
    Look,
    Opinion,
    SignalSwitch,
)
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.site.models import SitePageVersion, TermsAcceptance
from consultation.texts.models import ConsultationRole, LicenceAcceptance

Row = dict[str, Any]

# Relations to a person of which nothing is handed out, each with its reason.
EXEMPT: dict[str, str] = {
    "pghistory.MiddlewareEvents.user": "pghistory's own view of all histories at once: it has no table.",
}


@dataclass(frozen=True)
class Kept:
    """A part of what is kept: a table, the fields by which it knows a person, and what is handed out of it.

    `columns` maps the name under which a value is handed out to its path. Never in it: what opens a door
    (hashes, secrets, keys of sessions), and the addresses of others.
    """

    name: str
    model: type[Model]
    by: tuple[str, ...]
    columns: Mapping[str, str]

    def rows(self, person: User) -> list[Row]:
        """The rows that know the person, the oldest first."""
        known = Q()
        for field in self.by:
            known |= Q(**{field: person.pk})
        found = self.model._default_manager.filter(known).order_by("pk")
        paths = found.values_list(*self.columns.values())
        return [dict(zip(self.columns, values, strict=True)) for values in paths]


def kept(name: str, model: type[Model], by: str, own: str, **paths: str) -> Kept:
    """`own` are columns of the table by their own names; `paths` lead to what they are called elsewhere."""
    return Kept(name, model, tuple(by.split()), {**{each: each for each in own.split()}, **paths})


def _history(name: str, label: str, by: str, own: str) -> Kept:
    return kept(name, apps.get_model(label), by, own, noted_at="pgh_created_at", what="pgh_label")


_PLACE = {"consultation": "consultation__slug", "institution": "institution__current__name"}
_POINT = {**_PLACE, "principle": "principle__number"}
_OF_ITEM = "item__consultation__slug"
_PARTS = [
    kept("account", User, "pk", "name email language timezone joined_at last_login demonstration is_active"),
    kept("addresses", EmailAddress, "user", "email verified primary"),
    kept("accounts_elsewhere", SocialAccount, "user", "provider uid extra_data", since="date_joined"),
    kept("second_factors", Authenticator, "user", "type last_used_at", since="created_at"),
    kept("sessions", UserSession, "user", "ip user_agent last_seen_at", since="created_at"),
    kept("tokens", ApiToken, "person", "name scopes made_at expires_at last_used_at"),
    kept(
        "mandates",
        Mandate,
        "person",
        "powers evidence starts_at until ended_at",
        institution="institution__current__name",
    ),
    kept("site_roles", SiteRole, "person", "role since ended_at"),
    kept("roles", ConsultationRole, "person", "role since ended_at", consultation="consultation__slug"),
    kept(
        "invitations_sent",
        Invitation,
        "invited_by",
        "powers state sent_at settled_at",
        institution="institution__current__name",
    ),
    kept(
        "requests_to_join",
        JoinRequest,
        "person",
        "state asked_at settled_at",
        institution="institution__current__name",
    ),
    kept(
        "requests_settled",
        JoinRequest,
        "settled_by",
        "state settled_at",
        institution="institution__current__name",
    ),
    kept(
        "institutions_settled",
        Institution,
        "settled_by",
        "state settled_at reason verified_note",
        institution="current__name",
    ),
    kept(
        "inquiries",
        InstitutionInquiry,
        "asked_by",
        "words asked_at",
        institution="institution__current__name",
    ),
    kept(
        "evidence",
        InstitutionEvidence,
        "given_by",
        "note filename given_at",
        institution="institution__current__name",
    ),
    kept(
        "terms_accepted",
        TermsAcceptance,
        "person",
        "at",
        language="version__language",
        number="version__number",
    ),
    kept("licences_accepted", LicenceAcceptance, "person", "licence at", consultation="consultation__slug"),
    kept("comments", Comment, "author", "reference state visibility made_at submitted_at", **_POINT),
    kept(
        "drafts",
        CommentDraft,
        "saved_by",
        "kind body proposed_text passage language saved_at",
        institution="comment__institution__current__name",
    ),
    kept(
        "revisions",
        CommentRevision,
        "author",
        "number kind body proposed_text passage language at",
        reference="comment__reference",
    ),
    kept(
        "cosignatures",
        Cosignature,
        "person",
        "stance at ended_at",
        reference="comment__reference",
        institution="institution__current__name",
    ),
    kept(
        "positions",
        Endorsement,
        "proposed_by signed_by",
        "position statement language state made_at signed_at ended_at",
        version="version__number",
        **_POINT,
    ),
    kept("signatures", Endorsement, "signed_by", "office name_shown signed_name signed_at", **_POINT),
    kept(
        "first_signatures",
        Endorsement,
        "first_signed_by",
        "",
        office="first_office",
        name_shown="first_name_shown",
        signed_name="first_signed_name",
        signed_at="first_signed_at",
        **_POINT,
    ),
    kept(
        "letters_recorded",
        Endorsement,
        "recorded_by",
        "made_at",
        at="letter_dated",
        filename="letter_filename",
        **_POINT,
    ),
    kept("cases_held", Case, "holder", "opened_at lease_until", consultation="consultation__slug"),
    kept("cases_escalated", Case, "escalated_by", "opened_at", consultation="consultation__slug"),
    kept(
        "decisions",
        Decision,
        "person",
        "action message at",
        clause="clause__number",
        consultation="item__consultation__slug",
    ),
    kept("languages_read", LanguageRead, "person", "language"),
    kept("notes", CaseNote, "person", "words at", consultation="case__consultation__slug"),
    kept("opinions_asked", Opinion, "asked_by", "question asked_at", consultation="case__consultation__slug"),
    kept(
        "opinions_given",
        Opinion,
        "person",
        "asked_at words given_at",
        consultation="case__consultation__slug",
    ),
    kept("flags", Flag, "person", "revision note at", clause="clause__number", consultation=_OF_ITEM),
    kept("looks", Look, "person", "revision door at", consultation="consultation__slug"),
    kept("signals_switched", SignalSwitch, "person", "code on at", consultation="consultation__slug"),
    kept("pages_published", SitePageVersion, "by", "number language title published_at", page="page__key"),
    kept("mails", Message, "person", "kind address subject body made_at sent_at"),
    kept("claims", Claim, "person", "path status made_at"),
    kept("record", Entry, "actor", "number at kind subject_kind subject_key", stream="stream__consultation"),
    _history("history_of_site_roles", "accounts.SiteRoleEvent", "person", "role since ended_at"),
    _history(
        "history_of_roles",
        "consultation.ConsultationRoleEvent",
        "person",
        "consultation_id role since ended_at",
    ),
    _history(
        "history_of_mandates",
        "accounts.MandateEvent",
        "person",
        "institution_id powers evidence starts_at until ended_at",
    ),
    _history(
        "history_of_institutions",
        "accounts.InstitutionEvent",
        "settled_by",
        "slug state verified_how settled_at",
    ),
]


def also_kept(part: Kept) -> None:
    """A room above keeps this about people."""
    if part not in _PARTS:
        _PARTS.append(part)


def parts() -> tuple[Kept, ...]:
    """All that is kept about people, table by table."""
    return tuple(_PARTS)


def everything_about(person: User) -> dict[str, list[Row]]:
    """All that is kept about the person, by part. For one instant's view, call it inside a snapshot."""
    return {
        **{part.name: part.rows(person) for part in _PARTS},
        "invitations_received": _invitations_to(person),
    }


def person_at(address: str) -> User | None:
    """Whose account is under this address, whatever its case; None where there is none."""
    return User.objects.filter(email__iexact=address.strip()).first()


def erasures() -> QuerySet[Entry]:
    """Who was erased, by number, the newest first: what a restored backup has to go through again."""
    return Entry.objects.filter(kind="person.erased").order_by("-number")


def _invitations_to(person: User) -> list[Row]:
    addresses = EmailAddress.objects.filter(user=person).values("email")
    found = Invitation.objects.filter(email__in=addresses).order_by("pk")
    return [dict(row) for row in found.values("email", "powers", "sent_at", "expires_at")]
