"""What an act answers when it may not happen: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise

# The HTTP status of each code; what is not listed is a conflict with the present state, 409.
STATUS = {
    "invalid": 400,
    "not-signed-in": 401,
    "no-mandate": 403,
    "not-yours": 403,
    "no-role": 403,
    "second-factor-needed": 403,
    "token-scope": 403,
    "own-institution": 403,
    "not-found": 404,
    "gone": 410,
    "key-reused": 422,
    "too-many": 429,
    "busy-building": 429,
    "busy": 503,
}


@dataclass(eq=False)
class Refusal(Exception):
    """An act was refused and nothing was written.

    `errors` names fields by path (`passage.exact`) with the sentences to show beside them;
    `retry_after` is in seconds.
    """

    code: str
    sentence: Sentence
    errors: Mapping[str, Sequence[Sentence]] = field(default_factory=dict)
    retry_after: int | None = None

    @property
    def status(self) -> int:
        return STATUS.get(self.code, 409)

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True)
class Verdict:
    """The answer of a rule: granted, or a refusal that is raised only when somebody requires it."""

    refusal: Refusal | None = None

    def __bool__(self) -> bool:
        return self.refusal is None

    def require(self) -> None:
        """Raise the refusal, if there is one."""
        if self.refusal is not None:
            raise self.refusal


GRANTED = Verdict()


def refuse(code: str, sentence: Sentence, **facts: object) -> Verdict:
    """A verdict that says why not; `facts` fill the placeholders of the sentence."""
    return Verdict(Refusal(code, str(sentence) % facts if facts else sentence))


def invalid(**errors: Sentence) -> Refusal:
    """A refusal for fields that are wrong, one sentence each; write `__` for the dot of a path."""
    named = {name.replace("__", "."): [sentence] for name, sentence in errors.items()}
    return Refusal("invalid", _("Please correct what is marked."), named)


class NotFound(Refusal):
    """There is nothing here, or it is not for this person to see: nobody learns which."""

    def __init__(self) -> None:
        super().__init__("not-found", _("There is nothing here, or it is not for you to see."))


class Busy(Refusal):
    """Two tries met a lock; a third one will probably do."""

    def __init__(self) -> None:
        sentence = _("Many people are writing at this moment. Please try again.")
        super().__init__("busy", sentence, retry_after=2)
