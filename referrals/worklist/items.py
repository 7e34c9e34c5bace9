"""What a line and a section of the work-list are, and how one is made from its query."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

from directory.models import Service
from partners.actor import Actor, Side
from partners.models import Organization
from referrals.boxes import Clock
from referrals.models import Referral
from referrals.querysets import ReferralQuerySet
from referrals.workflow import OPEN, Status

LIMIT = 25
OPEN_VALUES = [status.value for status in OPEN - {Status.DRAFT}]


@dataclass(frozen=True)
class Item:
    """One line of the list. ``client_id`` is set for own clients only, whose name may be shown.

    ``need`` is the last word of the line: a need in neutral words, a reason or an outcome. Lines with a
    ``due`` day stand first in their section, by that day.
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
    due: datetime.date | None = None


@dataclass(frozen=True)
class Section:
    """``more`` lines than are shown stand behind it; ``capped``: nobody counted further."""

    key: str
    title: str | Promise
    count: int
    items: list[Item]
    late: bool = False
    capped: bool = False

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def box(actor: Actor, side: Side) -> ReferralQuerySet:
    return Referral.objects.visible_to(actor).box(actor, side)


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
