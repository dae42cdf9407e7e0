"""One comment: reading, withdrawing, co-signing."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation.comments import actions
from consultation.comments import queries as comments
from consultation.comments.models import Comment, CommentState, Stance
from consultation.kit.refusal import NotFound
from consultation.pages.answers import in_consultation, kept_while_unchanged
from consultation.pages.reading import cards, hats
from consultation.pages.reading import citation as citing
from consultation.pages.reading import comment as reading
from consultation.texts.models import Consultation
from consultation.web import looking
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_safe
@in_consultation
@kept_while_unchanged
def comment(request: HttpRequest, found: Consultation, reference: str) -> HttpResponse:
    """One comment with its thread; 410 where it was public once.

    A merged one leads to the one that was kept, but for its own institution, which may change it.
    """
    seen = reading.visible(request, found, reference)
    if seen is not None and (kept := reading.leads_to(request, seen)):
        return HttpResponsePermanentRedirect(kept)
    if seen is not None and request.headers.get("HX-Request"):
        return render(request, "pages/_replies.html", {"listing": reading.replies(request, seen)})
    if seen is not None:
        looking.at_comment(request, seen)
        return render(request, "pages/comment.html", reading.page(request, found, seen))
    return _gone(request, found, reference)


def _gone(request: HttpRequest, consultation: Consultation, reference: str) -> HttpResponse:
    gone = reading.gone(consultation, reference)
    if gone is None:
        raise Http404
    return render(request, "pages/gone.html", {"consultation": consultation, "gone": gone}, status=410)


@require_safe
@in_consultation
def citation(request: HttpRequest, found: Consultation, reference: str, form: str) -> HttpResponse:
    """How a public comment is cited, as a file for programs that keep references."""
    public = reading.public(found, reference)
    if form not in citing.MEDIA_TYPES:
        raise Http404
    if public is None:
        return _gone(request, found, reference)
    answer = HttpResponse(citing.written(citing.of(public), form), content_type=citing.MEDIA_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{public.reference}.{form}"'
    return answer


@require_safe
@in_consultation
@signed_in
def own_comment(request: HttpRequest, found: Consultation, pk: UUID) -> HttpResponse:
    """A comment by its key: at its reference once it has one, else where it is written."""
    at = request.received_at  # type: ignore[attr-defined]
    seen = comments.visible_to(the_person(request), at=at).filter(consultation=found, pk=pk)
    written = seen.select_related("consultation").first()
    if written is None:
        raise Http404
    return (
        HttpResponsePermanentRedirect(cards.url(written))
        if written.reference
        else SeeOther(cards.url(written))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def withdraw(request: HttpRequest, found: Consultation, reference: str) -> HttpResponse:
    """A comment is withdrawn, after a question."""
    mine = _own(request, found, reference)
    if request.method == "POST":
        act(request, actions.withdraw_comment, comment_id=mine.pk)
        messages.success(request, _("%(reference)s was withdrawn.") % {"reference": mine.reference})
        return SeeOther(cards.url(mine))
    facts = {
        "consultation": found,
        "comment": mine,
        "claim": new_claim(),
        "done": mine.state == CommentState.WITHDRAWN,
        "back": cards.url(mine),
    }
    return render(request, "pages/withdraw_comment.html", facts)


def _own(request: HttpRequest, consultation: Consultation, reference: str) -> Comment:
    seen = reading.visible(request, consultation, reference)
    worn = hats.of(request, consultation)
    if seen is None or seen.institution_id not in [each.pk for each in worn.institutions]:
        raise NotFound
    return seen


@require_POST
@in_consultation
@signed_in
def cosign(request: HttpRequest, found: Consultation, reference: str) -> HttpResponse:
    """One institution agrees, disagrees, or takes back what it said."""
    seen = reading.visible(request, found, reference)
    institution = hats.of(request, found).chosen(request.POST.get("institution", ""))
    if seen is None or institution is None:
        raise NotFound
    asked = request.POST.get("position", "")
    stance = None if asked == "none" else asked
    act(request, actions.cosign_comment, comment_id=seen.pk, institution_id=institution.pk, stance=stance)
    messages.success(request, _told(stance, seen))
    return SeeOther(cards.url(seen))


def _told(stance: str | None, seen: Comment) -> str:
    facts = {"reference": seen.reference}
    if stance == Stance.AGREE:
        return _("Your institution co-signs %(reference)s.") % facts
    if stance == Stance.DISAGREE:
        return _("Your institution disagrees with %(reference)s, and that is shown.") % facts
    return _("Your institution says nothing of %(reference)s any more.") % facts
