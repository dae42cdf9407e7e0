"""How django-allauth behaves on this site."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context as running
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import guessing
from accounts.models import User
from accounts.names import PERSON_NAME_LIMIT, fit_name
from consultation.kit import clock, tries
from consultation.kit.models import Try


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts of other sites (ORCID, OpenID Connect) that open one here."""

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> User:
        """Somebody yet to be: kept in the session meanwhile, which holds no defaults of the database."""
        user: User = super().new_user(request, sociallogin)
        user.joined_at = clock.now()
        return user

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Take over address and name, the latter as if it had been typed, and the language of the page."""
        parts = (data.get("first_name"), data.get("last_name"))
        user: User = super().populate_user(request, sociallogin, data)
        user.name = _fit(data.get("name") or " ".join(filter(None, parts)))
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        return user


def _fit(name: str) -> str:
    try:
        return fit_name(name, limit=PERSON_NAME_LIMIT)
    except ValidationError:
        return ""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are open to everybody; mails speak the person's language; nothing leads to other sites."""

    _counted: list[Try]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def save_user(self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True) -> User:
        """Keep name, and the language in which the person read the form.

        Of two sign-ups of one address at the same moment, the second is answered like any for an address
        that has an account: nobody learns of it but its owner, by mail.
        """
        user.name = form.cleaned_data.get("name", "")
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        try:
            with transaction.atomic():
                return super().save_user(request, user, form, commit)
        except IntegrityError as error:
            answer = prevent_enumeration(request, email=form.cleaned_data.get("email"))
            raise ImmediateHttpResponse(answer) from error

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count one guess, wherever it can be counted. Raises ValidationError after too many."""
        super().pre_authenticate(request, **credentials)
        counted = guessing.count(request, self._get_login_attempts_cache_key(request, **credentials))
        if counted is None:
            raise self.validation_error("too_many_login_attempts")
        self._counted = counted

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The person whose password this is; only wrong ones count."""
        person: User | None = super().authenticate(request, **credentials)
        if person is not None:
            tries.give_back(self._counted)
        return person

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the language of the address's owner, whoever caused the mail."""
        owner = context.get("user") or User.objects.filter(email=email.lower()).first()
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        with translation.override(owner.language if owner else translation.get_language()):
            super().send_mail(template_prefix, email, context | site)

    def is_safe_url(self, url: str) -> bool:
        """Whether `url` is an address of this site, under the host and scheme of the request."""
        request = running.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
