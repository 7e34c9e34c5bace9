"""All settings of Relais. Values come from the environment; see docs/settings.md."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
DEMO_ENV = VAR_DIR / "demo.env"
ENVIRONMENT = env.load(DEMO_ENV)

DEBUG = env.flag(ENVIRONMENT, "RELAIS_DEBUG", default=False)
DEMO = env.flag(ENVIRONMENT, "RELAIS_DEMO", default=False)
# http on loopback only: the demo and local work. Anything else is served over TLS.
INSECURE_LOOPBACK = env.flag(ENVIRONMENT, "RELAIS_INSECURE_LOOPBACK", default=False)

SECRET_KEY = env.text(ENVIRONMENT, "RELAIS_SECRET_KEY")
DATA_KEYS = env.data_keys(ENVIRONMENT, "RELAIS_DATA_KEYS")
INDEX_KEY = env.secret_bytes(env.text(ENVIRONMENT, "RELAIS_INDEX_KEY"), "RELAIS_INDEX_KEY")
ALLOWED_HOSTS = env.names(ENVIRONMENT, "RELAIS_ALLOWED_HOSTS", "127.0.0.1,localhost")
EXIT_URL = env.text(ENVIRONMENT, "RELAIS_EXIT_URL", "https://weather.gc.ca/")
# Where the links in mails lead.
BASE_URL = env.text(
    ENVIRONMENT,
    "RELAIS_BASE_URL",
    f"http://127.0.0.1:{ENVIRONMENT.get('PORT', '8000')}"
    if INSECURE_LOOPBACK
    else f"https://{ALLOWED_HOSTS[0]}",
).rstrip("/")
# Knows street addresses that the packaged gazetteer does not; None keeps every search on this machine.
GEOCODER = env.geocoder(ENVIRONMENT, "RELAIS_GEOCODER")
REQUIRE_SECOND_FACTOR = env.flag(ENVIRONMENT, "RELAIS_REQUIRE_SECOND_FACTOR", default=True)
# After so long without a request a session shows nothing until its member proves who they are.
IDLE_MINUTES = env.number(ENVIRONMENT, "RELAIS_IDLE_MINUTES", 15, most=8 * 60)
# An issuer whose word is taken for who somebody is. None: there is no such way in.
SIGN_ON = env.sign_on(ENVIRONMENT)

# How long what identifies is kept, docs/settings.md.
# How many proxies of ours stand in front: each has written one address into X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number(ENVIRONMENT, "RELAIS_PROXIES", 0, most=9)
RETENTION_DRAFT_DAYS = env.number(ENVIRONMENT, "RELAIS_RETENTION_DRAFT_DAYS", 14, most=366)
RETENTION_CLOSED_DAYS = env.number(ENVIRONMENT, "RELAIS_RETENTION_CLOSED_DAYS", 2 * 365, most=3660)
RETENTION_INTRODUCTION_DAYS = env.number(ENVIRONMENT, "RELAIS_RETENTION_INTRODUCTION_DAYS", 90, most=366)
RETENTION_AUDIT_YEARS = env.number(ENVIRONMENT, "RELAIS_RETENTION_AUDIT_YEARS", 10, most=100)

INSTALLED_APPS = [
    "partners",
    "directory",
    "referrals",
    "api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.PrivacyHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.CleanTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.LoginRequiredMiddleware",
    "partners.signing.idle.IdleLockMiddleware",
    "partners.middleware.ActorMiddleware",
    "partners.middleware.SecondFactorMiddleware",
    "partners.joining.middleware.SuspensionMiddleware",
    "config.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

DATABASES = {"default": env.database(ENVIRONMENT, BASE_DIR)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
CACHES = {
    "default": (
        environ.Env.cache_url_config(ENVIRONMENT["CACHE_URL"])
        if ENVIRONMENT.get("CACHE_URL")
        # Rate limits must count over all processes, so a cache per process will not do. A day of the
        # geocoder's answers, one a second, does not push them out.
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    )
}
# Who is told of an act is told by the worker a moment later; "immediate" tells them within the request.
TASKS_BACKEND = env.one_of(ENVIRONMENT, "TASKS_BACKEND", "database", "immediate")
TASKS_IN_DATABASE = TASKS_BACKEND == "database"
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if TASKS_IN_DATABASE
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["partners.accounts.SessionBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "referrals:home"
LOGOUT_REDIRECT_URL = "directory:index"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "partners.accounts.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "partners.forms.SignIn",
    "reauthenticate": "partners.forms.PasswordAgain",
    "change_password": "partners.forms.PasswordChange",  # nosec B105 - the path of a form
}
MFA_ADAPTER = "partners.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey alone stands for both steps
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # members are invited; no address is ever confirmed by link
MFA_FORMS = {
    "authenticate": "partners.forms.SecondFactor",
    "reauthenticate": "partners.forms.SecondFactorAgain",
    "activate_totp": "partners.forms.SecondFactorSetUp",
    "add_webauthn": "partners.signing.passkeys.PasskeyAdd",
    "edit_webauthn": "partners.signing.passkeys.PasskeyRename",
    "authenticate_webauthn": "partners.signing.passkeys.PasskeySecondFactor",
    "reauthenticate_webauthn": "partners.signing.passkeys.PasskeyAgain",
    "login_webauthn": "partners.signing.passkeys.PasskeySignIn",
}

SOCIALACCOUNT_ADAPTER = "partners.signing.single_sign_on.SignOnAdapter"
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds that the link of a lost password works

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "America/Winnipeg"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_LOOPBACK
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = None  # ends with the browser, like the session
SESSION_COOKIE_AGE = 8 * 60 * 60
SECURE_SSL_REDIRECT = not INSECURE_LOOPBACK
SECURE_HSTS_SECONDS = 0 if INSECURE_LOOPBACK else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_LOOPBACK
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
FILE_UPLOAD_HANDLERS = ["partners.uploads.InMemory"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # A form that leads to the issuer is stopped on its way unless the issuer is named.
        "form-action": [SELF, *([SIGN_ON.origin] if SIGN_ON else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.Denied"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.Json"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.Json"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "api.openapi.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.errors.problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Relais API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Bilingual service directory and referral workflow.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["api.permissions.PublicRead"],
    "SERVE_AUTHENTICATION": [],
    "POSTPROCESSING_HOOKS": ["api.openapi.add_problems"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
}

EMAIL_CONFIG = environ.Env.email_url_config(env.text(ENVIRONMENT, "EMAIL_URL", "consolemail://"))
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20  # seconds; a mail server that hangs must not hold up the clock
# The demo's mails stay on this machine, where its mailbox shows them, unless it is given a mail server.
MAILBOX = env.mailbox(ENVIRONMENT, DATABASES["default"], VAR_DIR) if DEMO and INSECURE_LOOPBACK else None
if MAILBOX:
    EMAIL_BACKEND = "partners.notifications.mailbox.Backend"
DEFAULT_FROM_EMAIL = env.text(ENVIRONMENT, "RELAIS_FROM_EMAIL", "Relais <no-reply@localhost>")

# Query strings, sealed searches and one-time links stand in no log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"private_paths": {"()": "config.logs.PrivatePaths"}},
    "formatters": {"plain": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["private_paths"], "formatter": "plain"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A line for each task would tell nothing; ours say what went wrong.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        # Its lesser messages repeat addresses and answers, and with them what people typed.
        "geopy": {"level": "CRITICAL"},
        "fido2": {"level": "WARNING"},  # below, it names every passkey that was used
    },
}
