"""Accounts elsewhere with which people may sign in: ORCID, and one provider of OpenID Connect."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import environ

ORCID = "https://orcid.org"


def providers(env: environ.Env) -> tuple[dict[str, Any], list[str]]:
    """django-allauth's SOCIALACCOUNT_PROVIDERS, and the origins to which its forms lead.

    Browsers heed `form-action` of the content policy for redirects too, so it has to name the latter.
    """
    orcid, openid = _orcid(env), _openid(env)
    found = {
        "orcid": {"APPS": [orcid] if orcid else [], "OAUTH_PKCE_ENABLED": True},
        "openid_connect": {"APPS": [openid] if openid else [], "OAUTH_PKCE_ENABLED": True},
    }
    addresses = [*([ORCID] if orcid else []), *([openid["settings"]["server_url"]] if openid else [])]
    return found, ["{0.scheme}://{0.netloc}".format(urlsplit(address)) for address in addresses]


def _orcid(env: environ.Env) -> dict[str, Any] | None:
    client = env.str("ORCID_CLIENT_ID", default="")
    if not client:
        return None
    return {
        "provider_id": "orcid",
        "name": "ORCID",
        "client_id": client,
        "secret": env.str("ORCID_CLIENT_SECRET", default=""),
    }


def _openid(env: environ.Env) -> dict[str, Any] | None:
    server = env.str("OIDC_SERVER_URL", default="").rstrip("/")
    if not server:
        return None
    return {
        "provider_id": "oidc",
        "name": env.str("OIDC_NAME", default=urlsplit(server).hostname or ""),
        "client_id": env.str("OIDC_CLIENT_ID", default=""),
        "secret": env.str("OIDC_CLIENT_SECRET", default=""),
        "settings": {"server_url": server},
    }
