"""Settings, read from the environment; the table of names stands in the README.

``KEMPLING_ENV=production`` refuses what is only good enough for a trial: DEBUG, demo accounts,
keys made on the spot.
"""

import sys
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kempling import keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.str("KEMPLING_ENV", default="trial") == "production"
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
DOCUMENTS_DIR = DATA_DIR / "documents"
REPORTS_DIR = DATA_DIR / "reports"
PORT = env.str("PORT", default="8000")
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
DEMO = env.bool("KEMPLING_DEMO", default=not PRODUCTION)
DEBUG = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules
HTTPS = SITE_URL.startswith("https://")

if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("KEMPLING_ENV=production refuses DEBUG.")
if PRODUCTION and DEMO:
    raise ImproperlyConfigured("KEMPLING_ENV=production refuses the demo: set KEMPLING_DEMO=0.")
try:
    KEYS = keys.load(DATA_DIR / "keys", production=PRODUCTION)
except keys.MissingKey as error:
    raise ImproperlyConfigured(f"KEMPLING_ENV=production: {error}.") from error

SECRET_KEY = KEYS["SECRET_KEY"]
NIK_KEYS = KEYS["NIK_KEYS"].split(",")
NIK_INDEX_KEY = KEYS["NIK_INDEX_KEY"]
QR_KEY = KEYS["QR_KEY"]

# --- Who may call -----------------------------------------------------------------------------
_site_host = SITE_URL.split("://", 1)[-1].split("/")[0]
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[_site_host.rsplit(":", 1)[0], "127.0.0.1", "localhost", "[::1]"],
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# The client's address is read from X-Forwarded-For only when this many proxies of ours add to it.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
RATE_LIMITS = PRODUCTION or env.str("RATE_LIMITS", default="on") != "off"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.forms",
    "crispy_forms",
    "heroicons",
    "import_export",
    "regions",
    "accounts",
    "registry",
    "sop",
    "interventions",
    "reports",
    "kempling",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kempling.middleware.SmallPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "kempling.middleware.PlainRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.PhoneMiddleware",
    "accounts.middleware.GrantMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "registry.merging.addresses.MergedAddressMiddleware",
    "kempling.middleware.ButtonPageMiddleware",
]

ROOT_URLCONF = "kempling.urls"
WSGI_APPLICATION = "kempling.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kempling.menu.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# In the session, not in a cookie: a message may carry a child's name.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CRISPY_TEMPLATE_PACK = "kempling"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("kempling",)
CRISPY_FAIL_SILENTLY = False

# --- Data -------------------------------------------------------------------------------------
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'kempling.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL with synchronous=FULL: an acknowledged report survives a power cut (security.md §1.3).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Our pages ask many small questions: compiling each one costs more than it saves.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        # Shared by all worker processes, so that a limit counts once.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        # Of 300, Django's default, a stranger could push a locked account's count out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- Sign-in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.GrantedBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.ConfirmForm",
}
# Five wrong passwords lock an account for 15 minutes, whatever the address they came from; a whole
# village may sit behind one address, so that limit is generous (security.md §1.14, case 28).
SIGN_IN_LIMITS = {"login_failed": "60/m/ip,5/15m/key", "login": "120/m/ip"}
ACCOUNT_RATE_LIMITS = SIGN_IN_LIMITS if RATE_LIMITS else False
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.ConfirmCodeForm",
    "activate_totp": "accounts.forms.ActivateSecondFactorForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "KEMPLING"
# A second factor is a duty of every staff account, except in the demo and in a trial.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=PRODUCTION)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME = "hp"  # binds a kader's phone
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = 30 * 24 * 3600
CSRF_FAILURE_VIEW = "kempling.views.csrf_failure"

if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    DEVICE_COOKIE_NAME = "__Host-hp"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, NONCE],  # the kader's sheet: kempling/templatetags/brand.py
        "img-src": [SELF, "blob:"],
        "object-src": [NONE],
        "worker-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Words, files, mail -----------------------------------------------------------------------
LANGUAGE_CODE = "id"
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DOCUMENTS_DIR, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "kempling.light_files.LightFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = TESTING or DEBUG  # a test makes many browsers: none lists every file
# One document is at most 8 MB; the form around it is small (security.md T10).
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # an attendance list of 400 mothers and many guests
DOCUMENT_MAX_BYTES = 8 * 1024 * 1024
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kempling.logs.Veiled",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR", "propagate": True},
        # Its warnings quote the letters of a name that no font can draw.
        "weasyprint": {"level": "ERROR"},
        # Whoever knocks under another name than ours: not worth a line, let alone a traceback.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
