from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts import steps as accounts
from accounts.models import Institution, InstitutionState, User
from consultation.comments import merging, rules, telling
from consultation.comments.models import (
    Comment,
    CommentDraft,
    CommentRevision,
    CommentState,
    CommentText,
    Cosignature,
    MachineTranslation,
    Series,
    Visibility,
)
from consultation.comments.wording import Wording, differs, words_hash
from consultation.kit import search
from consultation.kit.refusal import NotFound
from consultation.moderation import steps as moderation
from consultation.moderation.models import Decision, Reason
from consultation.record.steps import record
from consultation.texts import queries as texts
from consultation.texts import steps as text_steps

KIND = "comment"

TRULY_PUBLIC = Q(
    state=CommentState.PUBLISHED,
    visibility=Visibility.NAMED,
    shown__isnull=False,
    institution__state=InstitutionState.VERIFIED,
) & (Q(parent=None) | Q(parent__public_since__isnull=False))


def lock(comment_id: UUID) -> Comment:
    """The comment, locked after its institution, with its parent locked before it, read again.

    Raises Refusal `not-found`.
    """
    comment = lock_many([comment_id]).get(comment_id)
    if comment is None:
        raise NotFound
    return comment


def lock_many(comment_ids: Collection[UUID]) -> dict[UUID, Comment]:
    """Those of these comments that there are, each locked as `lock` does, by their keys."""
    named = list(Comment.objects.filter(pk__in=comment_ids).values_list("pk", "institution", "parent"))
    institutions = {key: accounts.lock_institution(key) for key in sorted({row[1] for row in named})}
    keys = {key for pk, _institution, parent in named for key in (pk, parent) if key}
    rows = Comment.objects.filter(pk__in=keys)
    list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    # Read anew: what a waiting SELECT … FOR UPDATE joins is older than the row it waited for.
    comments = Comment.objects.select_related(
        "consultation", "principle", "version", "round", "latest", "shown", "item__consultation"
    ).in_bulk(list(comment_ids))
    for comment in comments.values():
        # Its institution was merged into another one while we waited for it.
        if (key := comment.institution_id) not in institutions:
            institutions[key] = accounts.lock_institution(key)
        comment.institution = institutions[key]
    return comments


def save_draft(actor: User, comment: Comment, wording: Wording, *, at: datetime) -> CommentDraft:
    """The words are kept as the comment's draft; `edition` moves on."""
    draft = CommentDraft.objects.filter(comment=comment).first()
    fields = {**wording.fields(), "saved_by": actor, "saved_at": at}
    if draft is None:
        return CommentDraft.objects.create(comment=comment, **fields)
    CommentDraft.objects.filter(pk=draft.pk).update(edition=F("edition") + 1, **fields)
    draft.refresh_from_db()
    return draft


def submit(
    actor: User, comment: Comment, wording: Wording, *, agreed: Decision | None = None, at: datetime
) -> CommentRevision:
    """A new revision with these words; the first one gives the comment its reference for ever.

    A published comment stays published: only its latest revision moves, until moderation releases it.
    `agreed` is the decision that proposed these very words: nobody has to read them again.
    """
    first = comment.latest is None
    if first:
        comment.late = rules.admitted_by(comment, at=at)
        nearest = texts.round_nearest(comment.consultation, rules.act_of(comment), at=at)
        comment.round = comment.late.round if comment.late else nearest or comment.round
    reference = comment.reference or next_reference(comment)
    assert comment.institution.current is not None
    number = 1 if comment.latest is None else comment.latest.number + 1
    revision = CommentRevision.objects.create(
        comment=comment,
        number=number,
        words_hash=words_hash(reference, number, wording),
        sent_as=comment.institution.current,
        author=actor,
        at=at,
        **wording.fields(),
    )
    comment.reference = reference
    comment.latest = revision
    comment.submitted_at = comment.submitted_at or at
    reasons = (
        [] if first else [Reason.EDITED if comment.state == CommentState.PUBLISHED else Reason.SENT_AGAIN]
    )
    if comment.state != CommentState.PUBLISHED:
        comment.state = CommentState.PENDING
    if comment.item is None:
        comment.item = moderation.open_item(
            kind=KIND,
            consultation=comment.consultation,
            principle=comment.principle,
            institution=comment.institution,
            language=wording.language,
        )
    comment.save(update_fields=["round", "late", "reference", "latest", "submitted_at", "state", "item"])
    CommentDraft.objects.filter(comment=comment).delete()
    text_steps.accept_licence(actor, comment.consultation, at=at)
    record(actor, "comment.submitted", comment)
    words = _texts_of(revision)
    if agreed is not None:
        moderation.agree(agreed, revision=number, at=at)
        publish(actor, comment, at=at)
    elif moderation.receive(actor, comment.item, revision=number, words=words, reasons=reasons, at=at):
        publish(actor, comment, at=at)
    return revision


