"""The office's own words: reasons, ages, acts, and what is suggested to say to an author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultation.kit.languages import INTERFACE, choose
from consultation.moderation.models import Action, Reason

KINDS = {
    "comment": gettext_lazy("Comments"),
    "statement": gettext_lazy("Statements"),
    "withdrawal": gettext_lazy("Reasons for withdrawing"),
}
SHORT_REASONS = {
    Reason.POLICY: gettext_lazy("Review before publication"),
    Reason.FIRST: gettext_lazy("First contribution"),
    Reason.EDITED: gettext_lazy("Edited after publication"),
    Reason.SENT_AGAIN: gettext_lazy("Sent again"),
    Reason.APPEAL: gettext_lazy("Appeal"),
    Reason.AGREED: gettext_lazy("Correction agreed"),
    Reason.FLAGGED: gettext_lazy("Flagged by readers"),
    Reason.LINKS: gettext_lazy("Links"),
    Reason.MANY: gettext_lazy("Many at once"),
    Reason.SHOUTING: gettext_lazy("Capitals"),
    Reason.TELEPHONE: gettext_lazy("Telephone number"),
    Reason.IDENTITY: gettext_lazy("Identity number"),
}
NEAR = timedelta(hours=24)


@dataclass(frozen=True)
class Choice:
    """One way to decide: its key, its button, and the words that are suggested for the author."""

    key: str
    label: Promise
    button: Promise
    suggestion: str = ""


# The marks {reference}, {number} and {title} stay as they are in every language.
_RETURN = gettext_lazy(
    "Thank you for your contribution {reference}. A part of it cannot be published under clause {number} of "
    "the moderation policy ({title}). Please change that part and send it again. Your reference stays the "
    "same."
)
_REJECT = gettext_lazy(
    "Thank you for your contribution {reference}. It cannot be published under clause {number} of the "
    "moderation policy ({title})."
)
_HIDE = gettext_lazy(
    "Your contribution {reference} is no longer shown, under clause {number} of the moderation policy "
    "({title})."
)

_REDACT = gettext_lazy(
    "Words of your contribution {reference} were redacted under clause {number} of the moderation policy "
    "({title}). The rest is published."
)

CHOICES = {
    Action.APPROVE: Choice("A", gettext_lazy("Approve"), gettext_lazy("Approve and publish")),
    Action.RETURN: Choice(
        "R",
        gettext_lazy("Return for changes"),
        gettext_lazy("Return to the author"),
        _RETURN,  # type: ignore[arg-type]
    ),
    Action.REJECT: Choice("X", gettext_lazy("Reject"), gettext_lazy("Reject it"), _REJECT),  # type: ignore[arg-type]
    Action.HIDE: Choice("H", gettext_lazy("Hide"), gettext_lazy("Hide it"), _HIDE),  # type: ignore[arg-type]
    Action.RESTORE: Choice("S", gettext_lazy("Restore"), gettext_lazy("Show it again")),
    Action.REDACT: Choice(
        "D",
        gettext_lazy("Redact words"),
        gettext_lazy("Redact and publish"),
        _REDACT,  # type: ignore[arg-type]
    ),
    Action.ESCALATE: Choice("E", gettext_lazy("Let others decide"), gettext_lazy("Pass it on")),
    Action.UPHOLD: Choice("P", gettext_lazy("Uphold the decision"), gettext_lazy("Uphold it")),
    Action.REVERSE: Choice("V", gettext_lazy("Reverse the decision"), gettext_lazy("Reverse it")),
}
DONE = {
    Action.APPROVE: gettext_lazy("%(what)s was approved."),
    Action.RETURN: gettext_lazy("%(what)s was returned to its author."),
    Action.REJECT: gettext_lazy("%(what)s was rejected."),
    Action.HIDE: gettext_lazy("%(what)s is no longer public."),
    Action.RESTORE: gettext_lazy("%(what)s is shown again."),
    Action.REDACT: gettext_lazy("%(what)s was published without the redacted words."),
    Action.ESCALATE: gettext_lazy("%(what)s waits for others, before everything else."),
    Action.UPHOLD: gettext_lazy("The appeal on %(what)s was decided: the decision stands."),
    Action.REVERSE: gettext_lazy("The appeal on %(what)s was decided: the decision is reversed."),
}


def done(action: Action, what: str, *, heard: bool) -> str:
    """What a decision brought about; `heard` says whether the institution is verified."""
    words = str(DONE[action]) % {"what": what}
    if action == Action.APPROVE and not heard:
        words += " " + _("It appears once its institution is verified.")
    return words


def authors_language(language: str) -> str:
    """The language of the interface in which an author who wrote in `language` is written to."""
    chosen = choose(list(INTERFACE), language, "en")
    return chosen or "en"


def suggestion(action: Action, language: str) -> str:
    """What to say to an author, in `language`, with the marks {reference}, {number} and {title}."""
    with translation.override(language):
        return str(CHOICES[action].suggestion)


def filled(words: str, *, reference: str, number: str, title: str) -> str:
    """A suggestion with its marks replaced."""
    return words.replace("{reference}", reference).replace("{number}", number).replace("{title}", title)


def what(kind: str, reference: str) -> str:
    """What a case is about: "Comment P4-58", "Statement on principle 4"."""
    if kind == "withdrawal":
        return _("Reason for withdrawing, principle %(number)s") % {"number": reference.removeprefix("E")}
    if kind == "statement":
        return _("Statement on principle %(number)s") % {"number": reference.removeprefix("E")}
    return _("Comment %(reference)s") % {"reference": reference}


def span(time: timedelta) -> str:
    """A length of time in at most two units, such as "2 d 4 h"; a minute at least."""
    minutes = max(1, int(time.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(minutes)d min") % {"minutes": minutes}


def minutes_left(until: datetime, *, at: datetime) -> int:
    """Full minutes until then, one at least."""
    return max(1, int((until - at).total_seconds() // 60))


def yours(minutes: int) -> str:
    """How long the reader still holds a case."""
    words = ngettext("Yours for %(minutes)s minute.", "Yours for %(minutes)s minutes.", minutes)
    return words % {"minutes": minutes}


def urgency(due: datetime, *, at: datetime) -> str:
    """How near the time is by which a case should be decided: "late", "soon" or nothing."""
    if due <= at:
        return "late"
    return "soon" if due - at <= NEAR else ""
