"""Delivers what the outbox owes: one mail to each member who can open it, with a code and a link.

At least once: a crash between sending and writing it down may send one mail again, under the same
Message-ID. A row is claimed by compare-and-swap before anything is sent, so that of two deliveries
at once only one has it; a failed one comes back later and later, and is given up after the last.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partners.models import OutboxRow, User
from partners.roles import ROLE_CAPABILITIES, Capability

logger = logging.getLogger(__name__)

# Minutes until the next attempt; after the last one the row is given up.
BACK_OFF = (5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60)
BATCH = 200
# Every notice so far is about a referral.
NOTICE_ROUTE = "referrals:detail"
TOLD_ROLES = sorted(
    role
    for role, capabilities in ROLE_CAPABILITIES.items()
    if capabilities & {Capability.SEND, Capability.ANSWER}
)


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
    row = _due(now).filter(pk=row_id).first()
    if row is None:
        return None
    again_at = now + timedelta(minutes=BACK_OFF[row.attempts])
    taken = OutboxRow.objects.filter(pk=row_id, attempts=row.attempts, delivered_at__isnull=True).update(
        attempts=F("attempts") + 1, next_attempt_at=again_at
    )
    return row if taken else None


def _deliver(row: OutboxRow) -> bool:
    """False when somebody could not be told, or there is nobody to tell yet."""
    users = list(_recipients(row))
    complete = bool(users)
    for user in users:
        if str(user.pk) in row.told:
            continue
        try:
            _mail(row, user).send()
        except Exception as error:  # whatever a mail server thinks of must not stop the other mails
            # Only its kind: the words of a mail server repeat the address.
            logger.warning("notice %s was put off: %s", row.pk, type(error).__name__)
            complete = False
            continue
        row.told.append(str(user.pk))
        row.save(update_fields=["told"])
    if complete:
        OutboxRow.objects.filter(pk=row.pk).update(delivered_at=timezone.now())
    return complete


def _recipients(row: OutboxRow):  # type: ignore[no-untyped-def]  # a queryset
    """Active members whose role lets them open a referral."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__organization_id=row.organization_id,
            memberships__ended_at__isnull=True,
            memberships__role__in=TOLD_ROLES,
        )
        .distinct()
        .order_by("pk")
    )


def _mail(row: OutboxRow, user: User) -> EmailMessage:
    """In the member's language. What happened, to whom and why stands behind the sign-in only."""
    with translation.override(user.language):
        address = settings.BASE_URL + reverse(NOTICE_ROUTE, args=[row.object_id])
        lines = [
            _("There is news about referral %(code)s.") % {"code": row.code},
            _("Sign in to read it:"),
            address,
            "",
            _("Relais sends this message by itself. Please do not answer it."),
        ]
        return EmailMessage(
            subject=_("Relais: news about %(code)s") % {"code": row.code},
            body="\n".join(lines) + "\n",
            to=[user.email],
            headers={
                "Message-ID": f"<{uuid.uuid5(row.pk, str(user.pk))}@{urlsplit(settings.BASE_URL).hostname}>",
                "Auto-Submitted": "auto-generated",
            },
        )