def _texts_of(revision: CommentRevision) -> list[str]:
    return [revision.body, revision.proposed_text, *map(str, (revision.translation or {}).values())]


def next_reference(comment: Comment) -> str:
    """The next reference of the comment's series, without gaps and never given again."""
    if comment.visibility == Visibility.SECRETARIAT:
        name = "S"
    else:
        name = f"P{comment.principle.number}" if comment.principle else "G"
    Series.objects.bulk_create([Series(consultation=comment.consultation, name=name)], ignore_conflicts=True)
    series = Series.objects.select_for_update(no_key=True, of=("self",)).get(
        consultation=comment.consultation, name=name
    )
    series.last += 1
    series.save(update_fields=["last"])
    return f"{name}-{series.last}"


def publish(actor: User | None, comment: Comment, *, decision: Decision | None = None, at: datetime) -> None:
    """The latest revision is what the public sees, as soon as its institution is verified.

    What may be undone, as a moderator's `decision` may, is told to others only afterwards.
    """
    moved = comment.public_since is not None and comment.shown_id != comment.latest_id
    before = comment.shown
    comment.shown = comment.latest
    comment.state = CommentState.PUBLISHED
    comment.settled_at = at
    if moved:
        comment.edited_at = at
    comment.save(update_fields=["shown", "state", "settled_at", "edited_at"])
    index(comment)
    if moved:
        record(actor, "comment.revised", comment, public=True)
    if moved and before and comment.shown and differs(before, comment.shown):
        telling.tell_those_who_answered("comment-changed", comment, decision=decision, at=at)
    settle(actor, [comment.pk], at=at)


def restore(actor: User | None, comment: Comment, *, at: datetime) -> None:
    """What was hidden is shown again as it was: an edit that nobody released stays unseen."""
    comment.state = CommentState.PUBLISHED
    comment.settled_at = at
    comment.save(update_fields=["state", "settled_at"])
    settle(actor, [comment.pk], at=at)


def take_away(actor: User | None, comment: Comment, state: CommentState, *, at: datetime) -> None:
    """The comment is in a state in which nobody reads it in public, and so are the replies below it."""
    was_public = comment.public_since is not None
    comment.state = state
    comment.settled_at = at
    comment.public_since = None
    comment.save(update_fields=["state", "settled_at", "public_since"])
    drop_translations(comment)
    if was_public:
        _tell_vanished(actor, [comment], at=at)
        settle(actor, Comment.objects.filter(parent=comment).values_list("pk", flat=True), at=at)


def drop_translations(comment: Comment) -> None:
    """What a program made of words that are hidden, withdrawn or redacted is gone; what it makes now too."""
    MachineTranslation.objects.filter(revision__comment=comment).delete()


def index(comment: Comment) -> None:
    """Search finds the words of the revision that the public sees."""
    shown = comment.shown
    if shown is None:
        CommentText.objects.filter(comment=comment).delete()
        return
    translated = shown.translation or {}
    vector = search.document(
        shown.body,
        shown.proposed_text,
        (shown.passage or {}).get("exact", ""),
        translated.get("body", ""),
        translated.get("proposed_text", ""),
    )
    CommentText.objects.update_or_create(comment=comment, defaults={"vector": vector})


