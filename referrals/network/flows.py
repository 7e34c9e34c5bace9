"""Who refers to whom, in numbers: between partners, over the last twelve whole months.

A number below five is hidden, and nothing else is told that rests on it: totals are of the numbers that
are told, and what nobody may see neither orders nor names anything. So two networks that differ only in
what is hidden look the same, and no subtraction brings it back. Police are left out on both sides. The
numbers change once a month, and only by whole steps, so that no single referral can be seen to arrive: else
the list of one month beside that of the next would tell that there was one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, F
from django.utils import timezone

from partners.actor import Actor
from partners.bilingual import Localized, localized
from partners.models import Organization
from partners.models.organizations import PartnerKind
from partners.roles import Capability
from referrals.service_record import FEWEST, asked_of_partners

MONTHS = 12
STEP = FEWEST
KEPT_SECONDS = 32 * 24 * 3600  # longer than any month


class Flow(NamedTuple):
    """So many referrals of one partner to another."""

    sender_id: UUID
    receiver_id: UUID
    referrals: int


class Named(NamedTuple):
    """A flow with the names of its ends, in the reader's language."""

    sender_id: UUID
    sender: Localized
    receiver_id: UUID
    receiver: Localized
    referrals: int


@dataclass(frozen=True)
class Flows:
    """From the first day to the last; the largest flow first. ``total``: of the numbers that are told."""

    first_day: datetime.date
    last_day: datetime.date
    rows: list[Named]

    @property
    def total(self) -> int:
        return sum(row.referrals for row in self.rows)


def flows_for(actor: Actor) -> Flows:
    """For who may see the network. One query for the names, and one a month for the numbers."""
    actor.require(Capability.SEE_NETWORK)
    first_day, end = window(timezone.localdate())
    key = f"network-flows:{first_day.isoformat()}"
    told = cache.get(key)
    if told is None:
        told = [tuple(flow) for flow in told_flows(first_day, end)]
        cache.set(key, told, KEPT_SECONDS)
    return Flows(first_day, end - datetime.timedelta(days=1), _named(list(starmap(Flow, told))))


def window(today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first day of the twelve months before this one, and the first day of this one."""
    end = today.replace(day=1)
    return end.replace(year=end.year - MONTHS // 12), end


def told_flows(first_day: datetime.date, end: datetime.date) -> list[Flow]:
    """What may be told, counted in one go and rounded down to whole steps."""
    start, stop = (
        timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in (first_day, end)
    )
    police = Organization.objects.filter(kind=PartnerKind.POLICE_LIAISON).values("pk")
    counted = (
        asked_of_partners()
        .filter(sent_at__gte=start, sent_at__lt=stop)
        .exclude(sender=F("receiver"))
        .exclude(sender__in=police)
        .exclude(receiver__in=police)
        .order_by()
        .values_list("sender_id", "receiver_id")
        .annotate(number=Count("pk"))
    )
    found = counted.filter(number__gte=FEWEST)
    return [Flow(sender, receiver, number - number % STEP) for sender, receiver, number in found]


def _named(flows: list[Flow]) -> list[Named]:
    ids = {key for flow in flows for key in flow[:2]}
    names = {one.pk: localized(one, "name") for one in Organization.objects.filter(pk__in=ids)}
    rows = [
        Named(
            flow.sender_id, names[flow.sender_id], flow.receiver_id, names[flow.receiver_id], flow.referrals
        )
        for flow in flows
        if flow.sender_id in names and flow.receiver_id in names
    ]
    return sorted(rows, key=lambda row: (-row.referrals, row.sender.text, row.receiver.text, row.sender_id))
