"""Taking the demonstration away without passing a guard.

What was published, signed or recorded can't be deleted, by design: numbers have no gaps, references are never
given again, heads of the endorsement log hold for ever. So its words are withdrawn and its institutions
suspended, as anybody's would be; its people, their drafts, mandates and roles are deleted.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from accounts import steps as accounts
from accounts.models import Institution, InstitutionState, User
from accounts.queries import DEMONSTRATION
from consultation.comments import steps as comments
from consultation.comments.models import Comment, CommentState, Cosignature
from consultation.endorsements import steps as endorsements
from consultation.endorsements.models import Endorsement, EndorsementState, Withdrawal
from consultation.kit.verb import verb
from consultation.management.demonstration.loading import CLEARED, Demonstration
from consultation.management.demonstration.script import Script
from consultation.moderation import steps as moderation
from consultation.record.steps import record
from consultation.texts.actions import publish_version
from consultation.texts.models import Change, Consultation, Principle
from consultation.texts.source import text_hash

REASON = "The demonstration was cleared."
OVER = (CommentState.DRAFT, CommentState.WITHDRAWN)
HEARD = (InstitutionState.PENDING, InstitutionState.VERIFIED)
LIVE = (EndorsementState.PROPOSED, EndorsementState.HALF_SIGNED, EndorsementState.SIGNED)


def clear(script: Script, *, at: datetime) -> bool:
    """Nothing of the demonstration is public, waits, or can sign in. Whether there was anything to clear."""
    people = User.objects.filter(demonstration=True)
    institutions = Institution.objects.filter(
        demonstration=True, state__in=(*HEARD, InstitutionState.SUSPENDED)
    )
    if not people.exists() and not institutions.filter(state__in=HEARD).exists():
        return False
    withdraw_letters(None, at=at)
    for key in institutions.order_by("pk").values_list("pk", flat=True):
        withdraw_institution(None, institution_id=key, at=at)
    restore_first_text(script, at=at)
    dismiss(None, slug=script.consultation)
    cache.delete(DEMONSTRATION)
    return True


@verb
def withdraw_institution(actor: None, *, institution_id: int, at: datetime) -> Institution:
    """What the institution said, signed and co-signed no longer stands; it is suspended, or turned down."""
    institution = accounts.lock_institution(institution_id)
    if institution.state != InstitutionState.SUSPENDED:
        state, kind = (
            (InstitutionState.SUSPENDED, "institution.suspended")
            if institution.verified
            else (InstitutionState.REJECTED, "institution.rejected")
        )
        record(actor, kind, institution, public=institution.verified)
        accounts.set_state(institution, state, actor=None, reason=REASON, at=at)
    comments.settle_institution(actor, institution, at=at)
    _withdraw_positions(institution, at=at)
    _end_cosignatures(institution, at=at)
    _withdraw_comments(institution, at=at)
    return institution


def _withdraw_comments(institution: Institution, *, at: datetime) -> None:
    sent = (
        Comment.objects.filter(institution=institution)
        .exclude(state__in=OVER)
        .select_for_update(no_key=True, of=("self",))
        .select_related("item", "principle", "latest")
        .order_by("pk")
    )
    for comment in sent:
        if comment.item is not None:
            moderation.close_case(comment.item, at=at)
        comments.take_away(None, comment, CommentState.WITHDRAWN, at=at)
        record(None, "comment.withdrawn", comment)


def _withdraw_positions(institution: Institution, *, at: datetime) -> None:
    live = Endorsement.objects.filter(institution=institution, state__in=LIVE).select_for_update(
        no_key=True, of=("self",)
    )
    for endorsement in live.select_related("item", "principle").order_by("pk"):
        endorsements.end(None, endorsement, EndorsementState.WITHDRAWN, at=at)
    reasons = Withdrawal.objects.filter(endorsement__institution=institution, public_since=None)
    for reason in reasons.select_related("item").order_by("pk"):
        moderation.close_case(reason.item, at=at)


@verb
def withdraw_letters(actor: None, *, at: datetime) -> None:
    """What people of the demonstration recorded for institutions that are none of it no longer stands."""
    made_up = Endorsement.objects.filter(
        recorded_by__demonstration=True, institution__demonstration=False, state__in=LIVE
    )
    keys = made_up.order_by("institution", "principle", "pk").values_list("pk", flat=True)
    for key in list(keys):
        endorsement = endorsements.lock(key)
        if endorsement.state in LIVE:
            endorsements.end(actor, endorsement, EndorsementState.WITHDRAWN, at=at)


def _end_cosignatures(institution: Institution, *, at: datetime) -> None:
    given = Cosignature.objects.filter(institution=institution, ended_at=None)
    for cosignature in given.select_related("comment__principle").order_by("pk"):
        cosignature.ended_at = at
        cosignature.save(update_fields=["ended_at"])
        record(None, "cosignature.ended", cosignature, public=True)


def restore_first_text(script: Script, *, at: datetime) -> None:
    """Where the demonstration's second text is current, the words it replaced are published again."""
    consultation = Consultation.objects.filter(slug=script.consultation).first()
    principle = Principle.objects.filter(
        consultation=consultation, number=script.second_text.principle
    ).first()
    if consultation is None or principle is None or principle.current is None:
        return
    if principle.current.text_hash != text_hash(*script.second_text.texts[consultation.authoritative]):
        return
    before = principle.versions.filter(number=principle.current.number - 1).get()
    publish_version(
        None,
        consultation_id=consultation.pk,
        number=principle.number,
        texts={each.language: (each.title, each.body) for each in before.translations.all()},
        change=Change.SUBSTANTIVE,
        notes={
            "en": "The demonstration's second text was taken back. These are the words that stood before it."
        },
        at=at,
    )


@verb
def dismiss(actor: None, *, slug: str) -> None:
    """The demonstration's people are gone, with their drafts, mandates, roles, tokens and mails."""
    Comment.objects.filter(institution__demonstration=True, state=CommentState.DRAFT).delete()
    Endorsement.objects.filter(signed_by__demonstration=True).update(signed_by=None, signed_name="")
    begun = Endorsement.objects.filter(first_signed_by__demonstration=True)
    begun.update(first_signed_by=None, first_signed_name="")
    User.objects.filter(demonstration=True).delete()
    record(actor, CLEARED, Demonstration(slug))
