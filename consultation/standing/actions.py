from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import evidence, merging, rules
from accounts import queries as account_queries
from accounts import steps as accounts
from accounts.models import Institution, InstitutionState, SiteRole, User, VerifiedHow
from accounts.public_data import checked
from consultation.comments import steps as comments
from consultation.endorsements import steps as endorsements
from consultation.kit.refusal import Busy, NotFound, Refusal, invalid
from consultation.kit.text import NOTE_LIMIT
from consultation.kit.verb import verb
from consultation.moderation import steps as moderation
from consultation.post import steps as post
from consultation.record.steps import record
from consultation.standing import effects, policies
from consultation.standing import rules as erasing_rules
from consultation.standing import steps as erasing
from consultation.texts import drafts, editing, rounds
from consultation.texts import rules as text_rules
from consultation.texts import steps as texts
from consultation.texts.actions.creating import locked, settle_facts
from consultation.texts.actions.drafting import moved_on
from consultation.texts.models import Change, Consultation, Principle, PrincipleVersion, RoundExtension

MERGEABLE = {InstitutionState.PENDING, InstitutionState.VERIFIED}
CHANGEABLE = MERGEABLE | {InstitutionState.SUSPENDED}


@verb
def verify_institution(
    actor: User, *, institution_id: int, how: str, note: str = "", at: datetime
) -> Institution:
    """The institution is heard: what it published and signed takes effect in this one act.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (how, note).
    """
    if how not in VerifiedHow.values:
        raise invalid(how=_("Say how you made sure that this institution is what it says."))
    note = evidence.fit_note("note", note)
    institution = _lock(actor, institution_id, {InstitutionState.PENDING, InstitutionState.SUSPENDED}, at=at)
    accounts.set_state(
        institution, InstitutionState.VERIFIED, actor=actor, how=VerifiedHow(how), note=note, at=at
    )
    _settle(actor, institution, at=at)
    record(actor, "institution.verified", institution, public=True)
    _tell(institution, "institution-verified", {}, at=at)
    return institution


@verb
def reject_institution(actor: User, *, institution_id: int, reason: str, at: datetime) -> Institution:
    """The institution is not accepted; nothing of it was public.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (reason).
    """
    reason = _reason(reason)
    institution = _lock(actor, institution_id, {InstitutionState.PENDING}, at=at)
    accounts.set_state(institution, InstitutionState.REJECTED, actor=actor, reason=reason, at=at)
    record(actor, "institution.rejected", institution)
    _tell(institution, "institution-rejected", {"message": reason}, at=at)
    return institution


@verb
def ask_institution(actor: User, *, institution_id: int, words: str, at: datetime) -> Institution:
    """The institution goes on waiting, and its people are told what is still missing.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (words).
    """
    words = evidence.fit_note("words", words)
    if not words.strip():
        raise invalid(words=_("Say what is missing: it is kept on record and sent to the institution."))
    institution = _lock(actor, institution_id, {InstitutionState.PENDING}, at=at)
    evidence.ask(actor, institution, words, at=at)
    record(actor, "institution.asked", institution)
    _tell(institution, "institution-asked", {"message": words}, at=at)
    return institution


@verb
def suspend_institution(actor: User, *, institution_id: int, reason: str, at: datetime) -> Institution:
    """Nothing the institution said is public or counted any longer, until it is verified again.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (reason).
    """
    reason = _reason(reason)
    institution = _lock(actor, institution_id, {InstitutionState.VERIFIED}, at=at)
    accounts.set_state(institution, InstitutionState.SUSPENDED, actor=actor, reason=reason, at=at)
    _settle(actor, institution, at=at)
    record(actor, "institution.suspended", institution, public=True)
    _tell(institution, "institution-suspended", {"message": reason}, at=at)
    return institution


@verb
def change_institution(
    actor: User,
    *,
    institution_id: int,
    name: str,
    country: str,
    type: str,  # noqa: A002
    reason: str,
    at: datetime,
    website: str = "",
    ror: str = "",
    domains: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
) -> Institution:
    """The institution has these public data from now on; what it sent and signed keeps the name it had.

    Refuses: not-found, no-role, own-institution, not-waiting, invalid (by field).
    """
    reason = _reason(reason)
    data = checked(
        name=name, country=country, type=type, website=website, ror=ror, domains=domains, names=names
    )
    institution = _lock(actor, institution_id, CHANGEABLE, at=at)
    before = accounts.name_of(institution)
    accounts.new_version(institution, data, at=at)
    accounts.set_domains(institution, data.domains)
    record(actor, "institution.changed", institution, public=institution.verified)
    _tell(institution, "institution-changed", {"before": before, "message": reason}, at=at)
    return institution


