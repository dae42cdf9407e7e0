"""The one settings file. The environment is read here and nowhere else; every default is the safe one.

The variables are listed in the README. With DATABASE_URL unset the installation is *embedded*: its own
PostgreSQL under ``var/``, demonstration data, mails as files. REDIS_URL stands on its own.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote, urlsplit

import environ
import pghistory
from django.core.exceptions import ImproperlyConfigured

from consultation.config import elsewhere, interface, logs
from consultation.config.first_start import secret
from consultation.config.places import BASE_DIR, places

env = environ.Env()
PLACES = places()
VAR = PLACES.var

# Off unless asked for: tracebacks show what a request held.
DEBUG = env.bool("DEBUG", default=False)

DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
EMBEDDED = not DATABASE_URL
EMBEDDED_REDIS = not REDIS_URL

# Which kind of process this is; the supervisor says `web` to those that answer people.
PROCESS = env.str("ACCORD_PROCESS", default="command")

# --- Address and transport ---------------------------------------------------------------------------

PORT = env.int("PORT", default=8000)
SITE_NAME = env.str("SITE_NAME", default="Accord")
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
SITE_ADDRESS = urlsplit(SITE_URL)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]

if SITE_ADDRESS.scheme not in ("http", "https") or not SITE_ADDRESS.hostname:
    raise ImproperlyConfigured(f"SITE_URL must read like https://accord.example, not {SITE_URL!r}.")

SITE_HOST = f"[{SITE_ADDRESS.hostname}]" if ":" in SITE_ADDRESS.hostname else SITE_ADDRESS.hostname
HTTPS = SITE_ADDRESS.scheme == "https"
INSECURE_HTTP = env.bool("INSECURE_HTTP", default=False)

if not HTTPS and SITE_HOST not in LOOPBACK and not INSECURE_HTTP:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL}: without https, passwords would travel readable. Use https://, or set "
        "INSECURE_HTTP=1 if that is what you want (a closed test network)."
    )

# Plain http is for this machine alone; with https a proxy in front may live on another one.
BIND_ADDRESSES = ["0.0.0.0"] if HTTPS or INSECURE_HTTP else ["127.0.0.1", "::1"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST, *(LOOPBACK if EMBEDDED else [])])
CSRF_TRUSTED_ORIGINS = [f"{SITE_ADDRESS.scheme}://{SITE_ADDRESS.netloc}"]

# How many proxies stand in front and add to X-Forwarded-For. None by default: anybody can write that
# header, and rate limits count by address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

SECURE_SSL_REDIRECT = HTTPS
# The probes of a machine room speak http to the process itself.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
# The site owns its host, not its neighbours: HSTS for subdomains and preloading are not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Secrets -----------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="") or secret(
    VAR / "secrets" / "secret-key", lambda: secrets.token_urlsafe(64)
)
# The 32 bytes of an Ed25519 private key, in hexadecimal: it signs the heads of the endorsement log.
LOG_SIGNING_KEY = env.str("LOG_SIGNING_KEY", default="") or secret(
    VAR / "secrets" / "log-signing-key", lambda: secrets.token_hex(32)
)

# --- Applications ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # allauth's second-factor and session pages use its tags.
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.orcid",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "accounts",
    "consultation",
]

MIDDLEWARE = [
    "consultation.web.middleware.ReceivedAt",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "consultation.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "consultation.web.middleware.Zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "consultation.office.middleware.SecondFactor",
    "consultation.web.looking.Looks",
]

ROOT_URLCONF = "consultation.config.urls"
WSGI_APPLICATION = "consultation.config.wsgi.application"
# Who is erased is cleared from histories too (consultation.kit.history).
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(null=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "consultation.pages.context.frame",
            ],
        },
    },
]

# --- Database ----------------------------------------------------------------------------------------


def database() -> dict[str, Any]:
    """The connection: the server named by DATABASE_URL, or the embedded one."""
    if DATABASE_URL:
        return env.db_url("DATABASE_URL")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(PLACES.postgres_sockets),
        "USER": "accord",
        "PASSWORD": secret(PLACES.database_password, secrets.token_hex),
        # Tests give each of their processes a database of its own.
        "NAME": env.str("ACCORD_DATABASE", default="accord"),
    }


def session_limits() -> str:
    """A waiter gives up before a person does. Pages and API have to end in time; a digest may take long."""
    limits = {"lock_timeout": "5s", "idle_in_transaction_session_timeout": "60s"}
    if PROCESS == "web":
        limits["transaction_timeout"] = "30s"
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


CONNECTION = database()
DATABASES = {
    "default": {
        **CONNECTION,
        # Threads keep their connection for a minute; a check spares people a server's restart.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**CONNECTION.get("OPTIONS", {}), "options": session_limits()},
    }
}

# --- Redis: broker and cache -------------------------------------------------------------------------

# Tests give each of their processes two Redis databases of its own.
REDIS_DATABASE = env.int("ACCORD_REDIS_DATABASE", default=0)


def redis_address(*, database: int, scheme: str) -> str:
    """The address of one database of the embedded Redis, in Celery's or redis-py's spelling."""
    parameter = "virtual_host" if scheme.startswith("redis") else "db"
    return f"{scheme}://{quote(str(PLACES.redis_socket))}?{parameter}={database}"


BROKER_URL = REDIS_URL or redis_address(database=REDIS_DATABASE, scheme="redis+socket")
CACHES = {
    "default": {
        "BACKEND": "consultation.kit.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL or redis_address(database=REDIS_DATABASE + 1, scheme="unix"),
        "KEY_PREFIX": "accord",
        # A page never waits longer for a cache than it would take without one.
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
    }
}

# --- People ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Costs an attacker memory as well as time, and needs no further package.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An address speaks for an institution only once its holder has shown to read it.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Only in the browser that signed up: whoever else opens the link signs in.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# No form tells whether an address has an account.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_ADDRESS.scheme
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
# A code by mail is also the way in for whom the message with the link did not reach.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Whoever takes over a browser can't change an account unnoticed.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# How many days somebody who was given a role has to set up a second factor before it gives no power.
SECOND_FACTOR_GRACE_DAYS = env.int("SECOND_FACTOR_GRACE_DAYS", default=7)
# How many days what was sent in time may still be mended when it is returned, or signed when it was proposed.
GRACE_DAYS = env.int("GRACE_DAYS", default=10)
# For how many minutes a second factor that was shown counts for what is signed next.
SIGNING_FACTOR_MINUTES = env.int("SIGNING_FACTOR_MINUTES", default=10)
# How many days the link of an invitation opens its page.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers offer passkeys on this machine's own name without https; elsewhere they ask for it.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS and SITE_HOST in LOOPBACK
# Somebody with a second factor may add an address too: it counts for nothing until it is confirmed.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_FORMS = {
    "authenticate": "accounts.codes.AuthenticateForm",
    "reauthenticate": "accounts.codes.ReauthenticateForm",
}

# Accounts elsewhere with which people may sign in: shown only where they are configured.
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS, SIGN_IN_ORIGINS = elsewhere.providers(env)
# The same address elsewhere opens no account here: it has to be connected by somebody who is signed in.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# Whoever comes from there for the first time reads the terms as everybody does.
SOCIALACCOUNT_AUTO_SIGNUP = False

# --- Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ru", "Русский"),
    ("ar", "العربية"),
    ("zh-hans", "简体中文"),
]
LOCALE_PATHS = [BASE_DIR / "consultation" / "locale"]
USE_I18N = True
# Days before months, and a clock of 24 hours, in English too.
FORMAT_MODULE_PATH = ["consultation.config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

# Translates on request, for readers and moderators; off while there is no address.
TRANSLATOR_URL, TRANSLATOR_KIND, TRANSLATOR_KEY, TRANSLATOR_MODEL = elsewhere.translator(env)

# --- Files -------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names carry a hash of the content: browsers keep them for ever and never show an old one.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Mail --------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <accord@{SITE_ADDRESS.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
elif EMBEDDED:
    EMAIL_BACKEND = "consultation.kit.mailbox.FolderBackend"

# --- What the browser may do -------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # The second factor's QR code is a data: image.
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *SIGN_IN_ORIGINS],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "browsing-topics": [],
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- API ---------------------------------------------------------------------------------------------

REST_FRAMEWORK = interface.REST_FRAMEWORK
SPECTACULAR_SETTINGS = interface.SPECTACULAR_SETTINGS
# Programs that page through everything stay below; a loop gone wild does not.
API_CALLS_A_MINUTE = {"person": 1200, "visitor": 600}

# --- Logs --------------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logs.configuration(LOG_LEVEL)
