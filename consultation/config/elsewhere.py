"""Services elsewhere: accounts with which people may sign in (ORCID, OpenID Connect), and a translator."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ORCID = "https://orcid.org"
TRANSLATOR_KINDS = ("libretranslate", "openai")


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


def translator(env: environ.Env) -> tuple[str, str, str, str]:
    """Address, kind, key and model of the server that translates; all but the kind empty where there is none.

    Raises ImproperlyConfigured for an address that is none, an unknown kind, or a missing model.
    """
    url = env.str("TRANSLATOR_URL", default="").rstrip("/")
    kind = env.str("TRANSLATOR_KIND", default=TRANSLATOR_KINDS[0])
    key = env.str("TRANSLATOR_KEY", default="")
    model = env.str("TRANSLATOR_MODEL", default="")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise ImproperlyConfigured(f"TRANSLATOR_URL must read like https://translate.example, not {url!r}.")
    if kind not in TRANSLATOR_KINDS:
        raise ImproperlyConfigured(f"TRANSLATOR_KIND must be libretranslate or openai, not {kind!r}.")
    if url and kind == "openai" and not model:
        raise ImproperlyConfigured("TRANSLATOR_MODEL must name the model that translates.")
    return url, kind, key, model
