"""Sends what is owed: mails to members, letters to addresses outside, calls of a partner's own system.

At least once: a crash between sending and writing it down may send one again, under the same id. A
delivery is claimed by compare-and-swap before anything is sent, so that of two workers only one has it;
one whose worker died is free again after a while, however often that happens. One that fails comes back
later and later, and is given up after the last attempt, until somebody has it tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID, uuid5

from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from partners.models import Channel, Delivery, Notification, User
from partners.notifications import digest, fanout, mails, recipients, webhooks
from partners.notifications.kinds import writer_of
from partners.notifications.posting import Unwelcome

logger = logging.getLogger(__name__)

# Minutes until the next attempt; when the one after the last of these fails too, it is given up.
BACK_OFF = (5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60)
# Longer than any attempt takes: whoever has not written down by then how it went is dead.
CLAIM = timedelta(minutes=10)
BATCH = 200
# So many mails in a row that could not even be handed over: then the server is down, not an address.
DOWN = 3


class Incomplete(Exception):
    """One of several letters could not be sent; the others were."""


@dataclass
class Turn:
    """How many were sent, how many must wait, and what a turn has learnt about the mail server."""

    done: int = 0
    put_off: int = 0
    unreached: int = field(default=0, compare=False)

    @property
    def mail_is_down(self) -> bool:
        return self.unreached >= DOWN


def deliver_due() -> Turn:
    """Hand on every row that waits for it, and try every due delivery once, the longest due first."""
    turn, now = Turn(), timezone.now()
    rows = fanout.due(now).order_by("created_at", "id").values_list("pk", flat=True)
    turn.put_off += sum(not fanout.fan_out(row_id) for row_id in list(rows[:BATCH]))
    _deliver(_due(timezone.now()), turn)
    return turn


def deliver_row(row_id: UUID) -> Turn:
    """The same for one row, the moment after its act."""
    turn = Turn()
    turn.put_off += not fanout.fan_out(row_id)
    _deliver(_due(timezone.now()).filter(row_id=row_id), turn)
    return turn


def owed() -> QuerySet[Delivery]:
    """What was neither sent nor given up, whenever it is due."""
    return Delivery.objects.filter(done_at__isnull=True, given_up_at__isnull=True)


def _due(now: datetime) -> QuerySet[Delivery]:
    return owed().filter(next_attempt_at__lte=now)


def _deliver(due: QuerySet[Delivery], turn: Turn) -> None:
    found = due.order_by("next_attempt_at", "id").values_list("pk", "channel")
    for delivery_id, channel in list(found[:BATCH]):
        # They stay due, and none of their attempts is used up by a server that is down.
        if channel != Channel.WEBHOOK and turn.mail_is_down:
            continue
        delivery = _claim(delivery_id)
        if delivery is not None:
            _attempt(delivery, turn)


def _claim(delivery_id: UUID) -> Delivery | None:
    """The delivery, if nobody else has taken it since."""
    now = timezone.now()
    delivery = _due(now).select_related("row__organization").filter(pk=delivery_id).first()
    if delivery is None:
        return None
    seen = owed().filter(pk=delivery_id, next_attempt_at=delivery.next_attempt_at)
    return delivery if seen.update(next_attempt_at=now + CLAIM) else None


def _attempt(delivery: Delivery, turn: Turn) -> None:
    try:
        told = _send(delivery)
    except DatabaseError:
        raise
    except Exception as error:  # whatever the other side thinks of must not stop the others
        _put_off(delivery, error)
        turn.put_off += 1
        turn.unreached = turn.unreached + 1 if _unreached(delivery, error) else 0
        return
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            done_at=timezone.now(), attempts=F("attempts") + 1, error=""
        )
        if delivery.row.kind == digest.KIND:
            digest.settle(delivery.row, told)
    turn.done += 1
    if delivery.channel != Channel.WEBHOOK:
        turn.unreached = 0


def _put_off(delivery: Delivery, error: Exception) -> None:
    """Only its kind is kept: the words of a mail server repeat the address."""
    kind = str(error) if isinstance(error, Unwelcome) else type(error).__name__
    failed = Delivery.objects.filter(pk=delivery.pk)
    now, wait = timezone.now(), BACK_OFF[delivery.attempts : delivery.attempts + 1]
    if wait:
        logger.warning("notice %s was put off: %s", delivery.pk, kind)
        failed.update(
            attempts=F("attempts") + 1, error=kind[:80], next_attempt_at=now + timedelta(minutes=wait[0])
        )
    else:
        logger.error("notice %s was given up: %s", delivery.pk, kind)
        failed.update(attempts=F("attempts") + 1, error=kind[:80], given_up_at=now)


def _unreached(delivery: Delivery, error: Exception) -> bool:
    answered = isinstance(error, SMTPResponseException | SMTPRecipientsRefused)
    return delivery.channel != Channel.WEBHOOK and isinstance(error, OSError) and not answered


def _send(delivery: Delivery) -> list[Notification]:
    """Raises whatever goes wrong. Who is no longer to be told is not told. Answers what a digest told of."""
    told: list[Notification] = []
    if delivery.channel == Channel.WEBHOOK:
        webhooks.send(delivery)
    elif delivery.channel == Channel.LETTER:
        _send_letters(delivery)
    elif delivery.row.kind == digest.KIND:
        told = _send_digest(delivery)
    else:
        for user in recipients.members(delivery.row):
            if user.pk == delivery.recipient:
                mails.of_notice(delivery.pk, delivery.row, user).send()
    return told


def _send_letters(delivery: Delivery) -> None:
    """Each under an id of its own, with a note of its own, so that a retry leaves out who has one."""
    writer = writer_of(delivery.row)
    failed: list[Exception] = []
    for letter in writer(delivery.row) if writer else ():
        own = {"row": delivery.row, "channel": Channel.LETTER, "recipient": letter.recipient}
        if Delivery.objects.filter(**own, done_at__isnull=False).exists():
            continue
        try:
            mails.of_letter(uuid5(delivery.row_id, str(letter.recipient)), letter).send()
        except Exception as error:  # the others get theirs
            failed.append(error)
            continue
        Delivery.objects.create(**own, done_at=timezone.now(), attempts=1)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        raise Incomplete


def _send_digest(delivery: Delivery) -> list[Notification]:
    row = delivery.row
    user = User.objects.filter(
        pk=row.object_id,
        is_active=True,
        memberships__organization_id=row.organization_id,
        memberships__ended_at__isnull=True,
    ).first()
    told = digest.notices_of(row)
    if user is not None and told:
        mails.of_digest(delivery.pk, told, user).send()
    return told


def again(deliveries: Iterable[UUID]) -> int:
    """Those given up are owed from the beginning, now. Answers how many there were."""
    given_up = Delivery.objects.filter(
        pk__in=list(deliveries), given_up_at__isnull=False, done_at__isnull=True
    )
    return given_up.update(given_up_at=None, attempts=0, next_attempt_at=timezone.now())
