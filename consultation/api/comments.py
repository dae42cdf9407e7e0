"""Comments: lists and single ones, writing, changing, sending, withdrawing, co-signing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from consultation.api import comment_shapes as shapes
from consultation.api import consultations, institutions
from consultation.api.call import Call, Data, ListCall, etag_of, moved
from consultation.api.errors import ChangedMeanwhile, NoLongerPublic, RoundClosed
from consultation.comments import actions, rules
from consultation.comments import queries as comments
from consultation.comments.actions import Unsent
from consultation.comments.models import Comment
from consultation.comments.queries import CommentFilters
from consultation.comments.wording import Wording
from consultation.kit.keyset import Key, Ordering
from consultation.kit.refusal import NotFound, Refusal, invalid
from consultation.kit.verb import Outcome, Verb
from consultation.moderation import queries as moderation
from consultation.web import looking

ORDERS = {each.name: each for each in (comments.NEWEST, comments.OLDEST, comments.MOST_COSIGNED)}
CLOSED = 409


class _CommentCall(Call):
    """A call about one comment, found by its reference in a consultation or by its id."""

    changing = Scope.CONTRIBUTE
    conditional = True
    permission_classes = [IsAuthenticatedOrReadOnly]

    def found(self) -> Comment:
        """The comment at this address, for whoever may see it. Raises NotFound or NoLongerPublic."""
        place = self._place()
        seen = comments.with_counts(comments.visible_to(self.person, at=self.at)).filter(**place).first()
        if seen is not None:
            return seen
        once = comments.once_public().filter(**place).first()
        if once is None:
            raise NotFound
        gone = comments.gone(once)
        raise NoLongerPublic(reference=gone.reference, since=gone.since, clause=gone.clause)

    def _place(self) -> dict[str, Any]:
        if "id" in self.kwargs:
            return {"pk": self.kwargs["id"]}
        return {"consultation__slug": self.kwargs["slug"], "reference": self.kwargs["reference"]}

    def shown(self, comment: Comment) -> tuple[Any, str]:
        """The comment as the caller may read it, and its entity tag, which is the same for all readers."""
        case = moderation.newest_case(comment.item_id) if comment.item_id else None
        [own] = shapes.with_passages([shapes.own_reading(comment, case)])
        full = shapes.OwnCommentShape(own).data
        if rules.is_own(self.person, comment, at=self.at):
            return full, etag_of(full)
        [public] = shapes.with_passages([shapes.reading(comment)])
        return shapes.CommentShape(public).data, etag_of(full)

    def after(self, outcome: Outcome[Comment], **headers: str) -> Response:
        """The answer to an act: the comment looked up anew, under the status that the act came to."""
        [(_label, key)] = outcome.subjects
        comment = comments.with_counts(comments.visible_to(self.person, at=self.at)).filter(pk=key).first()
        if comment is None:
            raise NotFound
        data, etag = self.shown(comment)
        return Response(data, outcome.status, headers={"ETag": etag, **headers})

    def do(self, verb: Verb[Any, Comment], **fields: Any) -> Response:
        """Run a verb on the comment at this address."""
        comment = self.found()
        return self.after(self.act(verb, match=self.shown(comment)[1], comment_id=comment.pk, **fields))


def address_of(call: Call, comment: Comment) -> str:
    """Where the API answers for this comment."""
    if comment.reference is None:
        path = reverse("api:comment-by-id", args=[comment.pk])
    else:
        path = reverse("api:comment", args=[comment.consultation.slug, comment.reference])
    return call.request.build_absolute_uri(path)


class Comments(ListCall, _CommentCall):
    conditional = False
    ordering = comments.NEWEST

    @extend_schema(parameters=[shapes.CommentQuery], responses=shapes.CommentShape(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Public comments."""
        asked = self.asked(shapes.CommentQuery)
        self.ordering = ORDERS[asked.pop("order")]
        whole_text = "principle" in asked and asked["principle"] is None
        filters = CommentFilters(whole_text=whole_text, **asked)
        found = comments.of_consultation(consultations.of_slug(self, slug), filters=filters)
        return self.page(comments.with_counts(found), shapes.CommentShape)

    def rendered(self, rows: Any, shape: Any) -> Any:
        return super().rendered(shapes.with_passages([shapes.reading(each) for each in rows]), shape)

    @extend_schema(request=shapes.NewCommentShape, responses={201: shapes.OwnCommentShape})
    def post(self, request: Request, slug: str) -> Response:
        """Send a comment, or keep it as a draft.

        After the round closed the answer is 409 `round-closed`, and `draft` names where the words are kept.
        """
        fields = self._fields(slug, given := self.given(shapes.NewCommentShape))
        try:
            outcome = self.act(actions.write_comment, status=201, send=not given["draft"], **fields)
        except Refusal as refusal:
            if refusal.code != "round-closed":
                raise
            outcome = self.act(actions.write_comment, status=CLOSED, send=False, **fields)
        [(_label, key)] = outcome.subjects
        written = comments.visible_to(self.person, at=self.at).select_related("consultation").get(pk=key)
        if outcome.status == CLOSED:
            raise RoundClosed(address_of(self, written))
        return self.after(outcome, Location=address_of(self, written))

    def _fields(self, slug: str, given: Data) -> Data:
        assert self.person is not None
        words = {"language": self.person.language, **shapes.words_in(given)}
        return {
            "consultation_id": consultations.of_slug(self, slug).pk,
            "institution_id": institutions.speaker(self, given["institution"]).pk,
            "principle_number": given["principle"],
            "words": Wording(**words),
            "parent_reference": given.get("parent"),
            "visibility": given["visibility"],
        }


