"""From the outbox to everybody it is for, once: what each finds in Relais, and each mail and call to send.

All of it is written in one transaction with the mark on the row. From there each delivery goes its own
way, so that one address that fails holds up nobody else.
"""

from __future__ import annotations

import logging
import traceback
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from partners.models import (
    Channel,
    Delivery,
    MailPace,
    Notification,
    NotificationChoice,
    OutboxRow,
    User,
    Webhook,
)
from partners.notifications import digest, recipients
from partners.notifications.kinds import for_members, notice_of, writer_of

logger = logging.getLogger(__name__)

# Where nobody is there to tell yet, the wait grows with the age of the row, until it is too old to tell.
FIRST_WAIT = timedelta(minutes=5)
TOO_OLD = timedelta(days=14)


def due(now: datetime) -> QuerySet[OutboxRow]:
    return OutboxRow.objects.filter(fanned_out_at__isnull=True, next_attempt_at__lte=now)


def fan_out(row_id: UUID) -> bool:
    """False where it has to wait: nobody is there to tell yet, or it broke off."""
    try:
        with transaction.atomic():
            return _fan_out(row_id, timezone.now())
    except DatabaseError:
        raise
    except Exception as error:  # one row that breaks must not stop the others
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("notice %s: %s in %s:%s", row_id, type(error).__name__, place.name, place.lineno)
        _wait(row_id, FIRST_WAIT)
        return False


def _fan_out(row_id: UUID, now: datetime) -> bool:
    mine = OutboxRow.objects.filter(pk=row_id, fanned_out_at__isnull=True).update(fanned_out_at=now)
    if not mine:  # somebody else has just done it, or its object was deleted
        return True
    row = OutboxRow.objects.select_related("organization").get(pk=row_id)
    deliveries = [*_to_members(row, now), *_to_webhooks(row)]
    if writer_of(row) is not None:
        deliveries.append(Delivery(row=row, channel=Channel.LETTER, recipient=row.pk))
    Delivery.objects.bulk_create(deliveries)
    if deliveries or Notification.objects.filter(row_id=row.pk).exists():
        return True
    age = now - row.created_at
    if age > TOO_OLD:
        logger.warning("notice %s: nobody was there to be told", row.pk)
        return True
    _wait(row.pk, max(FIRST_WAIT, age))
    return False


def _wait(row_id: UUID, pause: timedelta) -> None:
    OutboxRow.objects.filter(pk=row_id).update(fanned_out_at=None, next_attempt_at=timezone.now() + pause)


def _to_members(row: OutboxRow, now: datetime) -> list[Delivery]:
    """Writes what they find in Relais; answers the mails that go out at once."""
    users = recipients.members(row)
    paces = _paces(row, users)
    Notification.objects.bulk_create(
        Notification(
            row_id=row.pk,
            user=user,
            organization=row.organization,
            kind=row.kind,
            object_id=row.object_id,
            code=row.code,
            created_at=row.created_at,
            digest_on=digest.next_day(now) if paces[user.pk] == MailPace.DIGEST else None,
        )
        for user in users
    )
    at_once = [user for user in users if paces[user.pk] == MailPace.AT_ONCE]
    return [Delivery(row=row, channel=Channel.MAIL, recipient=user.pk) for user in at_once]


def _paces(row: OutboxRow, users: list[User]) -> dict[UUID, str]:
    paces = {user.pk: str(MailPace.AT_ONCE) for user in users}
    if users and not notice_of(row).urgent:
        choices = NotificationChoice.objects.filter(organization_id=row.organization_id, user__in=users)
        paces.update(choices.values_list("user_id", "pace"))
    return paces


def _to_webhooks(row: OutboxRow) -> list[Delivery]:
    if not for_members(row) or row.organization.suspended_at is not None or notice_of(row).inside:
        return []
    own = Webhook.objects.filter(organization_id=row.organization_id, ended_at__isnull=True)
    found = list(own.values_list("pk", flat=True))
    if not found or recipients.is_closed(row):
        return []
    return [Delivery(row=row, channel=Channel.WEBHOOK, recipient=pk) for pk in found]
