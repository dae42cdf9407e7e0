"""A person's own account, beside what django-allauth's pages ask: settings, and tokens for programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as accounts
from accounts.actions import change_settings, issue_token, revoke_token
from consultation.kit.refusal import NotFound, Refusal
from consultation.pages.account_forms import SettingsForm, TokenForm
from consultation.web.acts import act
from consultation.web.answers import SeeOther, new_claim, signed_in, the_person


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Where the pages of one's account begin."""
    return redirect("pages:settings")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """Name, language and time zone."""
    person = the_person(request)
    if request.method != "POST":
        now = {"name": person.name, "language": person.language, "timezone": person.timezone}
        return _settings(request, SettingsForm(initial=now))
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _settings(request, form, status=400)
    try:
        act(request, change_settings, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _settings(request, form, status=refusal.status)
    messages.success(request, _("Your settings are saved."))
    return SeeOther(reverse("pages:settings"))


def _settings(request: HttpRequest, form: SettingsForm, *, status: int = 200) -> HttpResponse:
    claim = request.POST.get("claim") or new_claim()
    return render(request, "pages/account_settings.html", {"form": form, "claim": claim}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys of programs that act for the person: listed, made, ended."""
    if request.method != "POST":
        return _tokens(request, TokenForm())
    return _revoke(request) if request.POST.get("do") == "revoke" else _issue(request)


def _tokens(
    request: HttpRequest, form: TokenForm, *, secret: str = "", claim: str = "", status: int = 200
) -> HttpResponse:
    at = request.received_at  # type: ignore[attr-defined]
    facts = {
        "form": form,
        "secret": secret,
        "tokens": accounts.tokens_of(the_person(request), at=at),
        "claim": claim or new_claim(),
    }
    return render(request, "pages/account_tokens.html", facts, status=status)


def _issue(request: HttpRequest) -> HttpResponse:
    """The page with the secret: it is in no other answer, and kept nowhere."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens(request, form, claim=request.POST.get("claim", ""), status=400)
    try:
        outcome = act(request, issue_token, status=200, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return _tokens(request, form, status=refusal.status)
    if outcome.value is None:
        messages.info(
            request, _("This token was made already, and its secret shown once. Revoke it if it is lost.")
        )
        return SeeOther(reverse("pages:tokens"))
    _token, secret = outcome.value
    return _tokens(request, TokenForm(), secret=secret)


def _revoke(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("token", "")
    try:
        act(request, revoke_token, token_id=int(key) if key.isdecimal() else 0)
    except NotFound:
        messages.info(request, _("This token has ended already."))
    else:
        messages.success(request, _("The token is revoked."))
    return SeeOther(reverse("pages:tokens"))
