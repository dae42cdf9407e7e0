"""How django-allauth behaves on this site."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context as running
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import guessing
from accounts.models import User
from consultation.kit import tries
from consultation.kit.models import Try


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