class SubmitMany(Call):
    changing = Scope.CONTRIBUTE
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(request=shapes.IdsShape, responses=shapes.SentShape(many=True))
    def post(self, request: Request, slug: str) -> Response:
        """Send up to 500 drafts; each has an answer of its own, in the order asked."""
        ids = list(dict.fromkeys(self.given(shapes.IdsShape)["ids"]))
        consultation = consultations.of_slug(self, slug)
        mine = comments.visible_to(self.person, at=self.at).filter(consultation=consultation, pk__in=ids)
        known = set(mine.values_list("pk", flat=True))
        outcome = self.act(actions.submit_comments, comment_ids=[each for each in ids if each in known])
        sent = mine.in_bulk([UUID(key) for _label, key in outcome.subjects])
        unsent = {each.comment_id: each.refusal for each in outcome.value or [] if isinstance(each, Unsent)}
        return Response(
            [_sent(each, sent, unsent, replayed=outcome.replayed) for each in ids], outcome.status
        )


def _sent(key: UUID, sent: dict[UUID, Comment], unsent: dict[UUID, Refusal], *, replayed: bool) -> Data:
    if key in sent:
        return {"id": str(key), "status": 200, "reference": sent[key].reference}
    refusal = shapes.NOT_SENT if replayed else unsent.get(key, NotFound())
    errors = refusal.errors or {"id": [refusal.sentence]}
    return {
        "id": str(key),
        "status": refusal.status,
        "errors": {path: [str(each) for each in said] for path, said in errors.items()},
    }


class OneComment(_CommentCall):
    @extend_schema(responses=shapes.OwnCommentShape)
    def get(self, request: Request, **place: Any) -> HttpResponseBase:
        """One comment. By its id, 308 to its reference once it has one; 410 when it is no longer public.

        A merged one answers 308 to the one that stands for it, but to its own institution.
        """
        comment = self.found()
        led = comments.leads_to(comment) and not rules.is_own(self.person, comment, at=self.at)
        if led and comment.merged_into:
            return moved(address_of(self, comment.merged_into))
        if "id" in place and comment.reference is not None:
            return moved(address_of(self, comment))
        looking.at_comment(request, comment)
        data, etag = self.shown(comment)
        return Response(data, headers={"ETag": etag})

    @extend_schema(request=shapes.ChangesShape, responses=shapes.OwnCommentShape)
    def patch(self, request: Request, **place: Any) -> Response:
        """Other words: kept, unsent, with a draft or a returned comment; of a published one sent at once.

        After the round closed the answer to the latter is 409 `round-closed`: they are kept, unsent.
        """
        changes = shapes.words_in(self.given(shapes.ChangesShape))
        comment = self.found()
        edition = None
        if request.headers.get("If-Match", "*").strip() != "*":
            self.require_match(self.shown(comment)[1])
            edition = getattr(getattr(comment, "draft", None), "edition", None)
        revise: Data = {"comment_id": comment.pk, "changes": changes, "edition": edition}
        try:
            return self.after(self.act(actions.revise_comment, **revise))
        except Refusal as refusal:
            if refusal.code == "edited-meanwhile":
                raise ChangedMeanwhile from refusal
            if refusal.code != "round-closed":
                raise
        self.act(actions.revise_comment, send=False, **revise)
        raise RoundClosed(address_of(self, comment))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **place: Any) -> Response:
        """A draft is gone for good; what was sent can be withdrawn only."""
        comment = self.found()
        self.act(actions.delete_draft, match=self.shown(comment)[1], comment_id=comment.pk)
        return Response(status=204)


