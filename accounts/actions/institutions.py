"""Registering an institution, and what shows that it is what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import evidence, queries, rules, steps
from accounts.models import Institution, InstitutionEvidence, Mandate, Power, Signatures, User
from accounts.public_data import checked
from consultation.kit.refusal import invalid
from consultation.kit.uploads import Stored
from consultation.kit.verb import verb
from consultation.post import steps as post
from consultation.record.steps import record


@verb
def register_institution(
    actor: User,
    *,
    name: str,
    country: str,
    type: str,  # noqa: A002
    at: datetime,
    website: str = "",
    ror: str = "",
    domains: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
    note: str = "",
    letter: Stored | None = None,
) -> Institution:
    """The institution waits for a registrar, has its address for ever, and `actor` holds all powers for it.

    Refuses: not-signed-in, address-unconfirmed, invalid (by field).
    """
    rules.may_register(actor).require()
    kept = evidence.fit_note("note", note.strip())
    data = checked(
        name=name, country=country, type=type, website=website, ror=ror, domains=domains, names=names
    )
    institution = steps.register(data, at=at, demonstration=actor.demonstration)
    mandate = steps.grant_mandate(
        actor, institution, list(Power), evidence=Mandate.Evidence.REGISTERED, at=at
    )
    record(actor, "institution.registered", institution)
    record(actor, "mandate.granted", mandate)
    if kept or letter is not None:
        evidence.give(actor, institution, note=kept, letter=letter, at=at)
    return institution


@verb
def give_evidence(
    actor: User, *, institution_id: int, note: str = "", letter: Stored | None = None, at: datetime
) -> InstitutionEvidence:
    """A note or a letter that shows that an institution which waits is what it says, for registrars to read.

    Refuses: not-found, no-mandate, not-waiting, invalid (note).
    """
    kept = evidence.fit_note("note", note.strip())
    if not kept and letter is None:
        raise invalid(note=_("Write a note or choose a letter."))
    institution = steps.lock_institution(institution_id)
    rules.may_give_evidence(actor, institution, at=at).require()
    given = evidence.give(actor, institution, note=kept, letter=letter, at=at)
    record(actor, "institution.evidence_given", institution)
    return given


@verb
def choose_signatures(actor: User, *, institution_id: int, signatures: int, at: datetime) -> Institution:
    """So many people have to sign what is done in the institution's name from now on (`Signatures`).

    What stands stays, and what one of two has signed waits for its second signature still. All who manage
    the institution or sign for it are told.
    Refuses: not-found, no-mandate, too-few-signatories, invalid (signatures).
    """
    if signatures not in Signatures.values:
        raise invalid(signatures=_("Choose one of the two."))
    institution = steps.lock_institution(institution_id)
    rules.may_manage(actor, institution, at=at).require()
    if institution.signatures == signatures:
        return institution
    rules.has_signatories(institution, signatures, at=at).require()
    institution.signatures = signatures
    institution.save(update_fields=["signatures"])
    record(actor, "institution.signatures_chosen", institution)
    for person in queries.managers_and_signatories(institution, at=at):
        context = {
            "institution": steps.name_of(institution),
            "person": str(actor),
            "two": signatures == Signatures.TWO,
            "url": steps.people_url(institution),
        }
        post.write("signatures-chosen", person=person, context=context)
    return institution
