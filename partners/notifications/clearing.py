"""What was told leaves the database: with the object it tells of, and otherwise after a while."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from partners.models import Notification, OutboxRow
from partners.notifications import outbox

KEPT = datetime.timedelta(days=90)


def forget(object_ids: Collection[UUID]) -> None:
    """In the deletion's own transaction. A notice that is handed on later is cleared by retention."""
    Notification.objects.filter(object_id__in=object_ids).delete()


def clear() -> None:
    """The clock's task. What was never sent stays, so that somebody can have it tried again."""
    before = timezone.now() - KEPT
    Notification.objects.filter(created_at__lt=before).delete()
    OutboxRow.objects.filter(~outbox.waiting(), created_at__lt=before).delete()
