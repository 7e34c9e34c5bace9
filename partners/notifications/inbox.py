"""What a member finds told to them in Relais, and how they want to be told by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from partners.actor import Actor
from partners.errors import NotSeen, NotSignedIn, Refused, Suspended
from partners.models import MailPace, Notification, NotificationChoice
from partners.notifications.kinds import notice_of


@dataclass(frozen=True)
class Line:
    """A notice in the reader's language. ``url`` is the page that it leads to."""

    id: UUID
    kind: str
    code: str
    object_id: UUID
    text: str
    url: str
    at: datetime
    read: bool


def own(actor: Actor) -> QuerySet[Notification]:
    """Told to them as a member of the organization they act for, newest first."""
    if actor.is_anonymous:
        raise NotSignedIn
    if actor.suspended:
        raise Suspended
    if actor.user_id is None or actor.organization_id is None:
        raise Refused
    found = Notification.objects.filter(user_id=actor.user_id, organization_id=actor.organization_id)
    return found.select_related("organization")


def _choice(actor: Actor) -> dict[str, Any]:
    """Whose choice it is. Raises as ``own`` does."""
    own(actor)
    return {"user_id": cast(UUID, actor.user_id), "organization_id": cast(UUID, actor.organization_id)}


def line(notification: Notification) -> Line:
    notice = notice_of(notification)
    return Line(
        id=notification.pk,
        kind=notification.kind,
        code=notification.code,
        object_id=notification.object_id,
        text=str(notice.line) % {"code": notification.code},
        url=reverse(notice.route, args=[notification.object_id] if notice.at_object else []),
        at=notification.created_at,
        read=notification.read_at is not None,
    )


def unread_of_membership() -> Coalesce:
    """For a query of memberships: how many its member has not read there."""
    unread = Notification.objects.filter(
        user_id=OuterRef("user_id"), organization_id=OuterRef("organization_id"), read_at__isnull=True
    )
    counted = unread.order_by().values("user_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def read_one(*, actor: Actor, notification_id: UUID) -> Line:
    """Raises NotSeen."""
    found = own(actor).filter(pk=notification_id).first()
    if found is None:
        raise NotSeen
    if found.read_at is None:
        found.read_at = timezone.now()
        found.save(update_fields=["read_at"])
    return line(found)


def read_all(*, actor: Actor) -> int:
    return own(actor).filter(read_at__isnull=True).order_by().update(read_at=timezone.now())


def pace_of(actor: Actor) -> MailPace:
    chosen = NotificationChoice.objects.filter(**_choice(actor))
    return MailPace(chosen.values_list("pace", flat=True).first() or MailPace.AT_ONCE)


def choose(*, actor: Actor, pace: MailPace) -> None:
    """From the next notice on. What waits for the daily mail still comes, unless no mail is wanted."""
    waiting = own(actor).filter(digest_on__isnull=False)
    NotificationChoice.objects.update_or_create(**_choice(actor), defaults={"pace": pace})
    if pace == MailPace.NONE:
        waiting.order_by().update(digest_on=None)
