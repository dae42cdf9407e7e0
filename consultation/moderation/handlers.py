"""What a room with moderated content tells moderation: how to lock it, show it, and act on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from accounts.models import User
from consultation.moderation.models import Action, Decision, Item


@dataclass(frozen=True)
class Subject:
    """What a moderator sees of an item: plain values only, whatever its kind."""

    reference: str
    url: str
    revision: int
    text: str
    language: str
    state: str
    proposed_text: str = ""
    passage: dict[str, Any] | None = None
    version_text: str = ""
    kind_label: str = ""
    sent_at: datetime | None = None
    previous_text: str = ""
    thread: list[dict[str, Any]] = field(default_factory=list)
    # Whether everybody reads these very words.
    public: bool = False

    @property
    def said(self) -> str:
        """All words in which signals look for something."""
        return f"{self.text}\n{self.proposed_text}"

    # The author's own courtesy translation: language, body, proposed_text.
    translation: dict[str, str] | None = None


@dataclass(frozen=True)
class Span:
    """Words to be redacted: those at a place of the revision that is judged, or wherever they stand.

    `start` and `end` count code points of `field`; without them `quote` is redacted in every field.
    """

    field: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""


@dataclass(frozen=True)
class Details:
    """What a decision brings along: words to redact, or other words that the author may agree to."""

    spans: tuple[Span, ...] = ()
    correction: dict[str, str] | None = None


PLAIN = Details()


class Handler(Protocol):
    """One for each kind of item, registered when the apps are ready."""

    def lock(self, item: Item) -> Any:
        """Lock institution and subject, in the order of DESIGN 3.8; returns the subject, read again."""

    def actions(self, item: Item) -> list[Action]:
        """What may be decided on the item as it stands."""

    def remember(self, subject: Any) -> dict[str, Any]:
        """What of the locked subject a decision changes, without words: kept so that it can be undone."""

    def decide(
        self, actor: User, subject: Any, decision: Decision, details: Details, *, at: datetime
    ) -> None:
        """Carry out a decision on the locked subject, and tell the author's side of it a minute later.

        An appeal is decided by `uphold` or `reverse`: `decision.case.appealed` is the one it is about.
        The mails' context names the `decision` (its key), so that undoing takes them back.
        """

    def undo(self, actor: User, subject: Any, decision: Decision, *, at: datetime) -> None:
        """The locked subject is as `remember` saw it. Refuses `moved-on` where something happened since."""

    def may_appeal(self, item: Item, decision: Decision) -> bool:
        """Whether something was taken from the author by this decision that another one can give back."""

    def describe(self, items: list[Item]) -> dict[Any, Subject]:
        """What moderators see, by the item's key, in a fixed number of queries."""


_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Say who acts for items of this kind. Once for each kind, in `apps.ready()`."""
    _handlers[kind] = handler


def handler_of(item: Item) -> Handler:
    """Who acts for this item. Raises KeyError for a kind nobody registered."""
    return _handlers[item.kind]


def describe(items: list[Item]) -> dict[Any, Subject]:
    """What moderators see of many items, whatever their kinds."""
    found: dict[Any, Subject] = {}
    for kind in sorted({item.kind for item in items}):
        found |= _handlers[kind].describe([item for item in items if item.kind == kind])
    return found
