"""Delivers what the outbox owes: one mail to each member who can open it, with a code and a link.

At least once: a crash between sending and writing it down may send one mail again, under the same
Message-ID. A row is claimed by compare-and-swap before anything is sent, so that of two deliveries
at once only one has it; a failed one comes back later and later, and is given up after the last.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from partners.hooks import notice_readers
from partners.models import OutboxRow, User
from partners.notifications import mails
from partners.notifications.kinds import for_members, notice_of, writer_of
from partners.roles import Capability, roles_with

logger = logging.getLogger(__name__)

# Minutes until the next attempt; after the last one the row is given up.
BACK_OFF = (5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60)
BATCH = 200
WITH_CLIENTS = roles_with(Capability.CLIENTS)


@dataclass(frozen=True)
class Delivered:
    """How many rows were told to everybody, and how many must wait for the next attempt."""

    done: int
    put_off: int


def deliver_due() -> Delivered:
    """Try every due row once, oldest first."""
    done = put_off = 0
    for row_id in _due(timezone.now()).order_by("created_at", "id").values_list("pk", flat=True)[:BATCH]:
        row = _claim(row_id)
        if row is None:
            continue
        if _deliver(row):
            done += 1
        else:
            put_off += 1
    return Delivered(done, put_off)


def _due(now: datetime):  # type: ignore[no-untyped-def]  # a queryset
    return OutboxRow.objects.filter(
        delivered_at__isnull=True, next_attempt_at__lte=now, attempts__lt=len(BACK_OFF)
    )


def _claim(row_id: uuid.UUID) -> OutboxRow | None:
    """The row, if nobody else has taken it since; its next attempt is then already set."""
    now = timezone.now()
    row = _due(now).select_related("organization").filter(pk=row_id).first()
    if row is None:
        return None
    again_at = now + timedelta(minutes=BACK_OFF[row.attempts])
    taken = OutboxRow.objects.filter(pk=row_id, attempts=row.attempts, delivered_at__isnull=True).update(
        attempts=F("attempts") + 1, next_attempt_at=again_at
    )
    return row if taken else None


def _deliver(row: OutboxRow) -> bool:
    """False when somebody could not be told, or there is nobody to tell yet."""
    try:
        messages = list(_messages(row))
    except Exception as error:  # a letter that can't be written must not stop the others
        logger.warning("notice %s was put off: %s", row.pk, type(error).__name__)
        return False
    complete = bool(messages) or not for_members(row)
    for recipient, message in messages:
        if str(recipient) in row.told:
            continue
        try:
            message.send()
        except Exception as error:  # whatever a mail server thinks of must not stop the other mails
            # Only its kind: the words of a mail server repeat the address.
            logger.warning("notice %s was put off: %s", row.pk, type(error).__name__)
            complete = False
            continue
        row.told.append(str(recipient))
        row.save(update_fields=["told"])
    if complete:
        OutboxRow.objects.filter(pk=row.pk).update(delivered_at=timezone.now())
    return complete


def _messages(row: OutboxRow) -> Iterator[tuple[uuid.UUID, EmailMessage]]:
    """Everybody's mail under the id of who gets it."""
    if (writer := writer_of(row)) is not None:
        for letter in writer(row):
            yield letter.recipient, mails.of_letter(uuid.uuid5(row.pk, str(letter.recipient)), letter)
    if for_members(row):
        for user in _recipients(row):
            yield user.pk, mails.of_notice(uuid.uuid5(row.pk, str(user.pk)), row, user)


def _recipients(row: OutboxRow) -> list[User]:
    """Active members whose role lets them open the page of the notice, or those a closed object names."""
    for _name, readers_of in notice_readers:
        readers = readers_of(row.organization_id, row.object_id)
        if readers is not None:
            return [user for user in _members(row, WITH_CLIENTS) if user.pk in readers]
    notice = notice_of(row)
    return list(_members(row, notice.roles)) or list(_members(row, notice.otherwise))


def _members(row: OutboxRow, roles: Collection[str]):  # type: ignore[no-untyped-def]  # a queryset
    return (
        User.objects.filter(
            is_active=True,
            memberships__organization_id=row.organization_id,
            memberships__ended_at__isnull=True,
            memberships__role__in=roles,
        )
        .distinct()
        .order_by("pk")
    )
