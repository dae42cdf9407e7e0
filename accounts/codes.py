"""The second factor's forms, in which codes can't be guessed without end while the cache is away."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms

from accounts import guessing
from consultation.kit import tries


class _Counted(forms.BaseAuthenticateForm):
    def clean_code(self) -> str:
        counted = guessing.count(context.request, f"mfa-auth-user-{self.user.pk}")
        if counted is None:
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        tries.give_back(counted)
        return code


class AuthenticateForm(_Counted, forms.AuthenticateForm):
    """The code, when signing in."""


class ReauthenticateForm(_Counted, forms.ReauthenticateForm):
    """The code, before what asks who it is once more."""
