"""What is put into the task queue: the number of an outbox row, nothing else, and nothing comes out.

The queue only wakes the worker. Its rows may be lost or thrown away at any time: what is owed, when it
is tried again and how it went stands in our own rows, and every turn of the clock looks there.
"""

from __future__ import annotations

import datetime
import logging
import traceback
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from partners.notifications import delivery

logger = logging.getLogger(__name__)
KEPT = datetime.timedelta(hours=1)


@task()
def deliver(row_id: str) -> None:
    """Never raises: the queue would keep the words of an error in clear."""
    try:
        delivery.deliver_row(UUID(row_id))
    except Exception as error:  # the clock tries again what is owed
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("notice %s: %s in %s:%s", row_id, type(error).__name__, place.name, place.lineno)


def wake(row_id: UUID) -> None:
    """Called once the act has been committed: whatever goes wrong here must not look as if the act had."""
    try:
        deliver.enqueue(str(row_id))
    except Exception as error:  # the clock finds the row
        logger.warning("notice %s waits for the clock: %s", row_id, type(error).__name__)


def clear() -> None:
    """The clock's task: what has run, and what nobody ran, because the clock was quicker."""
    if settings.TASKS_IN_DATABASE:
        DBTaskResult.objects.filter(enqueued_at__lt=timezone.now() - KEPT).delete()
