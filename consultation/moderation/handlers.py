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


class Handler(Protocol):
    """One for each kind of item, registered when the apps are ready."""

    def lock(self, item: Item) -> Any:
        """Lock institution and subject, in the order of DESIGN 3.8; returns the subject, read again."""

    def actions(self, item: Item) -> list[Action]:
        """What may be decided on the item as it stands."""

    def decide(self, actor: User | None, subject: Any, decision: Decision, *, at: datetime) -> None:
        """Carry out a decision on the locked subject."""

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
