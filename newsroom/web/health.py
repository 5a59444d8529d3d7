"""/healthz: the process answers. /readyz: it could serve the paper now. Neither names what is wrong to strangers."""

import logging

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from .. import clock, hooks
from ..database import guards
from ..models import Pulse
from .staticfiles import SHEET

log = logging.getLogger(__name__)


@require_safe
def healthz(request):
    """The process is up."""
    return _answer({"ok": True})


@require_safe
def readyz(request):
    """Everything that each page needs is there; 503 otherwise.

    A clock that was set back is reported and keeps nobody away: newsroom/clock.py bears it.
    """
    checks, reports = {"database": True}, {}
    try:
        executor = MigrationExecutor(connection)
        checks["migrated"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["guards"] = not guards.missing()
        checks["static"] = _has_static_files()
        if checks["migrated"]:
            checks |= {name: check() for name, check in hooks.ready_checks}
            reports["clock"] = not Pulse.objects.filter(pk=1).values_list(clock.SecondsBehind(), flat=True).first()
    except DatabaseError as error:
        log.error("not ready: %s", error)
        checks = {"database": False}
    ok = all(checks.values())
    return _answer({"ok": ok, **checks, **reports}, 200 if ok else 503)


def _has_static_files():
    """Whether every page can name its style sheet, which it cannot before `collectstatic` has run."""
    try:
        staticfiles_storage.url(SHEET)
    except ValueError as error:
        log.error("not ready: %s", error)
        return False
    return True


def _answer(data, status=200):
    response = JsonResponse(data, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
