"""What Django 5.2 lacks and 6.x brings. Only this module asks which version of Django runs."""

import django

from .services import MAIL_SECONDS

HAS_CSP = django.VERSION >= (6, 0)
HAS_TASKS = django.VERSION >= (6, 0)

# Where `task` and the backends of tasks come from; the package of 5.2 wants to be an app, the table is one on both.
TASKS = "django.tasks" if HAS_TASKS else "django_tasks"
TASK_APPS = ["django_tasks_db"] if HAS_TASKS else ["django_tasks", "django_tasks_db"]

# Nothing reads it in a template, but 6.x's check wants it where a policy names the nonce.
CSP_CONTEXT_PROCESSORS = ["django.template.context_processors.csp"] if HAS_CSP else []
CSP_MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware" if HAS_CSP else "csp.middleware.CSPMiddleware"


def csp_settings(pictures=()):
    """The content security policy as settings: SECURE_CSP on 6.x, django-csp's on 5.2.

    `pictures` are other origins that pictures may come from: a storage with signed addresses of its own.
    """
    if HAS_CSP:
        from django.utils.csp import CSP
    else:
        from csp import constants as CSP
    policy = {
        "default-src": [CSP.NONE],
        "script-src": [CSP.SELF, CSP.NONCE],
        "style-src": [CSP.SELF, CSP.NONCE],
        "img-src": [CSP.SELF, "data:", "blob:", *pictures],
        "font-src": [CSP.SELF],
        "connect-src": [CSP.SELF],
        "frame-src": [CSP.SELF],  # and, on a page with embeds, what `allow_frames` adds
        "manifest-src": [CSP.SELF],
        "base-uri": [CSP.NONE],
        "form-action": [CSP.SELF],
        "frame-ancestors": [CSP.SELF],
        "object-src": [CSP.NONE],
    }
    return {"SECURE_CSP": policy} if HAS_CSP else {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": policy}}


def allow_frames(response, origins):
    """Let the page of a response open frames from these origins as well."""
    if not origins:
        return
    if HAS_CSP:
        from django.conf import settings

        policy = settings.SECURE_CSP
        response._csp_config = policy | {"frame-src": [*policy["frame-src"], *origins]}
    else:
        response._csp_update = {"frame-src": list(origins)}


def without_policy(response):
    """Send no content security policy with a response: a 304 leaves the one that came with the page."""
    response._csp_config = {}
    response._csp_exempt = True


def csp_nonce(request):
    """The nonce of this response, as text; asking for it puts it into the policy."""
    if HAS_CSP:
        from django.middleware.csp import get_nonce

        return str(get_nonce(request) or "")
    return str(getattr(request, "csp_nonce", ""))


def mail_settings(config):
    """How mail is sent, from django-environ's EMAIL_… settings: those on 6.0 and before, MAILERS from 6.1 on."""
    if django.VERSION < (6, 1):
        return config | {"EMAIL_TIMEOUT": MAIL_SECONDS}
    backend = config["EMAIL_BACKEND"]
    options = {}
    if backend.endswith("smtp.EmailBackend"):
        names = {
            "host": "EMAIL_HOST",
            "port": "EMAIL_PORT",
            "username": "EMAIL_HOST_USER",
            "password": "EMAIL_HOST_PASSWORD",
            "use_tls": "EMAIL_USE_TLS",
            "use_ssl": "EMAIL_USE_SSL",
        }
        options = {name: config[key] for name, key in names.items() if config.get(key)} | {"timeout": MAIL_SECONDS}
    elif backend.endswith("filebased.EmailBackend"):
        options = {"file_path": config["EMAIL_FILE_PATH"]}
    return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
