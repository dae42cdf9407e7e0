"""The settings of the site, in a place of its own for each test session and each of its processes."""

from __future__ import annotations

import os

from tests import servers

servers.claim_environment(os.environ)

from consultation.config.settings import *  # noqa: E402, F403

# Hashing is slow on purpose; no test is about that.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# WhiteNoise warns each client of a test where there is none.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
# Without a manifest no test has to collect static files first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
