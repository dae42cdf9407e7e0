"""The sheet on which a comment is written: on what, in answer to what, for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Institution
from consultation.comments import queries as comments
from consultation.comments import rules, wording
from consultation.comments.models import Comment, CommentDraft, CommentState, LateAdmission, Visibility, Words
from consultation.comments.wording import Wording
from consultation.kit import redline
from consultation.kit.refusal import NotFound
from consultation.moderation import queries as moderation
from consultation.moderation.models import Decision
from consultation.pages import comment_forms
from consultation.pages.comment_forms import CommentForm
from consultation.pages.reading import cards, composer, hats, opening, passages
from consultation.pages.reading.hats import Hats
from consultation.texts import queries as texts
from consultation.texts import rules as text_rules
from consultation.texts.models import Act, Consultation, Principle, PrincipleVersion, Translation
from consultation.web.acts import person_of


@dataclass(frozen=True)
class Sheet:
    """What a comment is written on; `comment` is the draft or the sent comment that is changed, if any."""

    consultation: Consultation
    hats: Hats
    principle: Principle | None = None
    version: PrincipleVersion | None = None
    words: Translation | None = None
    parent: Comment | None = None
    comment: Comment | None = None

    @property
    def institutions(self) -> Sequence[Institution]:
        """For whom it can be written: a comment keeps its institution."""
        return [self.comment.institution] if self.comment else self.hats.institutions

    @property
    def lacks(self) -> tuple[str, ...]:
        """The fields of the form that do not apply."""
        if self.parent is not None:
            return comment_forms.REPLY_LACKS
        whole = comment_forms.WHOLE_LACKS if self.principle is None else ()
        return whole if self._asks_who_reads() else (*whole, "visibility")

    def _asks_who_reads(self) -> bool:
        """Until it is sent, where there is a choice, or what was chosen is none any more."""
        if self.comment is None:
            return self.consultation.private_comments
        private = self.comment.visibility == Visibility.SECRETARIAT
        return self.comment.state == CommentState.DRAFT and (private or self.consultation.private_comments)

    @property
    def title(self) -> str:
        """What is done here, in words."""
        if self.comment is not None and self.comment.reference:
            return _("Change %(reference)s") % {"reference": self.comment.reference}
        if self.parent is not None:
            return _("Reply to %(reference)s") % {"reference": self.parent.reference}
        if self.principle is not None:
            return _("Comment on Principle %(number)d") % {"number": self.principle.number}
        return _("Comment on the text as a whole")

    @property
    def back(self) -> str:
        """Where the reader came from."""
        slug = self.consultation.slug
        if self.parent is not None:
            return reverse("pages:comment", args=[slug, self.parent.reference])
        if self.principle is not None:
            return reverse("pages:principle", args=[slug, self.principle.number])
        return reverse("pages:consultation", args=[slug])

    @property
    def address(self) -> str:
        """Where its form is sent to."""
        slug = self.consultation.slug
        if self.comment is not None:
            return reverse("pages:edit_comment", args=[slug, self.comment.pk])
        address = reverse("pages:write", args=[slug])
        if self.parent is not None:
            return f"{address}?parent={self.parent.reference}"
        return f"{address}?principle={self.principle.number}" if self.principle else address

    @property
    def key(self) -> str:
        """What a browser keeps unsaved words under."""
        return composer.key(
            self.consultation, principle=self.principle, parent=self.parent, comment=self.comment
        )

    def form(self, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> CommentForm:
        """The form, with what was typed or what it starts with."""
        return CommentForm(self.institutions, data, initial=dict(initial or {}), without=self.lacks)

    def start(self, request: HttpRequest) -> dict[str, Any]:
        """What a fresh form holds."""
        if self.comment is not None:
            return comment_forms.words_of(self.comment)
        text = self.words.body if self.words else ""
        chosen = passages.asked(request.GET.get("words", ""), text)
        return composer.start(self.institutions, text=text, chosen=chosen)

    def check(self, request: HttpRequest, institution: Institution, words: Wording) -> Wording:
        """The words as they would be sent now. Raises Refusal where sending would be refused."""
        person = person_of(request)
        at: datetime = request.received_at  # type: ignore[attr-defined]
        assert person is not None
        if self.comment is not None:
            rules.may_submit(person, self.comment, at=at).require()
        else:
            reply = self.parent is not None
            rules.may_write(person, self.consultation, institution, reply=reply, at=at).require()
            if self.principle is not None:
                text_rules.is_in_force(self.principle).require()
        translations = list(self.version.translations.all()) if self.version else []
        return wording.checked(words, translations, complete=True)

    def admitted(self, request: HttpRequest) -> LateAdmission | None:
        """What lets it in after closing, where the secretariat admitted the institution late."""
        at: datetime = request.received_at  # type: ignore[attr-defined]
        if self.comment is not None:
            return rules.admitted_by(self.comment, at=at)
        return None if self.parent else self.hats.admitted

    def closing(self, request: HttpRequest) -> dict[str, Any] | None:
        """Until when it may be sent, as `_closing.html` shows it."""
        act, at = Act.DISCUSS if self.parent else Act.COMMENT, request.received_at  # type: ignore[attr-defined]
        return opening.closing(
            self.consultation, act, get_language() or self.consultation.authoritative, at=at
        )

    def decision(self) -> Decision | None:
        """Why the comment came back, where it did."""
        if self.comment is None or self.comment.state != CommentState.RETURNED or self.comment.item is None:
            return None
        return moderation.last_decision(self.comment.item)

    def preview(self, institution: Institution, words: Wording) -> dict[str, Any]:
        """The comment as readers will see it."""
        return {**cards.voice(institution), **cards.words(words)}


def new(request: HttpRequest, consultation: Consultation) -> Sheet:
    """A sheet for `?principle=` or `?parent=`, or for the whole text.

    Raises Refusal `not-found`, and `principle-withdrawn` before anything is typed.
    """
    worn = hats.of(request, consultation)
    parent = _parent(consultation, request.GET.get("parent", ""))
    asked = request.GET.get("principle", "")
    if parent is not None:
        asked = str(parent.principle.number) if parent.principle else ""
    if not asked:
        return Sheet(consultation, worn, parent=parent)
    principle = texts.principle(consultation, int(asked)) if asked.isascii() and asked.isdigit() else None
    if principle is None or principle.current is None:
        raise NotFound
    if request.method != "POST":  # What was typed meanwhile is shown again, and can be kept as a draft.
        text_rules.is_in_force(principle).require()
    words = texts.translation(principle.current, get_language() or consultation.authoritative)
    return Sheet(consultation, worn, principle, principle.current, words, parent)


def _parent(consultation: Consultation, reference: str) -> Comment | None:
    if not reference:
        return None
    clean = reference.replace("\x00", "")
    found = comments.by_reference(consultation, clean).filter(public_since__isnull=False)
    parent = comments.with_cards(found).first()
    if parent is None:
        raise NotFound
    return parent


def existing(request: HttpRequest, consultation: Consultation, key: UUID) -> Sheet:
    """The sheet of a comment of the person's own institutions. Raises Refusal `not-found`."""
    worn = hats.of(request, consultation)
    mine = comments.of_institutions([each.pk for each in worn.institutions])
    comment = comments.with_cards(mine).filter(consultation=consultation, pk=key).first()
    if comment is None:
        raise NotFound
    if comment.principle is None or comment.version is None:
        return Sheet(consultation, worn, parent=comment.parent, comment=comment)
    words = texts.translation(comment.version, get_language() or consultation.authoritative)
    return Sheet(consultation, worn, comment.principle, comment.version, words, comment.parent, comment)


def previewed(words: Wording) -> dict[str, Any]:
    """What was typed, as readers will see it."""
    return {**cards.words(words), "empty": not (words.body.strip() or words.proposed_text.strip())}


def theirs(request: HttpRequest, page: Sheet, form: CommentForm) -> dict[str, Any]:
    """What a colleague saved or sent while `form` was filled in, and what stands otherwise in the form."""
    assert page.comment is not None
    comment = existing(request, page.consultation, page.comment.pk).comment
    assert comment is not None
    draft: CommentDraft | None = getattr(comment, "draft", None)
    said: Words | None = draft or comment.latest
    mine = form.wording()
    return {
        "edition": comment_forms.words_of(comment)["edition"],
        "words": said,
        "at": draft.saved_at if draft else None,
        "differs": redline.as_html(redline.redline(said.body if said else "", mine.body)),
        "proposal_differs": redline.as_html(
            redline.redline(said.proposed_text if said else "", mine.proposed_text)
        ),
    }
