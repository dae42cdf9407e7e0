"""Who may erase a person."""

from __future__ import annotations

from accounts import rules as accounts
from accounts.models import User
from accounts.queries import Reader
from consultation.kit.refusal import Verdict


def may_erase(actor: Reader, person: User) -> Verdict:
    """Whether `actor` may erase `person`: the person, or an administrator whom they asked."""
    signed_in = accounts.may_use_an_account(actor)
    if not signed_in or (actor is not None and actor.pk == person.pk):
        return signed_in
    return accounts.may_run_the_site(actor)
