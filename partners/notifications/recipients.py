"""Who of an organization a notice is for: asked when it is handed on, and again when it is sent."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from partners.hooks import notice_readers
from partners.models import OutboxRow, User
from partners.notifications.kinds import for_members, notice_of
from partners.roles import Capability, roles_with

WITH_CLIENTS = roles_with(Capability.CLIENTS)


def members(row: OutboxRow) -> list[User]:
    """Active members whose role lets them open the page of the notice, or those a closed object names."""
    if not for_members(row):
        return []
    readers = _readers(row)
    if readers is not None:
        return [user for user in _with_roles(row, WITH_CLIENTS) if user.pk in readers]
    notice = notice_of(row)
    return list(_with_roles(row, notice.roles)) or list(_with_roles(row, notice.otherwise))


def is_closed(row: OutboxRow) -> bool:
    """Only those it names may learn of the object, and no system of the organization."""
    return _readers(row) is not None


def _readers(row: OutboxRow) -> Collection[object] | None:
    for _name, readers_of in notice_readers:
        readers = readers_of(row.organization_id, row.object_id)
        if readers is not None:
            return readers
    return None


def _with_roles(row: OutboxRow, roles: Collection[str]) -> QuerySet[User]:
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