@verb
def merge_institutions(
    actor: User, *, kept_id: int, merged_id: int, reason: str, with_powers: bool = False, at: datetime
) -> Institution:
    """Two records of one institution become one: what both said stands under the one that is kept.

    Of two positions on one principle the newest stands. The people of the other record hold their powers for
    the kept one only `with_powers`; without, its managers add them anew.
    Refuses: not-found, no-role, own-institution, same-institution, not-waiting, not-verified,
    invalid (reason).
    """
    reason = _reason(reason)
    if kept_id == merged_id:
        raise Refusal("same-institution", _("Choose another record than this one."))
    # In the order of their keys, like everybody who locks two.
    locked = {key: _lock(actor, key, MERGEABLE, at=at) for key in sorted((kept_id, merged_id))}
    kept, merged = locked[kept_id], locked[merged_id]
    if merged.verified and not kept.verified:
        raise Refusal("not-verified", _("Keep the record that is verified, or verify the other one first."))
    told = _people(kept, at=at) | _people(merged, at=at)
    comments.move(actor, merged, kept, at=at)
    endorsements.move(actor, merged, kept, at=at)
    moderation.move(merged, kept)
    merging.move_people(actor, merged, kept, with_powers=with_powers, at=at)
    merging.close(actor, merged, kept, reason=reason, at=at)
    record(actor, "institution.merged", merged, public=kept.verified)
    _tell_of_merger(told, merged, kept, reason, at=at)
    return kept


@verb
def erase_person(actor: User, *, person_id: int, address: str, at: datetime) -> None:
    """The person is forgotten: what they did for institutions stays, under a number in place of a name.

    `address` is typed to confirm. The last mail tells them; registrars learn which institutions nobody
    manages any more.
    Refuses: not-found, not-signed-in, no-role, second-factor-needed, last-administrator, invalid (address).
    """
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    erasing_rules.may_erase(actor, person).require()
    if address.strip().lower() != person.email.lower():
        raise invalid(address=_("This is not the address of the account."))
    institutions = _lock_all(person)
    by = None if actor.pk == person.pk else actor
    record(by, "person.erased", person)
    left = erasing.end_mandates(person, by=by, at=at)
    erasing.end_roles(person, by=by, at=at)
    for institution in institutions:
        erasing.number_instead(person, institution)
    farewell = (person.email, person.language)
    erasing.forget(person)
    erasing.tell_registrars(left)
    post.write_last("account-erased", address=farewell[0], language=farewell[1], context={})


def _lock_all(person: User) -> list[Institution]:
    """The institutions for which the person acted, locked in order, and then the person's own row."""
    keys = erasing.institutions_of(person)
    institutions = [accounts.lock_institution(key) for key in keys]
    roles = account_queries.site_roles_in_force().filter(person=person, role=SiteRole.Role.ADMINISTRATOR)
    for key in roles.values_list("pk", flat=True):
        if (held := accounts.lock_site_roles(key)) is not None:
            rules.may_end_site_role(held).require()
    # The row is about to go: FOR NO KEY UPDATE would let others write meanwhile what refers to it.
    if not User.objects.select_for_update().filter(pk=person.pk).exists():
        raise NotFound
    # Somebody who acted for one more meanwhile asks again.
    if erasing.institutions_of(person) != keys:
        raise Busy
    return institutions


def _settle(actor: User, institution: Institution, *, at: datetime) -> None:
    comments.settle_institution(actor, institution, at=at)
    endorsements.settle_institution(actor, institution, at=at)


@verb
def extend_round(
    actor: User | None, *, round_id: int, closes_at: datetime, reasons: Mapping[str, str], at: datetime
) -> RoundExtension:
    """The round closes later, on public record; everybody who takes part is told by mail.

    `reasons` are public, by language; one in the consultation's authoritative language is needed.
    Refuses: not-found, no-role, round-not-open, round-without-end, invalid (closes_at, reasons.LANGUAGE).
    """
    found = texts.lock_round(round_id)
    text_rules.may_keep_rounds(actor, found.consultation).require()
    words = rounds.words(reasons, "reasons")
    if found.consultation.authoritative not in words:
        field = f"reasons__{found.consultation.authoritative}"
        raise invalid(**{field: _("Say why: the reason is public, and sent to those who take part.")})
    text_rules.may_extend(found, closes_at, at=at).require()
    extension = texts.extend_round(actor, found, closes_at, words, at=at)
    erasing.tell_of_extension(extension, at=at)
    return extension


