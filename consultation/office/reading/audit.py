"""Who did what and who read what in a consultation, for its secretariat: a page at a time, or all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultation.comments import queries as comments
from consultation.endorsements.models import EndorsementState
from consultation.kit import keyset
from consultation.kit.keyset import Key, Ordering
from consultation.kit.sheets import MOMENT, TEXT, WHOLE, YES_NO, Column, Row
from consultation.moderation import queries as moderation
from consultation.moderation.handlers import describe
from consultation.moderation.models import Item, Look
from consultation.pages.reading import events
from consultation.record import queries as record
from consultation.record.models import Entry
from consultation.texts.models import Consultation

SIZE = 50
AT_ONCE = 2000
ACTS = Ordering("acts", (Key("-number", int),))
LOOKS = Ordering("looks", (Key("-at", datetime), Key("-id", int)))
# What the public record does not tell.
WORDS = {
    "case.opened": _("A case was opened."),
    "case.moved_on": _("The case judges newer words."),
    "case.claimed": _("Taken by a moderator."),
    "case.released": _("Given back by a moderator."),
    "case.approve": _("Approved."),
    "case.return": _("Returned for changes."),
    "case.reject": _("Rejected."),
    "case.hide": _("Hidden."),
    "case.restore": _("Shown again."),
    "case.redact": _("Words were redacted."),
    "case.escalated": _("Left to the secretariat."),
    "case.appealed": _("Its author appealed against a decision."),
    "case.undone": _("The decision was undone."),
    "case.uphold": _("The decision was upheld on appeal."),
    "case.reverse": _("The decision was reversed on appeal."),
    "case.overtaken": _("Released by another policy."),
    "comment.correction_declined": _("The correction was declined."),
    "comment.submitted": _("Sent."),
    "comment.held": _("Hidden for review: enough readers flagged it."),
    "comment.withdrawn": _("Withdrawn by its institution."),
    "flag.given": _("Flagged by a reader."),
    "note.written": _("A note for other moderators."),
    "opinion.asked": _("Somebody was asked for an opinion."),
    "opinion.given": _("Somebody gave an opinion."),
    "consultation.created": _("The consultation was created."),
    "consultation.drafted": _("The facts of the consultation were changed before it was published."),
    "principle.added": _("A principle was drafted."),
    "principle.removed": _("The draft of a principle was removed."),
    "clause.removed": _("The draft of a clause was removed."),
    "digest.requested": _("A digest was asked for."),
    "role.given": _("A role was given."),
    "role.taken": _("A role ended."),
    "signal.switched_on": _("The signal “%(key)s” was switched on."),
    "signal.switched_off": _("The signal “%(key)s” was switched off."),
    **{f"endorsement.{state.value}": state.label for state in EndorsementState},
}
ACT_COLUMNS = [
    Column("number", WHOLE, "The entry's number in the record of the consultation."),
    Column("at", MOMENT, "When it happened."),
    Column("kind", TEXT, "What happened."),
    Column("public", YES_NO, "Whether the public record tells of it."),
    Column("person", TEXT, "Who did it; empty where the site did, or where the person was erased."),
    Column("reference", TEXT, "The contribution that it is about."),
    Column("subject_kind", TEXT, "What it happened to."),
    Column("subject_key", TEXT, "Its key."),
    Column("revision", WHOLE, "Which revision."),
    Column("verb", TEXT, "By which act of the site it came about."),
]
LOOK_COLUMNS = [
    Column("at", MOMENT, "When it was read."),
    Column("person", TEXT, "Who read it; empty where the person was erased."),
    Column("reference", TEXT, "The contribution that was read."),
    Column("revision", WHOLE, "Which revision."),
    Column("door", TEXT, "On a page, or by a program."),
]


@dataclass(frozen=True)
class Listing:
    """One page of acts or looks, and the addresses of the next and the previous one."""

    rows: list[dict[str, Any]]
    next_url: str = ""
    previous_url: str = ""


def listing(request: HttpRequest, consultation: Consultation, *, looks: bool) -> Listing:
    """The page that `?cursor=` names, the newest first. Raises CursorRefused."""
    cursor = request.GET.get("cursor") or None
    if looks:
        seen = keyset.page(_looks(consultation).order_by(), LOOKS, size=SIZE, cursor=cursor)
        rows, following, earlier = _looked(seen.results), seen.next_cursor, seen.previous_cursor
    else:
        done = keyset.page(_acts(consultation).order_by(), ACTS, size=SIZE, cursor=cursor)
        rows = _done(done.results, consultation)
        following, earlier = done.next_cursor, done.previous_cursor
    return Listing(rows, _address(following, looks), _address(earlier, looks))


def _address(cursor: str | None, looks: bool) -> str:
    show = "show=looks&" if looks else ""
    return f"?{show}cursor={cursor}" if cursor else ""


def _acts(consultation: Consultation) -> QuerySet[Entry]:
    return record.entries(consultation.pk).select_related("actor")


def _looks(consultation: Consultation) -> QuerySet[Look]:
    return moderation.looks(consultation).select_related("person", "item__principle", "item__consultation")


def _done(entries: Sequence[Entry], consultation: Consultation) -> list[dict[str, Any]]:
    told = events.told([each for each in entries if each.public], consultation)
    sentences = {each.number: each.sentence for each in told}
    about = _references(entries)
    return [
        {
            "number": each.number,
            "at": each.at,
            "person": each.actor,
            "what": sentences.get(each.number) or _in_words(each),
            "reference": "" if each.public else about.get(each.subject_key, ""),
            "url": _case_url(each),
        }
        for each in entries
    ]


def _in_words(entry: Entry) -> str:
    words = WORDS.get(entry.kind)
    if words is None:
        return entry.kind.replace(".", ": ").replace("_", " ")
    return str(words) % {"key": entry.subject_key}


def _case_url(entry: Entry) -> str:
    return reverse("office:case", args=[entry.subject_key]) if entry.subject_kind == "case" else ""


def _looked(looks: Sequence[Look]) -> list[dict[str, Any]]:
    named = _named([each.item for each in looks])
    return [
        {
            "at": each.at,
            "person": each.person,
            "reference": named.get(each.item_id, ""),
            "revision": each.revision,
            "door": each.get_door_display(),
        }
        for each in looks
    ]


def _references(entries: Sequence[Entry]) -> dict[str, str]:
    """By the keys of their subjects, what entries about cases, flags and comments are about."""
    keys = {
        kind: [each.subject_key for each in entries if each.subject_kind == kind]
        for kind in ("case", "flag", "comment")
    }
    items = moderation.items_of(cases=keys["case"], flags=keys["flag"])
    named = _named(list(items.values()))
    return {
        **comments.names(keys["comment"]),
        **{key: named.get(item.pk, "") for key, item in items.items()},
    }


def _named(items: list[Item]) -> dict[UUID, str]:
    return {key: subject.reference for key, subject in describe(items).items()}


def act_rows(consultation: Consultation) -> Iterator[Row]:
    """All acts, the first one first, under ACT_COLUMNS."""
    for entries in _batches(_acts(consultation).order_by("number")):
        about = _references(entries)
        for each in entries:
            yield [
                each.number,
                each.at.isoformat(),
                each.kind,
                each.public,
                str(each.actor or ""),
                about.get(each.subject_key, ""),
                each.subject_kind,
                each.subject_key,
                each.revision,
                each.verb,
            ]


def look_rows(consultation: Consultation) -> Iterator[Row]:
    """All looks, the first one first, under LOOK_COLUMNS."""
    for looks in _batches(_looks(consultation).order_by("at", "id")):
        named = _named([each.item for each in looks])
        for each in looks:
            person, reference = str(each.person or ""), named.get(each.item_id, "")
            yield [each.at.isoformat(), person, reference, each.revision, each.door]


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    left: Iterable[Any] = rows.iterator(chunk_size=AT_ONCE)
    each = iter(left)
    while batch := list(islice(each, AT_ONCE)):
        yield batch
