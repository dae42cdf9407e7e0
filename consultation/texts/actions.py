from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import rules as account_rules
from accounts.models import User
from consultation.kit.refusal import NotFound, invalid
from consultation.kit.verb import verb
from consultation.record.steps import record
from consultation.texts import rules, steps
from consultation.texts.models import (
    Change,
    Consultation,
    ConsultationRole,
    Principle,
    PrincipleVersion,
)
from consultation.texts.source import TextSource


@verb
def load_text(
    actor: User | None,
    *,
    source: TextSource,
    at: datetime,
    slug: str | None = None,
    change: Change | None = None,
    demonstration: bool = False,
) -> Consultation:
    """The consultation has this text, published. Principles whose words are the same are left alone.

    A new consultation is created from the source's facts; its creator becomes its secretariat. For an
    existing one changed words become a new version of the kind `change`.

    Refuses: no-role, invalid (words changed and no kind of change given).
    """
    slug = slug or source.facts["slug"]
    consultation = Consultation.objects.filter(slug=slug).first()
    if consultation is None:
        rules.may_create(actor).require()
        source.facts["slug"] = slug
        consultation = steps.create_consultation(source, at=at, demonstration=demonstration)
        if actor is not None:
            steps.give_role(actor, consultation, actor, "secretariat")
    else:
        rules.may_publish(actor, consultation).require()
    for order, number in enumerate(source.authoritative.sections, start=1):
        _load_principle(actor, consultation, source, number, order=order, change=change, at=at)
    if consultation.published_at is None:
        consultation.published_at = at
        consultation.save(update_fields=["published_at"])
        record(actor, "consultation.published", consultation, public=True)
    return consultation


def _load_principle(
    actor: User | None,
    consultation: Consultation,
    source: TextSource,
    number: int,
    *,
    order: int,
    change: Change | None,
    at: datetime,
) -> None:
    sections = source.section(number)
    texts = {code: (section.title, section.body) for code, section in sections.items()}
    existing = Principle.objects.filter(consultation=consultation, number=number).first()
    if existing is not None and _same_words(existing, texts, change):
        return
    if existing is not None and change is None:
        raise invalid(
            change=_(
                "The words of a published principle changed. Say whether this is editorial or substantive."
            )
        )
    principle = steps.place_principle(consultation, sections, order=order)
    steps.publish_version(actor, principle, texts, change=change or Change.SUBSTANTIVE, notes={}, at=at)


def _same_words(principle: Principle, texts: dict[str, tuple[str, str]], change: Change | None) -> bool:
    # Without a kind of change nothing is published, so that loading the shipped text again after the
    # secretariat has moved on changes nothing.
    versions = principle.versions.prefetch_related("translations")
    if change is not None:
        versions = versions.filter(principle__current=F("pk"))
    return any(
        {each.language: (each.title, each.body) for each in version.translations.all()} == texts
        for version in versions
    )


@verb
def publish_version(
    actor: User | None,
    *,
    consultation_id: int,
    number: int,
    texts: dict[str, tuple[str, str]],
    change: Change,
    notes: dict[str, str],
    at: datetime,
) -> PrincipleVersion:
    """The principle has a new current version; after a substantive one endorsements are to be re-affirmed.

    Refuses: not-found, no-role.
    """
    rows = Principle.objects.filter(consultation=consultation_id, number=number)
    rows.select_for_update(no_key=True, of=("self",)).first()
    principle = rows.select_related("consultation").first()
    if principle is None:
        raise NotFound
    rules.may_publish(actor, principle.consultation).require()
    return steps.publish_version(actor, principle, texts, change=change, notes=notes, at=at)


@verb
def give_role(
    actor: User | None, *, consultation_id: int, person_id: int, role: str, at: datetime | None = None
) -> Consultation:
    """The person holds the role in this consultation, on record, and is told by whoever gave it.

    Where a consultation has no secretariat, a registrar gives that role.
    Refuses: not-found, no-role, second-factor-needed, invalid (role, person).
    """
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    if consultation is None:
        raise NotFound
    rules.may_give_role(actor, consultation, role).require()
    if role not in ConsultationRole.Role.values:
        raise invalid(role=_("Choose secretariat, moderator or observer."))
    person = User.objects.filter(pk=person_id).first()
    account_rules.may_hold_a_role(person).require()
    assert person is not None
    given, new = steps.give_role(actor, consultation, person, role)
    if new and actor is not None:
        steps.tell_role("role-given", given, at=at)
    return consultation
