"""What a line and a section of the work-list are, and how one is made from its query."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

from directory.models import Service
from partners.actor import Actor, Side
from partners.models import Organization
from referrals.boxes import Clock
from referrals.models import Referral
from referrals.workflow import OPEN, Status

LIMIT = 25
OPEN_VALUES = [status.value for status in OPEN - {Status.DRAFT}]


@dataclass(frozen=True)
class Item:
    """One line of the list. ``client_id`` is set for own clients only, whose name may be shown.

    ``need`` is the last word of the line: a need in neutral words, a reason or an outcome.
    """

    url: str
    what: str | Promise
    button: str | Promise
    code: str = ""
    client_id: UUID | None = None
    organization: Organization | None = None
    service: Service | None = None
    need: str = ""
    clock: Clock | None = None
    primary: bool = False
    name: str = ""


@dataclass(frozen=True)
class Section:
    key: str
    title: str | Promise
    count: int
    items: list[Item]
    late: bool = False

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def section(
    key: str, title: Promise, rows: QuerySet, make: Callable[[Any], Item], *, late: bool = False
) -> Section:
    items = [make(row) for row in rows[:LIMIT]]
    count = len(items) if len(items) < LIMIT else rows.count()
    return Section(key, title, count, items, late)


def box(actor: Actor, side: Side) -> QuerySet[Referral]:
    return Referral.objects.visible_to(actor).box(actor, side).for_list()


def detail(referral: Referral, side: Side) -> str:
    url = reverse("referrals:detail", args=[referral.pk])
    return f"{url}?as={side.value}" if referral.sender_id == referral.receiver_id else url


def own_side(referral: Referral, actor: Actor) -> tuple[Side, Organization]:
    if referral.sender_id == actor.organization_id:
        return Side.SENDER, referral.receiver
    return Side.RECEIVER, referral.sender


def since(moment: datetime.datetime | None, icon: str = "clock") -> Clock:
    if moment is None:
        return Clock(icon, "")
    local = timezone.localtime(moment)
    return Clock(icon, date_format(local, "DATETIME_FORMAT"))
