"""The words of a case are translated by a program, for whoever reads the queue."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from consultation.comments import actions
from consultation.comments import queries as comments
from consultation.kit.refusal import Refusal
from consultation.moderation import queries as cases
from consultation.web import translating
from consultation.web.acts import act
from consultation.web.answers import SeeOther, signed_in, the_person


@require_POST
@signed_in
def translate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The newest words of the case are to be had in the page's language soon."""
    case = cases.visible_to(the_person(request)).filter(pk=pk).select_related("item").first()
    read = comments.judged(case.item_id, case.item.newest) if case else None
    if read is None:
        raise Http404
    language = get_language() or "en"
    try:
        translating.count(request, comments.machine_translation(read, language))
        act(
            request,
            actions.ask_translation,
            comment_id=read.comment_id,
            revision=read.number,
            language=language,
        )
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise Http404 from refusal
        messages.error(request, str(refusal))
    query = request.META.get("QUERY_STRING", "")
    address = reverse("office:case", args=[pk]) + (f"?{query}" if query else "")
    return SeeOther(f"{address}#translation")
