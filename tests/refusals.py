"""Naming the refusal that an act meets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from consultation.kit.refusal import Refusal


@contextmanager
def refused(code: str, *fields: str) -> Iterator[None]:
    """What is done inside is refused with this code, with sentences beside exactly these fields."""
    with pytest.raises(Refusal) as caught:
        yield
    assert (caught.value.code, sorted(caught.value.errors)) == (code, sorted(fields))
