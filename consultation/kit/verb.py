"""The only way to write: one durable transaction, its notes for the record, and its claim."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

import pghistory
from django.db import Error, OperationalError, models, transaction

from consultation.kit import claims
from consultation.kit.claims import ClaimKey, Subject
from consultation.kit.refusal import Busy

P = ParamSpec("P")
R = TypeVar("R")

# deadlock_detected, lock_not_available, serialization_failure (PostgreSQL, appendix A).
WORTH_ONE_MORE_TRY = {"40P01", "55P03", "40001"}
BREATH = 0.1  # seconds


@dataclass
class Act:
    """A verb under way: what rooms have asked to be done at its very end, each once."""

    verb: str
    endings: dict[str, Callable[[], None]] = field(default_factory=dict)
    notes: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """What a claimed verb came to. `value` is None when an earlier run under the key did the work."""

    status: int
    subjects: list[Subject]
    value: R | None
    replayed: bool = False


_act: ContextVar[Act | None] = ContextVar("act", default=None)


def current_act() -> Act:
    """The verb under way. Raises RuntimeError outside of one: steps write nothing by themselves."""
    act = _act.get()
    if act is None:
        raise RuntimeError("Steps are called by verbs only.")
    return act


class Verb(Generic[P, R]):
    """A public writer: `verb(actor, **fields)`, or `verb.claimed(key, actor, **fields)`."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return _with_one_retry(lambda: self._run(lambda: self.function(*args, **kwargs), args))

    def claimed(
        self, claim: ClaimKey | None, status: Status[R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Outcome[R]:
        """Run at most once under `claim` (None: as often as asked); `status` may be made from the result."""

        def work() -> Outcome[R]:
            if claim is not None and (earlier := claims.take(claim)) is not None:
                return Outcome(earlier.status, earlier.subjects, None, replayed=True)
            value = self.function(*args, **kwargs)
            outcome = Outcome(status(value) if callable(status) else status, subjects_of(value), value)
            if claim is not None:
                claims.settle(claim, status=outcome.status, subjects=outcome.subjects)
            return outcome

        return _with_one_retry(lambda: self._run(work, args))

    def _run(self, work: Callable[[], Any], args: tuple[Any, ...]) -> Any:
        act = Act(self.__name__)
        actor = args[0] if args else None
        token = _act.set(act)
        try:
            with (
                transaction.atomic(durable=True),
                pghistory.context(actor=getattr(actor, "pk", None), verb=self.__name__),
            ):
                result = work()
                for ending in list(act.endings.values()):
                    ending()
                return result
        finally:
            _act.reset(token)

    __name__: str


Status = int | Callable[[R], int]


def verb(function: Callable[P, R]) -> Verb[P, R]:
    """Declare a public writer. It can't run inside another: its transaction is durable."""
    return Verb(function)


def subjects_of(value: object) -> list[Subject]:
    """The keys under which a verb's result can be found again: (model label, primary key)."""
    if isinstance(value, models.Model):
        return [(value._meta.label_lower, str(value.pk))]
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        return [subject for member in value for subject in subjects_of(member)]
    return []


def _with_one_retry(work: Callable[[], R]) -> R:
    try:
        return work()
    except OperationalError as error:
        if not _worth_another_try(error):
            raise
    # Whoever was waiting for what this one let go has to get it first, or both meet in the same way again.
    time.sleep(BREATH)
    try:
        return work()
    except OperationalError as error:
        if _worth_another_try(error):
            raise Busy from error
        raise


def _worth_another_try(error: Error) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in WORTH_ONE_MORE_TRY