def settle(actor: User | None, keys: Iterable[UUID], *, at: datetime) -> None:
    """Each of these comments is public exactly if it should be, and so are the replies below them.

    Counters move with it, and the record names each appearance and each vanishing.
    """
    waiting = Comment.objects.filter(Q(pk__in=list(keys)))
    while True:
        changed = _settle_level(actor, waiting, at=at)
        if not changed:
            return
        waiting = Comment.objects.filter(parent__in=changed)


def _settle_level(actor: User | None, comments: QuerySet[Comment], *, at: datetime) -> list[UUID]:
    keys = list(
        comments.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True)
    )
    rows = Comment.objects.filter(pk__in=keys)
    appearing = list(_with_facts(rows.filter(TRULY_PUBLIC, public_since=None)))
    vanishing = list(
        _with_facts(rows.exclude(pk__in=rows.filter(TRULY_PUBLIC)).filter(public_since__isnull=False))
    )
    rows.filter(pk__in=[each.pk for each in appearing]).update(
        public_since=at, first_public=Coalesce("first_public", Value(at))
    )
    rows.filter(pk__in=[each.pk for each in vanishing]).update(public_since=None)
    merging.count(appearing, +1)
    for comment in appearing:
        shown = comment.shown.number if comment.shown else None
        record(actor, "comment.appeared", comment, public=True, revision=shown)
    _tell_vanished(actor, vanishing, at=at)
    return [comment.pk for comment in (*appearing, *vanishing)]


def _tell_vanished(actor: User | None, comments: list[Comment], *, at: datetime) -> None:
    merging.count(comments, -1)
    for comment in comments:
        record(actor, "comment.vanished", comment, public=True)
    merging.separate_from(actor, comments, at=at)


def _with_facts(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    return comments.select_related("principle", "latest", "shown").order_by("pk")


def move(actor: User, merged: Institution, kept: Institution, *, at: datetime) -> None:
    """What `merged` wrote and co-signed stands under `kept` from now on. Both are locked.

    Nobody co-signs what is their own, and of two stances on one comment the newest one is in force.
    """
    rows = Comment.objects.filter(institution=merged)
    held = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True))
    moved = list(_with_facts(rows.exclude(state=CommentState.DRAFT)))
    rows.update(institution=kept)
    for comment in moved:
        comment.institution = kept
        seen = comment.shown if comment.public_since is not None else None
        public = comment.public_since is not None
        record(actor, "comment.moved", comment, public=public, revision=seen.number if seen else None)
    _move_cosignatures(actor, merged, kept, at=at)
    settle(actor, held, at=at)


def _move_cosignatures(actor: User, merged: Institution, kept: Institution, *, at: datetime) -> None:
    given = Cosignature.objects.filter(institution__in=[merged, kept], ended_at=None).order_by("at", "pk")
    newest = {each.comment_id: each.pk for each in given}
    # The earliest first: the kept one's own earlier stance ends before a newer one takes its place.
    for each in given.select_related("comment__principle", "comment__item", "institution"):
        stands = newest[each.comment_id] == each.pk and each.comment.institution_id != kept.pk
        if stands and each.institution_id == kept.pk:
            continue
        Cosignature.objects.filter(pk=each.pk).update(ended_at=at)
        record(actor, "cosignature.ended", each, public=each.institution.verified)
        if stands:
            _cosign_anew(actor, each, kept, at=at)


def _cosign_anew(actor: User, earlier: Cosignature, kept: Institution, *, at: datetime) -> None:
    new = Cosignature.objects.create(
        comment=earlier.comment, institution=kept, stance=earlier.stance, person=earlier.person, at=at
    )
    if earlier.comment.item is not None:
        moderation.add_party(earlier.comment.item, kept)
    record(actor, "cosignature.given", new, public=kept.verified)


def settle_institution(actor: User | None, institution: Institution, *, at: datetime) -> None:
    """Everything this institution published or co-signed is public exactly if it should be. It is locked."""
    published = Comment.objects.filter(institution=institution, state=CommentState.PUBLISHED)
    settle(actor, list(published.values_list("pk", flat=True)), at=at)
    kind = "cosignature.appeared" if institution.verified else "cosignature.vanished"
    given = Cosignature.objects.filter(institution=institution, ended_at=None).order_by("pk")
    for cosignature in given.select_related("comment__principle"):
        record(actor, kind, cosignature, public=True)
