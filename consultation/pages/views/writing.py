"""Writing a comment: the form, a look before sending, sending; drafts on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Institution
from consultation.comments import actions
from consultation.comments import queries as comments
from consultation.comments.models import Comment, Visibility
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.verb import Outcome
from consultation.pages.answers import done_before, in_consultation
from consultation.pages.comment_forms import CommentForm, words_of
from consultation.pages.reading import cards, composer, look_over, sheet
from consultation.pages.reading.sheet import Sheet
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person

# What a closed round refuses is kept as a draft.
KEPT_AS_DRAFT = ("round-closed",)


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def write(request: HttpRequest, found: Consultation) -> HttpResponse:
    """A new comment or reply."""
    return _write(request, sheet.new(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def edit(request: HttpRequest, found: Consultation, pk: UUID) -> HttpResponse:
    """Going on with a draft, or changing what was sent or returned."""
    return _write(request, sheet.existing(request, found, pk))


def _write(request: HttpRequest, page: Sheet) -> HttpResponse:
    if not page.institutions:
        return render(request, "pages/no_hat.html", {"consultation": page.consultation}, status=403)
    if request.method != "POST":
        return _form(request, page, page.form(initial=page.start(request)), claim=new_claim())
    form = page.form(_typed(request))
    step = STEPS.get(request.POST.get("do", ""), _look)
    try:
        return step(request, page, form)
    except Refusal as refusal:
        return _again(request, page, form, refusal)


def _typed(request: HttpRequest) -> QueryDict:
    """What was typed; `written_in` answers the question whether the language is another one."""
    data = request.POST.copy()
    if "written_in" in data:
        data.setlist("language", data.getlist("written_in"))
    return data


def _form(
    request: HttpRequest, page: Sheet, form: CommentForm, *, claim: str, status: int = 200, **facts: Any
) -> HttpResponse:
    closing = page.closing(request)
    return render(
        request,
        "pages/write.html",
        {
            "consultation": page.consultation,
            "sheet": page,
            "form": form,
            "claim": claim,
            "closing": closing,
            "admitted": None if closing else page.admitted(request),
            # What came back from the server is newer than what a browser kept.
            "answered": request.method == "POST",
            **facts,
        },
        status=status,
    )


def _again(request: HttpRequest, page: Sheet, form: CommentForm, refusal: Refusal) -> HttpResponse:
    """The form once more, with everything that was typed and what is to be mended."""
    theirs = None
    if refusal.code == "edited-meanwhile" and page.comment is not None:
        theirs = sheet.theirs(request, page, form)
        form.put(edition=str(theirs["edition"]))
    if form.is_valid():
        form.show(refusal)
    claim = new_claim() if refusal.code == "key-reused" else request.POST.get("claim", "")
    return _form(request, page, form, claim=claim, status=refusal.status, theirs=theirs)


def _look(request: HttpRequest, page: Sheet, form: CommentForm) -> HttpResponse:
    """The comment as it will stand, before it is sent; after closing it is kept as a draft instead."""
    institution = _checked(form)
    try:
        words = page.check(request, institution, form.wording())
    except Refusal as refusal:
        if refusal.code not in KEPT_AS_DRAFT:
            raise
        return _kept(request, page, form, refusal)
    return render(request, "pages/look_over.html", look_over.page(request, page, form, institution, words))


def _preview(request: HttpRequest, page: Sheet, form: CommentForm) -> HttpResponse:
    """The form with what was typed as readers will see it; nothing is kept. For htmx that part alone."""
    valid = form.is_valid()
    shown = sheet.previewed(form.wording())
    if request.headers.get("HX-Request"):
        return render(request, "pages/_previewed.html", {"previewed": shown})
    form.begin_proposal()
    claim = request.POST.get("claim", "")
    return _form(request, page, form, claim=claim, previewed=shown, status=200 if valid else 400)


def _redline(request: HttpRequest, page: Sheet, form: CommentForm) -> HttpResponse:
    """What the proposed words change in the present ones; nothing is kept."""
    form.is_valid()
    return render(request, "pages/_proposal.html", {"proposal_html": cards.proposal(form.wording())})


def _autosave(request: HttpRequest, page: Sheet, form: CommentForm) -> HttpResponse:
    """The words are kept while they are being typed, for js: where they are now, or why not."""
    try:
        comment = _found(request, _keep(request, page, form))
    except Refusal as refusal:
        told = [sentence for errors in form.errors.values() for sentence in errors]
        told += [str(sentence) for errors in refusal.errors.values() for sentence in errors]
        return JsonResponse(
            {"code": refusal.code, "sentence": (told or [str(refusal)])[0]}, status=refusal.status
        )
    kept = {"url": _draft_url(comment), "key": composer.key(page.consultation, comment=comment)}
    return JsonResponse({**kept, "edition": words_of(comment)["edition"], "sentence": _saved(comment)})


def _checked(form: CommentForm) -> Institution:
    """For whom the form is sent, once its fields are well-formed. Raises Refusal."""
    if not form.is_valid():
        raise Refusal("invalid", _("Please correct what is marked."))
    institution = form.institution()
    if institution is None:
        raise NotFound
    return institution


def _change(request: HttpRequest, page: Sheet, form: CommentForm) -> HttpResponse:
    """Back from the look to the form, with everything typed."""
    return _form(request, page, page.form(initial=request.POST.dict()), claim=request.POST.get("claim", ""))


def _save(request: HttpRequest, page: Sheet, form: CommentForm) -> HttpResponse:
    """The words are kept, unsent."""
    comment = _found(request, _keep(request, page, form))
    messages.success(request, _reached(request, page, _saved(comment)))
    return SeeOther(_draft_url(comment))


def _keep(request: HttpRequest, page: Sheet, form: CommentForm) -> Outcome[Comment]:
    institution = _checked(form)
    if page.comment is None:
        return _write_new(request, page, form, institution, send=False)
    edition = form.cleaned_data.get("edition")
    return act(
        request,
        actions.save_draft,
        comment_id=page.comment.pk,
        words=form.wording(),
        edition=edition,
        visibility=form.cleaned_data.get("visibility"),
    )


def _write_new(
    request: HttpRequest, page: Sheet, form: CommentForm, institution: Institution, *, send: bool
) -> Outcome[Comment]:
    return act(
        request,
        actions.write_comment,
        consultation_id=page.consultation.pk,
        institution_id=institution.pk,
        principle_number=page.principle.number if page.principle else None,
        words=form.wording(),
        parent_reference=page.parent.reference if page.parent else None,
        visibility=form.cleaned_data.get("visibility") or "named",
        send=send,
    )


def _send(request: HttpRequest, page: Sheet, form: CommentForm) -> HttpResponse:
    """The comment is sent; where the round closed meanwhile, it is kept as a draft and that is said."""
    institution = _checked(form)
    try:
        if page.comment is None:
            outcome = _write_new(request, page, form, institution, send=True)
        else:
            outcome = act(
                request,
                actions.submit_comment,
                comment_id=page.comment.pk,
                words=form.wording(),
                edition=form.cleaned_data.get("edition"),
                visibility=form.cleaned_data.get("visibility"),
            )
    except Refusal as refusal:
        if refusal.code not in KEPT_AS_DRAFT:
            raise
        return _kept(request, page, form, refusal)
    comment = _found(request, outcome)
    if getattr(comment, "draft", None) is not None:
        # An earlier sending of the same form came too late.
        return SeeOther(_draft_url(comment))
    receipt = reverse("pages:receipt", args=[page.consultation.slug, comment.reference])
    told = format_html('{} <a href="{}">{}</a>', _sent(comment), receipt, _("Your receipt"))
    messages.success(request, _reached(request, page, told))
    return SeeOther(cards.url(comment))


def _kept(request: HttpRequest, page: Sheet, form: CommentForm, refusal: Refusal) -> HttpResponse:
    """What came too late is kept, unsent, and that is said."""
    comment = _found(request, _keep(request, page, form))
    told = f"{refusal} {_('Your words are kept as a draft.')}"
    messages.warning(request, _reached(request, page, told))
    return SeeOther(_draft_url(comment))


def _reached(request: HttpRequest, page: Sheet, told: str) -> SafeString:
    """What is told, marked for js: a browser need not keep these words any longer."""
    return format_html('<span data-reached="{}:{}">{}</span>', the_person(request).pk, page.key, told)


def _found(request: HttpRequest, outcome: Outcome[Comment]) -> Comment:
    """The comment that a verb wrote, looked up anew: its first run may have been an earlier request."""
    key = outcome.subjects[0][1]
    at = request.received_at  # type: ignore[attr-defined]
    found = comments.visible_to(the_person(request), at=at).filter(pk=key)
    return comments.with_cards(found).get()


def _draft_url(comment: Comment) -> str:
    return reverse("pages:edit_comment", args=[comment.consultation.slug, comment.pk])


def _saved(comment: Comment) -> str:
    draft = getattr(comment, "draft", None)
    if draft is None:
        return _("The draft was saved.")
    when = date_format(localtime(draft.saved_at), "TIME_FORMAT")
    return _("Draft saved at %(when)s, shared within your institution.") % {"when": when}


def _sent(comment: Comment) -> str:
    facts = {"reference": comment.reference}
    if comment.visibility == Visibility.SECRETARIAT:
        return _("%(reference)s was sent. Only the secretariat and the moderators read it.") % facts
    if comment.public_since is not None and comment.shown_id == comment.latest_id:
        return _("%(reference)s was sent and is published.") % facts
    if not comment.institution.verified:
        return (
            _(
                "%(reference)s was sent. It appears once a moderator has read it and your institution "
                "is verified."
            )
            % facts
        )
    return _("%(reference)s was sent. It appears once a moderator has read it.") % facts


STEPS: dict[str, Callable[[HttpRequest, Sheet, CommentForm], HttpResponse]] = {
    "look": _look,
    "preview": _preview,
    "redline": _redline,
    "autosave": _autosave,
    "change": _change,
    "save": _save,
    "send": _send,
}


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def delete(request: HttpRequest, found: Consultation, pk: UUID) -> HttpResponse:
    """A draft is deleted, after a question."""
    if request.method == "POST" and done_before(request):
        return SeeOther(reverse("pages:desk"))
    page = sheet.existing(request, found, pk)
    if request.method != "POST":
        return render(
            request, "pages/delete_draft.html", {"consultation": found, "sheet": page, "claim": new_claim()}
        )
    act(request, actions.delete_draft, comment_id=pk)
    messages.success(request, _("The draft was deleted."))
    return SeeOther(reverse("pages:desk"))
