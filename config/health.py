"""Whether this process lives, and whether it can serve. Public, without session or language."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from partners import hooks, triggers

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200, or 503 with the names of the checks that fail. What is wrong stands in the log only."""
    try:
        failed = [name for name, check in [*CHECKS, *hooks.readiness_checks] if not _passes(name, check)]
    except Error as error:
        logger.error("not ready: database: %s", type(error).__name__)
        failed = ["database"]
    if failed:
        return JsonResponse({"status": "not ready", "failed": failed}, status=503)
    return JsonResponse({"status": "ready"})


def _passes(name: str, check: Callable[[], list[str]]) -> bool:
    faults = check()
    if faults:
        logger.error("not ready: %s: %s", name, ", ".join(faults))
    return not faults


def _unapplied_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


CHECKS: tuple[tuple[str, Callable[[], list[str]]], ...] = (
    ("migrations", _unapplied_migrations),
    ("triggers", triggers.missing),
)
