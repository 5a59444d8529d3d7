"""/healthz: the process answers. /readyz: it could serve the paper now. Neither names what is wrong to strangers."""

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from ..database import guards

log = logging.getLogger(__name__)


@require_safe
def healthz(request):
    """The process is up."""
    return _answer({"ok": True})


@require_safe
def readyz(request):
    """The database answers, is migrated, and has its guards; 503 otherwise."""
    try:
        executor = MigrationExecutor(connection)
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks = {"database": True, "migrated": migrated, "guards": not guards.missing()}
    except DatabaseError as error:
        log.error("not ready: %s", error)
        checks = {"database": False}
    ok = all(checks.values())
    return _answer({"ok": ok, **checks}, 200 if ok else 503)


def _answer(data, status=200):
    response = JsonResponse(data, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
