"""Everything that is kept about somebody, in words for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultation.kit.snapshot import snapshot
from consultation.standing import queries as standing
from consultation.standing.queries import Kept, Row

PARTS = {
    "account": _("Your account"),
    "addresses": _("Your addresses"),
    "accounts_elsewhere": _("Accounts elsewhere"),
    "second_factors": _("Second factor"),
    "sessions": _("Browsers"),
    "tokens": _("Tokens"),
    "mandates": _("Mandates"),
    "site_roles": _("Roles on this site"),
    "roles": _("Roles in consultations"),
    "invitations_sent": _("Invitations you sent"),
    "invitations_received": _("Invitations to you"),
    "requests_to_join": _("Institutions you asked to join"),
    "requests_settled": _("Requests to join that you decided"),
    "institutions_settled": _("Institutions you decided on"),
    "inquiries": _("Questions you put to institutions"),
    "evidence": _("Evidence you gave for institutions"),
    "terms_accepted": _("Terms you accepted"),
    "licences_accepted": _("Licences you accepted"),
    "comments": _("Comments"),
    "drafts": _("Drafts you saved last"),
    "revisions": _("Words of your comments"),
    "cosignatures": _("Comments you co-signed or disagreed with"),
    "positions": _("Positions you proposed or signed"),
    "signatures": _("Your signatures"),
    "first_signatures": _("Your signatures as the first of two"),
    "letters_recorded": _("Letters you recorded"),
    "cases_held": _("Cases you hold"),
    "cases_escalated": _("Cases you left to others"),
    "decisions": _("Decisions you took as a moderator"),
    "languages_read": _("Languages you read"),
    "notes": _("Notes you wrote for other moderators"),
    "opinions_asked": _("Opinions you asked for"),
    "opinions_given": _("Opinions you were asked for"),
    "flags": _("Comments you flagged"),
    "looks": _("Words not public that you read by your role"),
    "signals_switched": _("Signals you switched"),
    "pages_published": _("Site pages you published"),
    "mails": _("Mails to you"),
    "claims": _("Forms you sent in the last day"),
    "record": _("What you did, as the record has it"),
    "history_of_site_roles": _("History of your roles on this site"),
    "history_of_roles": _("History of your roles in consultations"),
    "history_of_mandates": _("History of your mandates"),
    "history_of_institutions": _("History of institutions you decided on"),
    "digests_asked_for": _("Digests you asked for"),
}
COLUMNS = {
    "action": _("Decision"),
    "address": _("Address"),
    "asked_at": _("Asked"),
    "at": _("When"),
    "body": _("Text"),
    "clause": _("Clause"),
    "code": _("Signal"),
    "consultation": _("Consultation"),
    "door": _("Where"),
    "consultation_id": _("Consultation"),
    "demonstration": _("For demonstration"),
    "email": _("Address"),
    "ended_at": _("Ended"),
    "evidence": _("Evidence"),
    "expires_at": _("Ends"),
    "extra_data": _("Details"),
    "filename": _("File"),
    "given_at": _("When"),
    "institution": _("Institution"),
    "institution_id": _("Institution"),
    "ip": _("Network address"),
    "is_active": _("In use"),
    "joined_at": _("Since"),
    "kind": _("Kind"),
    "language": _("Language"),
    "last_login": _("Last sign-in"),
    "last_seen_at": _("Last used"),
    "last_used_at": _("Last used"),
    "lease_until": _("Until"),
    "licence": _("Licence"),
    "made_at": _("Made"),
    "message": _("Text"),
    "name": _("Name"),
    "note": _("Note"),
    "name_shown": _("Name shown"),
    "noted_at": _("Noted"),
    "number": _("Number"),
    "on": _("Switched on"),
    "office": _("Office"),
    "opened_at": _("Opened"),
    "page": _("Page"),
    "passage": _("Passage"),
    "path": _("Page"),
    "position": _("Position"),
    "powers": _("Powers"),
    "primary": _("The one we write to"),
    "principle": _("Principle"),
    "proposed_text": _("Proposed wording"),
    "provider": _("Where"),
    "published_at": _("Published"),
    "question": _("Question"),
    "reason": _("Reason"),
    "reference": _("Reference"),
    "requested_at": _("Asked"),
    "revision": _("Revision"),
    "role": _("Role"),
    "saved_at": _("Saved"),
    "scopes": _("What it allows"),
    "sent_at": _("Sent"),
    "settled_at": _("Decided"),
    "signed_at": _("Signed"),
    "signed_name": _("Name"),
    "since": _("Since"),
    "slug": _("Institution"),
    "stance": _("Position"),
    "starts_at": _("Since"),
    "state": _("State"),
    "statement": _("Statement"),
    "status": _("Answer"),
    "stream": _("Consultation"),
    "subject": _("Subject"),
    "subject_key": _("Number of what it is about"),
    "subject_kind": _("Subject"),
    "submitted_at": _("Sent"),
    "timezone": _("Time zone"),
    "title": _("Title"),
    "type": _("Kind"),
    "uid": _("Number"),
    "until": _("Until"),
    "user_agent": _("Browser"),
    "verified": _("Confirmed"),
    "verified_how": _("Verified by"),
    "verified_note": _("Note"),
    "version": _("Version"),
    "visibility": _("Who sees it"),
    "what": _("What"),
    "words": _("Text"),
}


@dataclass(frozen=True)
class Part:
    """One kind of what is kept: what it is called, and its rows as names and values."""

    title: str
    rows: list[list[dict[str, str]]]


def as_json(person: User, *, at: datetime) -> bytes:
    """All of it for programs: JSON, UTF-8, times as ISO 8601."""
    with snapshot():
        everything = standing.everything_about(person)
    whole = {"site": settings.SITE_URL, "at": at, **everything}
    return json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def to_read(person: User) -> dict[str, Any]:
    """All of it for people: the parts that hold something, and the names of those that hold nothing."""
    with snapshot():
        everything = standing.everything_about(person)
    models = {part.name: part for part in standing.parts()}
    parts = [
        Part(str(PARTS[name]), [_facts(row, models.get(name)) for row in rows])
        for name, rows in everything.items()
        if rows
    ]
    return {"parts": parts, "empty": [str(PARTS[name]) for name, rows in everything.items() if not rows]}


def _facts(row: Row, part: Kept | None) -> list[dict[str, str]]:
    return [
        {"name": str(COLUMNS[name]), "value": _in_words(value, _choices(part, name))}
        for name, value in row.items()
        if value not in (None, "", [], {})
    ]


def _choices(part: Kept | None, name: str) -> Mapping[Any, Any]:
    """What the codes of a column stand for; nothing where it has none."""
    path = part.columns[name] if part else ""
    if part is None or "__" in path:
        return {}
    field = part.model._meta.get_field(path)
    field = getattr(field, "base_field", field)
    return dict(field.flatchoices) if isinstance(field, Field) else {}


def _in_words(value: Any, choices: Mapping[Any, Any]) -> str:
    if isinstance(value, list):
        return ", ".join(_in_words(each, choices) for each in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_in_words(each, {})}" for name, each in value.items())
    return str(choices.get(value, value))