@verb
def publish_draft(
    actor: User | None,
    *,
    consultation_id: int,
    number: int,
    base: str,
    change: str,
    notes: Mapping[str, str],
    carried: Collection[str] = (),
    at: datetime,
) -> PrincipleVersion:
    """What is drafted is the principle's current text for ever; whose position stands on it is told by mail.

    `base` is what the actor looked over (`drafts.Writing.token`); `notes` say by language what changed,
    needed in the authoritative one from version 2 on; `carried` are translations that hold as they are.
    Refuses: not-found, no-role, principle-withdrawn, not-published, draft-moved-on, nothing-changed,
    incomplete-text, invalid (change, notes.LANGUAGE).
    """
    principle = editing.lock_principle(consultation_id, number)
    text_rules.may_edit(actor, principle).require()
    text_rules.has_been_published(principle.consultation).require()
    writing = drafts.writing(principle)
    if writing.token != base:
        raise moved_on()
    text_rules.may_become(writing, writing.outcome(carried)).require()
    if change not in Change.values:
        raise invalid(change=_("Say whether this is editorial or substantive."))
    words = rounds.words(notes, "notes", limit=NOTE_LIMIT)
    if principle.current is not None and principle.consultation.authoritative not in words:
        field = f"notes__{principle.consultation.authoritative}"
        raise invalid(**{field: _("Say what changed: readers see it, and those who are told.")})
    people = list(effects.told(principle, at=at))
    version = editing.publish_draft(
        actor, principle, change=Change(change), notes=words, carried=carried, at=at
    )
    kind = "text-changed" if change == Change.SUBSTANTIVE else "text-corrected"
    effects.tell(kind, principle, people, words, at=at)
    return version


@verb
def withdraw_principle(
    actor: User | None, *, consultation_id: int, number: int, reasons: Mapping[str, str], at: datetime
) -> Principle:
    """The principle is no longer part of the text, for ever; positions on it have no effect any more.

    Its number, words, comments and references stay. `reasons` are public, by language; one in the
    authoritative language is needed.
    Refuses: not-found, no-role, principle-withdrawn, never-public, last-principle,
    invalid (reasons.LANGUAGE).
    """
    principle = editing.lock_principle(consultation_id, number)
    text_rules.may_withdraw_principle(actor, principle).require()
    words = rounds.words(reasons, "reasons", limit=NOTE_LIMIT)
    if principle.consultation.authoritative not in words:
        field = f"reasons__{principle.consultation.authoritative}"
        raise invalid(**{field: _("Say why: the reason is public, and sent to those who are told.")})
    people = list(effects.told(principle, at=at))
    editing.withdraw(actor, principle, words, at=at)
    endorsements.settle_principle(actor, principle, at=at)
    effects.tell("principle-withdrawn", principle, people, words, at=at)
    return principle


@verb
def change_facts(
    actor: User | None, *, consultation_id: int, facts: Mapping[str, Any], seen: str, at: datetime
) -> Consultation:
    """Those of `facts.PLAIN` that are given are so from now on; on public record once it is public.

    What another policy no longer makes wait is published in this one act, as `policies.effects` foretold.
    `seen` is the fingerprint of what stood there when the change was begun.
    Refuses: not-found, no-role, second-factor-needed, invalid, changed-meanwhile.
    """
    before = locked(actor, consultation_id).policy
    consultation = settle_facts(actor, consultation_id=consultation_id, facts=facts, seen=seen, at=at)
    if consultation.policy != before:
        policies.release(actor, consultation, at=at)
    return consultation


def _reason(text: str) -> str:
    reason = evidence.fit_note("reason", text)
    if not reason.strip():
        raise invalid(reason=_("Give the reason: it is kept on record and sent to the institution."))
    return reason


def _lock(actor: User, institution_id: int, states: set[InstitutionState], *, at: datetime) -> Institution:
    if not Institution.objects.filter(pk=institution_id).exists():
        raise NotFound
    institution = accounts.lock_institution(institution_id)
    rules.may_settle_institution(actor, institution, at=at).require()
    if institution.state not in states:
        raise Refusal("not-waiting", _("This was decided already: the institution is in another state."))
    return institution


def _people(institution: Institution, *, at: datetime) -> set[User]:
    return set(account_queries.managers_and_signatories(institution, at=at))


def _tell_of_merger(
    people: set[User], merged: Institution, kept: Institution, reason: str, *, at: datetime
) -> None:
    facts = {
        "institution": accounts.name_of(kept),
        "before": accounts.name_of(merged),
        "message": reason,
        "url": f"/institutions/{kept.slug}/",
    }
    for person in sorted(people, key=lambda each: each.pk):
        post.write("institution-merged", person=person, context=facts, not_before=at)


def _tell(institution: Institution, kind: str, facts: dict[str, str], *, at: datetime) -> None:
    name = accounts.name_of(institution)
    for person in account_queries.managers_and_signatories(institution, at=at):
        context = {"institution": name, "url": f"/institutions/{institution.slug}/", **facts}
        post.write(kind, person=person, context=context, not_before=at)
