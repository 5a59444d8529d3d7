"""Settings: one file; environments differ by variables, which docs/settings.md lists."""

import sys
from pathlib import Path

import environ

from . import compat, services
from .database import sqlite

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- what every environment sets -------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# A missing secret stops the start, except where it guards nothing.
SECRET_KEY = env("SECRET_KEY", default="development only") if DEBUG else env("SECRET_KEY")
# What seals restricted details, newest first; another than SECRET_KEY, so that it can be replaced and kept apart.
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [SECRET_KEY]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
# Behind a proxy that speaks https to the world: sets the cookies, redirects and headers that go with it.
HTTPS = env.bool("HTTPS", default=SITE_URL.startswith("https:"))
PROXIES = env.int("PROXIES", default=0)  # how many of our own proxies stand in front

# --- the house -------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours first: their templates and commands override the admin's.
    "articles",
    "experts",
    "newsroom",
    "newsroom.apps.DeskConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "taggit",
    "django_prose_editor",
    *compat.TASK_APPS,
]

# Readers' pages touch neither session nor CSRF cookie, so for them these middleware do nothing.
MIDDLEWARE = [
    "newsroom.web.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.web.middleware.HeadersMiddleware",
    compat.CSP_MIDDLEWARE,
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "newsroom.web.template_loader.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *compat.CSP_CONTEXT_PROCESSORS,
            ],
            "builtins": ["newsroom.templatetags.directions", "newsroom.templatetags.moments"],
        },
    }
]

# --- data ------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": services.read_setting_url(
        "DATABASE_URL", env("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}"), env.db_url_config
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = sqlite.options()
    DATABASES["default"]["CONN_MAX_AGE"] = 600
else:
    # Where the web role may not change tables, migrations run as another one.
    if env("DATABASE_OWNER_URL", default="") and sys.argv[1:2] == ["migrate"]:
        DATABASES["default"] = services.read_setting_url(
            "DATABASE_OWNER_URL", env("DATABASE_OWNER_URL"), env.db_url_config
        )
    DATABASES["default"].update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", services.DATABASE_CONNECT)
CACHES = {
    "default": services.with_cache_limits(
        services.read_setting_url("CACHE_URL", env("CACHE_URL", default="locmemcache://"), env.cache_url_config)
    )
}
TAGGIT_CASE_INSENSITIVE = True

# --- people ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "newsroom.User"
AUTHENTICATION_BACKENDS = ["articles.backend.RolesBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "newsroom.web.csrf.refuse_form"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- time and language -----------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"  # stored and computed in UTC; printed in the Publication's zone
LANGUAGE_CODE = "en-gb"
USE_I18N = True
FORMAT_MODULE_PATH = ["newsroom.formats"]

# --- the desk's pages ------------------------------------------------------------------------

# Seconds from a key until what was typed is on the server, and between two words that a page sends of who is in it.
# With 0 the page sends none.
DRAFT_SECONDS = env.float("DRAFT_SECONDS", default=1)
PRESENCE_SECONDS = env.float("PRESENCE_SECONDS", default=15)

# --- files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "media"))()  # private: no web server may serve it
# The storage has no address of its own; /media/ is a view that asks what is public.
STORAGES = {
    "default": {"BACKEND": "newsroom.pictures.storage.DurableStorage", "OPTIONS": {"base_url": None}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "newsroom.web.staticfiles.StaticStorage"
    },
}
if storage := env("STORAGE_URL", default=""):
    STORAGES["default"] = services.read_setting_url("STORAGE_URL", storage, services.s3_storage)
# Name of an internal location from which nginx serves MEDIA_ROOT, for X-Accel-Redirect; empty: the app sends bytes.
ACCEL_LOCATION = env("ACCEL_LOCATION", default="")
CREDENTIALS_TRUST = env("CREDENTIALS_TRUST", default="")  # certificates of those whose seal on a picture we know
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# A web server that is somebody else hands out renditions; originals are closed to it (newsroom/pictures/storage.py).
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o644, 0o755

# --- mail ------------------------------------------------------------------------------------

mail = env("EMAIL_URL", default="consolemail://" if DEBUG else "dummymail://")
vars().update(compat.mail_settings(services.read_setting_url("EMAIL_URL", mail, env.email_url_config)))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="newsroom@localhost")

# --- timed work ------------------------------------------------------------------------------

# What `manage.py worker` does waits in a table of the paper's own database: no broker, and never lost with one.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- safety ----------------------------------------------------------------------------------

# One policy, both sides: no inline script, style or handler. The desk's one nonce is for the editor's import map.
vars().update(compat.csp_settings(services.s3_origins(STORAGES["default"]) if storage else ()))
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the desk previews pages in a frame of its own
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which wants DENY there
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
