"""Flagging a comment: a reader asks for a moderator's look."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultation.comments import actions, rules
from consultation.comments.models import Comment
from consultation.kit.refusal import NotFound, Refusal
from consultation.pages.answers import done_before, in_consultation
from consultation.pages.flag_forms import FlagForm
from consultation.pages.reading import cards
from consultation.pages.reading import comment as reading
from consultation.texts import queries as texts
from consultation.texts.models import Consultation
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_http_methods(["GET", "HEAD", "POST"])
@in_consultation
@signed_in
def flag(request: HttpRequest, found: Consultation, reference: str) -> HttpResponse:
    """Which clause of the policy the comment breaks, chosen and sent to the moderators."""
    seen = reading.visible(request, found, reference)
    if seen is None or seen.public_since is None:
        if done_before(request):
            return SeeOther(request.path.removesuffix("flag/"))
        raise NotFound
    if request.method != "POST":
        at = request.received_at  # type: ignore[attr-defined]
        allowed = rules.may_flag(the_person(request), seen, at=at)
        return _page(request, seen, FlagForm(_clauses(found)), refusal=allowed.refusal)
    form = FlagForm(_clauses(found), request.POST)
    if not form.is_valid():
        return _page(request, seen, form, status=400)
    try:
        act(request, actions.flag_comment, comment_id=seen.pk, **form.cleaned_data)
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        form.show(refusal)
        return _page(request, seen, form, status=refusal.status)
    messages.success(
        request,
        _("A moderator looks at %(reference)s. You will be told what came of it.")
        % {"reference": seen.reference},
    )
    return SeeOther(cards.url(seen))


def _clauses(consultation: Consultation) -> list[tuple[str, str]]:
    language = get_language() or consultation.authoritative
    return [
        (each.number, consultation.in_language(each.titles, language))
        for each in texts.clauses_in_force(consultation)
    ]


def _page(
    request: HttpRequest, seen: Comment, form: FlagForm, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    facts = {
        "consultation": seen.consultation,
        "comment": seen,
        "form": form,
        "refusal": refusal,
        "claim": request.POST.get("claim") or new_claim(),
        "back": cards.url(seen),
    }
    return render(request, "pages/flag.html", facts, status=status)
