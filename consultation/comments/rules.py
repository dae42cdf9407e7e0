from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts.models import Institution, InstitutionState, Power, User
from consultation.comments.models import Comment, CommentState
from consultation.kit.refusal import GRANTED, Verdict, refuse
from consultation.moderation import queries as moderation
from consultation.moderation.models import Action
from consultation.texts import rules as texts
from consultation.texts.models import Act, Consultation, ConsultationRole
from consultation.texts.queries import has_role

Role = ConsultationRole.Role
SENDABLE = (CommentState.DRAFT, CommentState.RETURNED, CommentState.PUBLISHED)
MEDDLED = (InstitutionState.REJECTED, InstitutionState.SUSPENDED, InstitutionState.MERGED)


def may_speak_for(actor: User, institution: Institution, *, at: datetime) -> Verdict:
    """Whoever may contribute for an institution that is not suspended or turned down."""
    if not accounts.empowers(actor, institution, Power.CONTRIBUTE, at=at):
        return refuse("no-mandate", _("You have no mandate to contribute for this institution."))
    if institution.state in MEDDLED:
        return refuse("institution-barred", _("This institution can't contribute at present."))
    return GRANTED


def is_own(person: accounts.Reader, comment: Comment, *, at: datetime) -> bool:
    """Whether the person has a mandate of the institution that wrote it."""
    mandates = accounts.mandates_in_force(person, at=at)
    return mandates.filter(institution=comment.institution_id).exists()


def reads_unseen(person: accounts.Reader, comment: Comment, *, at: datetime) -> bool:
    """Whether the person reads what of a comment the public never saw: its institution's, and roles."""
    return is_own(person, comment, at=at) or has_role(
        person, comment.consultation, Role.MODERATOR, Role.OBSERVER, Role.SECRETARIAT
    )


def may_write(
    actor: User, consultation: Consultation, institution: Institution, *, reply: bool, at: datetime
) -> Verdict:
    """Write something new while the round opens it."""
    spoken = may_speak_for(actor, institution, at=at)
    if not spoken:
        return spoken
    _round, open_now = texts.is_open(consultation, Act.DISCUSS if reply else Act.COMMENT, at=at)
    return open_now


def may_draft(actor: User, comment: Comment, *, at: datetime) -> Verdict:
    """Change words that are not sent yet; drafts may be kept whatever the round says."""
    spoken = may_speak_for(actor, comment.institution, at=at)
    if not spoken:
        return spoken
    if comment.state not in SENDABLE:
        return refuse("not-a-draft", _("This comment was already sent."))
    return GRANTED


def may_submit(actor: User, comment: Comment, *, at: datetime) -> Verdict:
    """Send while the round is open; what was returned, an edit too, for ten days more."""
    drafted = may_draft(actor, comment, at=at)
    if not drafted:
        return drafted
    in_force = _stands_in_force(comment)
    if not in_force:
        return in_force
    _round, open_now = texts.is_open(comment.consultation, act_of(comment), at=at)
    return GRANTED if open_now or _returned_lately(comment, at=at) else open_now


def _stands_in_force(comment: Comment) -> Verdict:
    return texts.is_in_force(comment.principle) if comment.principle else GRANTED


def act_of(comment: Comment) -> Act:
    """Replies open and close with the discussion, everything else with commenting."""
    return Act.DISCUSS if comment.parent_id else Act.COMMENT


def _returned_lately(comment: Comment, *, at: datetime) -> bool:
    decision = moderation.last_decision(comment.item) if comment.item and comment.latest else None
    if decision is None or decision.action != Action.RETURN or comment.latest is None:
        return False
    return decision.case.revision == comment.latest.number and at <= decision.at + texts.grace()


def may_withdraw(actor: User, comment: Comment, *, at: datetime) -> Verdict:
    """Whatever was sent may be withdrawn at any time by its institution."""
    spoken = may_speak_for(actor, comment.institution, at=at)
    if not spoken:
        return spoken
    if comment.state == CommentState.DRAFT:
        return refuse("not-sent", _("This is a draft: delete it instead."))
    if comment.state == CommentState.WITHDRAWN:
        return refuse("withdrawn", _("This comment was withdrawn already."))
    return GRANTED


def may_delete(actor: User, comment: Comment, *, at: datetime) -> Verdict:
    """Only drafts can be deleted: what was sent stays on record."""
    spoken = may_speak_for(actor, comment.institution, at=at)
    if not spoken:
        return spoken
    if comment.state != CommentState.DRAFT:
        return refuse("not-a-draft", _("What was sent can be withdrawn, not deleted."))
    return GRANTED


def may_cosign(
    actor: User, comment: Comment, institution: Institution, *, takes_back: bool = False, at: datetime
) -> Verdict:
    """Another verified institution, while the round opens the discussion; what it said it may take back."""
    spoken = may_speak_for(actor, institution, at=at)
    if not spoken:
        return spoken
    if comment.institution_id == institution.pk:
        return refuse("own-comment", _("This is your institution's own comment."))
    if not institution.verified:
        return refuse("not-verified", _("Your institution can co-sign once it is verified."))
    if takes_back:
        return GRANTED
    in_force = _stands_in_force(comment)
    if not in_force:
        return in_force
    _round, open_now = texts.is_open(comment.consultation, Act.DISCUSS, at=at)
    return open_now
