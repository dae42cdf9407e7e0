"""Who acts for an institution: its people, invitations, and joining."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, rules
from accounts import queries as accounts
from accounts.models import Institution
from consultation.kit.refusal import NotFound, Refusal
from consultation.kit.verb import Verb
from consultation.pages.answers import done_before, in_a_list
from consultation.pages.people_forms import InvitationForm, JoiningForm, MandateForm, SignaturesForm
from consultation.pages.reading import people as reading
from consultation.web.acts import act, person_of
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person
from consultation.web.forms import VerbForm

either = require_http_methods(["GET", "HEAD", "POST"])


@either
@in_a_list
@signed_in
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who acts for the institution, and who is to come."""
    institution = reading.own_institution(request, slug)
    if request.method == "POST":
        return _on_people(request, institution)
    return _people(request, institution)


def _people(
    request: HttpRequest,
    institution: Institution,
    signatures: SignaturesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {
        **reading.page(request, institution),
        "joining": JoiningForm(initial={"joining": institution.joining}),
        "signatures": signatures or SignaturesForm(initial={"signatures": institution.signatures}),
        "claim": new_claim(),
    }
    return render(request, "pages/institution_people.html", facts, status=status)


def _choose_signatures(request: HttpRequest, institution: Institution) -> HttpResponse:
    form = SignaturesForm(request.POST)
    if not form.is_valid():
        return _people(request, institution, form, 400)
    try:
        act(request, actions.choose_signatures, institution_id=institution.pk, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _people(request, institution, form, refusal.status)
    return _back(request, institution, _("That is how many have to sign from now on."))


def _on_people(request: HttpRequest, institution: Institution) -> HttpResponse:
    done = request.POST.get("do")
    if done == "signatures":
        return _choose_signatures(request, institution)
    if done == "joining":
        joining = request.POST.get("joining", "")
        act(request, actions.choose_joining, institution_id=institution.pk, joining=joining)
        return _back(request, institution, _("That is how people join from now on."))
    key = _uuid(request.POST.get("invitation", ""))
    if done == "renew":
        act(request, actions.renew_invitation, invitation_id=key)
        return _back(
            request, institution, _("A fresh link was sent. The earlier one opens nothing any more.")
        )
    if done == "withdraw":
        act(request, actions.withdraw_invitation, invitation_id=key)
        return _back(request, institution, _("The invitation is taken back."))
    raise NotFound


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _back(request: HttpRequest, institution: Institution, told: str) -> HttpResponse:
    messages.success(request, told)
    return SeeOther(reverse("pages:people", args=[institution.slug]))


@either
@in_a_list
@signed_in
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite a colleague."""
    institution = _managed(request, slug)
    form = InvitationForm(request.POST or None, initial={"language": get_language()})

    def done() -> HttpResponse:
        told = _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]}
        return _back(request, institution, told)

    facts = {"institution": institution}
    if request.method == "POST" and form.is_valid():
        fields = {"institution_id": institution.pk, **form.given()}
        return _sent(request, "pages/invite.html", facts, form, actions.invite_colleague, fields) or done()
    return _form(request, "pages/invite.html", facts, form)


def _managed(request: HttpRequest, slug: str) -> Institution:
    institution = reading.own_institution(request, slug)
    rules.may_manage(the_person(request), institution, at=request.received_at).require()  # type: ignore[attr-defined]
    return institution


def _form(
    request: HttpRequest, template: str, facts: dict[str, Any], form: VerbForm, status: int = 200
) -> HttpResponse:
    status = 400 if form.is_bound and status == 200 else status
    claim = request.POST.get("claim") or new_claim()
    return render(request, template, {**facts, "form": form, "claim": claim}, status=status)


def _sent(
    request: HttpRequest,
    template: str,
    facts: dict[str, Any],
    form: VerbForm,
    verb: Verb[Any, Any],
    fields: dict[str, Any],
) -> HttpResponse | None:
    """The form again where the verb refused; None when the act is done."""
    try:
        act(request, verb, **fields)
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        form.show(refusal)
        return _form(request, template, facts, form, status=refusal.status)
    return None


@either
@in_a_list
@signed_in
def mandate(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One mandate: its manager changes or ends it; whoever holds it may leave."""
    if request.method == "POST" and done_before(request):
        # The mandate is another one by now, or the person acts for the institution no longer.
        return SeeOther(_way_on(request, slug))
    institution = reading.own_institution(request, slug)
    at, person = request.received_at, the_person(request)  # type: ignore[attr-defined]
    done = request.POST.get("do")
    if request.method == "POST" and done in ("end", "leave"):
        return _end(request, institution, pk, leaves=done == "leave")
    held = reading.mandate_of(institution, pk, at=at)
    manages = rules.may_manage(person, institution, at=at)
    if held.person_id != person.pk or request.method == "POST":
        manages.require()
    facts = {
        "institution": institution,
        "line": reading.line(held, at=at),
        "own": held.person_id == person.pk,
        "manages": bool(manages),
        "end_claim": new_claim(),
    }
    start = {"powers": held.powers, "until": held.until}
    form = MandateForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_bound and form.is_valid():
        fields = {"mandate_id": held.pk, **form.given()}
        again = _sent(request, "pages/mandate.html", facts, form, actions.change_mandate, fields)
        return again or _back(request, institution, _("These powers hold from now on."))
    return _form(request, "pages/mandate.html", facts, form)


def _way_on(request: HttpRequest, slug: str) -> str:
    left = request.POST.get("do") == "leave"
    return reverse("pages:desk") if left else reverse("pages:people", args=[slug])


def _end(request: HttpRequest, institution: Institution, pk: UUID, *, leaves: bool) -> HttpResponse:
    if not leaves:
        act(request, actions.end_mandate, mandate_id=pk)
        return _back(request, institution, _("The mandate has ended. What was said and signed stays."))
    act(request, actions.leave_institution, institution_id=institution.pk)
    name = institution.current.name if institution.current else institution.slug
    messages.success(request, _("You act for %(name)s no longer.") % {"name": name})
    return SeeOther(reverse("pages:desk"))


@either
@in_a_list
@signed_in
def join_request(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Somebody asks to join: a manager says what they may do, or no."""
    institution = _managed(request, slug)
    if request.method == "POST" and done_before(request):
        return SeeOther(_way_on(request, slug))
    if request.POST.get("do") == "decline":
        act(request, actions.decline_colleague, request_id=pk)
        return _back(request, institution, _("They were told that they may not."))
    facts = {"institution": institution, **reading.request_of(institution, pk), "end_claim": new_claim()}
    form = MandateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        fields = {"request_id": pk, **form.given()}
        again = _sent(request, "pages/join_request.html", facts, form, actions.admit_colleague, fields)
        return again or _back(request, institution, _("They may act for the institution now, and were told."))
    return _form(request, "pages/join_request.html", facts, form)


@either
@in_a_list
@signed_in
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to act for an institution, by an address at its domain."""
    institution = accounts.public().filter(slug=slug).first()
    if institution is None:
        raise Http404
    person, at = the_person(request), request.received_at  # type: ignore[attr-defined]
    if request.method == "POST":
        outcome = act(request, actions.ask_to_join, institution_id=institution.pk)
        return _asked(request, institution, UUID(outcome.subjects[0][1]))
    rules.may_ask_to_join(person, institution, at=at).require()
    addresses = accounts.addresses_at(institution, [person.pk])[person.pk]
    facts = {
        "institution": institution,
        "addresses": addresses,
        "at_once": rules.joins_at_once(person, institution),
        "claim": new_claim(),
    }
    return render(request, "pages/join.html", facts)


def _asked(request: HttpRequest, institution: Institution, pk: UUID) -> HttpResponse:
    waits = accounts.waiting_to_join(institution).filter(pk=pk).exists()
    told = (
        _("You asked to join. A manager decides, and you are told by mail.")
        if waits
        else _("You may contribute for this institution now.")
    )
    messages.success(request, told)
    return SeeOther(reverse("pages:institution", args=[institution.slug]))


@never_cache
@either
@in_a_list
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """What one is invited to; a signed-in person with a confirmed address accepts it."""
    found = accounts.invitation_of(key)
    if found is None:
        raise Http404
    person, at = person_of(request), request.received_at  # type: ignore[attr-defined]
    name = found.institution.current.name if found.institution.current else found.institution.slug
    if request.method == "POST" and person is not None:
        act(request, actions.accept_invitation, key=key)
        messages.success(request, _("You may act for %(name)s now.") % {"name": name})
        return SeeOther(reverse("pages:desk"))
    holds = rules.invitation_holds(found, at=at)
    facts = {
        "invitation": found,
        "holds": bool(holds),
        "name": name,
        "by": str(found.invited_by or ""),
        "sentences": reading.power_sentences(found.powers),
        "may": rules.may_accept(person, found, at=at) if person else None,
        "claim": new_claim(),
    }
    return render(request, "pages/invitation.html", facts, status=200 if holds else 410)
