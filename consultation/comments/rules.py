from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts import queries as accounts
from accounts import rules as account_rules
from accounts.models import Institution, InstitutionState, Power, User
from consultation.comments import queries
from consultation.comments.models import (
    Comment,
    CommentRevision,
    CommentState,
    LateAdmission,
    Visibility,
)
from consultation.kit import languages, translator
from consultation.kit.refusal import GRANTED, NotFound, Refusal, Sentence, Verdict, invalid, refuse
from consultation.moderation import queries as moderation
from consultation.moderation.models import Action
from consultation.texts import rules as texts
from consultation.texts.models import Act, Consultation, ConsultationRole
from consultation.texts.queries import has_role

Role = ConsultationRole.Role
SENDABLE = (CommentState.DRAFT, CommentState.RETURNED, CommentState.PUBLISHED)
# A few people can't hide a whole discussion before anybody has looked.
FLAGS_AN_HOUR = 20
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
    """Write something new while the round opens it, or where the secretariat admits it late."""
    spoken = may_speak_for(actor, institution, at=at)
    if not spoken:
        return spoken
    _round, open_now = texts.is_open(consultation, Act.DISCUSS if reply else Act.COMMENT, at=at)
    if not open_now and not reply and queries.admission_in_force(consultation, [institution], at=at):
        return GRANTED
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
    """Send while the round is open, or admitted late; what was returned, an edit too, for ten days more."""
    drafted = may_draft(actor, comment, at=at)
    if not drafted:
        return drafted
    in_force = _stands_in_force(comment)
    if not in_force:
        return in_force
    _round, open_now = texts.is_open(comment.consultation, act_of(comment), at=at)
    if open_now or _returned_lately(comment, at=at) or admitted_by(comment, at=at):
        return GRANTED
    return open_now


def admitted_by(comment: Comment, *, at: datetime) -> LateAdmission | None:
    """What lets the comment in after closing: nothing while it is open, nor for what was sent in time."""
    if comment.parent_id is not None or (comment.latest is not None and comment.late_id is None):
        return None
    if texts.is_open(comment.consultation, Act.COMMENT, at=at)[1]:
        return None
    return queries.admission_in_force(comment.consultation, [comment.institution], at=at)


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


def may_answer_correction(actor: User, comment: Comment, *, at: datetime) -> Verdict:
    """A moderator's correction is answered as long as what was returned may be sent again, open or closed."""
    spoken = may_speak_for(actor, comment.institution, at=at)
    if not spoken:
        return spoken
    if not _returned_lately(comment, at=at):
        return refuse("too-late", _("The time to agree to this is over."))
    return GRANTED


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


def may_flag(actor: User, comment: Comment, *, at: datetime) -> Verdict:
    """Whoever has an account with a confirmed address, once for what is shown, and not their own words."""
    known = account_rules.has_a_confirmed_address(actor)
    if not known:
        return known
    if is_own(actor, comment, at=at):
        return refuse("own-comment", _("This is your institution's own comment."))
    if comment.item and comment.shown and moderation.has_flagged(actor, comment.item, comment.shown.number):
        return refuse("already-flagged", _("You flagged this already. A moderator looks at it."))
    if moderation.flags_since(actor, at - timedelta(hours=1)) >= FLAGS_AN_HOUR:
        sentence = _("You flagged many comments in a short time. Moderators look at these first.")
        return Verdict(Refusal("too-many", sentence, retry_after=3600))
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


def may_admit_late(actor: User, consultation: Consultation) -> Verdict:
    """The secretariat lets an institution comment after closing, and ends that."""
    return _is_secretariat(
        actor, consultation, _("Only the secretariat of this consultation admits somebody late.")
    )


def may_merge(actor: User, kept: Comment, comments: Sequence[Comment]) -> Verdict:
    """The secretariat merges public comments of one place into one that stands for itself."""
    sentence = _("Only the secretariat of this consultation merges comments.")
    allowed = _is_secretariat(actor, kept.consultation, sentence)
    if not allowed:
        return allowed
    if kept.merged_into_id is not None:
        return refuse("merged", _("This comment was merged into another one. Keep that one instead."))
    for each in (kept, *comments):
        if each.public_since is None or each.visibility != Visibility.NAMED:
            return refuse("not-public", _("%(reference)s is not public."), reference=each.reference)
        if each.merged_into_id == kept.pk:
            return refuse("merged-already", _("%(reference)s was merged already."), reference=each.reference)
        if _place(each) != _place(kept):
            sentence = _("%(reference)s stands under another principle, or answers another comment.")
            return refuse("another-place", sentence, reference=each.reference)
    return GRANTED


def may_separate(actor: User, comment: Comment) -> Verdict:
    """The secretariat takes a merging back."""
    sentence = _("Only the secretariat of this consultation merges comments.")
    allowed = _is_secretariat(actor, comment.consultation, sentence)
    if allowed and comment.merged_into_id is None:
        return refuse("not-merged", _("This comment stands for itself."))
    return allowed


def may_translate(
    actor: User | None, comment: Comment, revision: CommentRevision, *, language: str, at: datetime
) -> Verdict:
    """Whoever reads a revision may have it translated by a program, where there is one."""
    public = comment.public_since is not None and comment.shown_id == revision.pk
    if not translator.is_on() or not (public or (actor and reads_unseen(actor, comment, at=at))):
        raise NotFound
    if language not in languages.INTERFACE:
        raise invalid(language=_("Choose one of the languages of this site."))
    if not languages.differ(revision.language, language):
        raise invalid(language=_("It is in that language already."))
    return GRANTED


def _place(comment: Comment) -> tuple[object, ...]:
    return comment.consultation_id, comment.principle_id, comment.parent_id


def _is_secretariat(actor: User, consultation: Consultation, sentence: Sentence) -> Verdict:
    if has_role(actor, consultation, Role.SECRETARIAT):
        return GRANTED
    return texts.no_role(actor, sentence)