class Submit(_CommentCall):
    @extend_schema(request=None, responses=shapes.OwnCommentShape)
    def post(self, request: Request, **place: Any) -> Response:
        """Send a draft, or what was changed since it was returned or published.

        After the round closed the answer is 409 `round-closed`, and `draft` names where the words are kept.
        """
        try:
            return self.do(actions.submit_comment)
        except Refusal as refusal:
            if refusal.code != "round-closed":
                raise
            raise RoundClosed(address_of(self, self.found())) from refusal


class AnswerCorrection(_CommentCall):
    @extend_schema(request=shapes.AnswerShape, responses=shapes.OwnCommentShape)
    def post(self, request: Request, **place: Any) -> Response:
        """Agree to a moderator's small correction, and the comment is public at once; or decline it."""
        given = self.given(shapes.AnswerShape)
        return self.do(actions.answer_correction, accept=given["accept"])


class Withdraw(_CommentCall):
    @extend_schema(request=None, responses=shapes.OwnCommentShape)
    def post(self, request: Request, **place: Any) -> Response:
        """The comment is no longer public; its reference stays."""
        return self.do(actions.withdraw_comment)


class Cosign(_CommentCall):
    @extend_schema(responses=shapes.StancesShape)
    def get(self, request: Request, **place: Any) -> Response:
        """Who agrees with the comment and who disagrees, counted by country."""
        return Response(shapes.StancesShape(comments.stances_by_country(self.found())).data)

    @extend_schema(request=shapes.CosignShape, responses=shapes.CommentShape)
    def post(self, request: Request, **place: Any) -> Response:
        """Agree with another institution's comment, disagree, or take back what was said."""
        given = self.given(shapes.CosignShape)
        stance = None if given["position"] == shapes.NO_STANCE else given["position"]
        institution = institutions.speaker(self, given["institution"])
        return self.do(actions.cosign_comment, institution_id=institution.pk, stance=stance)


class Revisions(ListCall, _CommentCall):
    ordering = Ordering("revisions", (Key("number", int), Key("id", int)))

    @extend_schema(responses=shapes.RevisionShape(many=True))
    def get(self, request: Request, **place: Any) -> Response:
        """The revisions that the public saw, the first one first; for its institution all that were sent."""
        comment = self.found()
        looking.at_comment(request, comment, revisions=True)
        unseen = rules.reads_unseen(self.person, comment, at=self.at)
        answer = self.page(comments.revisions(comment, unseen=unseen), shapes.RevisionShape)
        answer.headers["ETag"] = etag_of([self.shown(comment)[1], request.get_full_path()])
        return answer


class Merged(ListCall, _CommentCall):
    ordering = Ordering("merged", (Key("submitted_at", datetime), Key("id", UUID)))

    @extend_schema(responses=shapes.CommentShape(many=True))
    def get(self, request: Request, **place: Any) -> Response:
        """The public comments for which this one stands, in the order in which they were sent."""
        return self.page(comments.with_counts(comments.merged_into(self.found())), shapes.CommentShape)

    def rendered(self, rows: Any, shape: Any) -> Any:
        return super().rendered(shapes.with_passages([shapes.reading(each) for each in rows]), shape)


class Merge(_CommentCall):
    changing = Scope.OFFICE

    @extend_schema(request=shapes.MergeShape, responses=shapes.CommentShape)
    def post(self, request: Request, **place: Any) -> Response:
        """The secretariat lets this comment stand for others that say the same."""
        comment = self.found()
        keys = self._named(comment, self.given(shapes.MergeShape)["references"])
        return self.do(actions.merge_comments, merged_ids=keys)

    def _named(self, comment: Comment, references: list[str]) -> list[UUID]:
        wanted = list(dict.fromkeys(each.strip().upper() for each in references))
        seen = comments.visible_to(self.person, at=self.at).filter(consultation=comment.consultation)
        known = dict(seen.filter(reference__in=wanted).values_list("reference", "pk"))
        if unknown := [each for each in wanted if each not in known]:
            sentence = _("There is no public comment with that reference.")
            raise invalid(references=f"{sentence} {', '.join(unknown)}")
        return [known[each] for each in wanted]


class Separate(_CommentCall):
    changing = Scope.OFFICE

    @extend_schema(request=None, responses=shapes.CommentShape)
    def post(self, request: Request, **place: Any) -> Response:
        """The secretariat lets a merged comment stand for itself again."""
        return self.do(actions.separate_comment)
