"""How a service answers and what becomes of those who are sent there. For workers, never for the public.

It is told from the newest referrals of the service alone, found by an index: the figures say how it is
now, and cost the same however many there are. What rests on too few is not told.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from statistics import median_high
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Service
from partners.actor import Actor
from partners.roles import Capability
from referrals.clock import count_working_days
from referrals.models import Referral, ReferralKind, TimelineEvent
from referrals.workflow import Status

NEWEST = 50
FEWEST = 5
STEP = 5  # percent
ANSWERS = ("accept", "waitlist", "decline")
HELPED = frozenset({"got_help", "got_some_help"})
UNANSWERED = "deadline"


@dataclass(frozen=True)
class ServiceRecord:
    """``median_days``: working days from sending to the first answer; a referral that expired without one
    counts with the time it waited. The shares are of closed referrals, in percent, to the nearest 5.

    None: fewer than five to tell it from.
    """

    median_days: int | None = None
    helped: int | None = None
    confirmed: int | None = None


TOO_FEW = ServiceRecord()


class Row(NamedTuple):
    """What is read of one referral; ``answered_at``: the first answer."""

    status: str
    end_reason: str
    sent_at: datetime.datetime
    answer_due_on: datetime.date | None
    ended_at: datetime.datetime | None
    confirmed_at: datetime.datetime | None
    answered_at: datetime.datetime | None


def records_of(actor: Actor, service_ids: Iterable[UUID]) -> dict[UUID, ServiceRecord]:
    """Two queries, whatever the number. Nothing at all for who sends no referrals."""
    wanted = set(service_ids)
    if not wanted or not actor.can(Capability.SEND):
        return {}
    rows = newest(Service.objects.filter(pk__in=wanted), "service_id", NEWEST)
    return {service_id: _record(rows[service_id]) for service_id in wanted}


def answer_words(record: ServiceRecord) -> str:
    days = record.median_days
    if days is None:
        return _("How soon it answers: too few referrals to say")
    if days == 0:
        return _("Half of its answers came on the same day")
    return ngettext(
        "Half of its answers came within %(days)s working day",
        "Half of its answers came within %(days)s working days",
        days,
    ) % {"days": days}


def help_words(record: ServiceRecord) -> str:
    if record.helped is None:
        return _("How many got help: too few referrals to say")
    return _("Of the referrals it closed, %(share)s%% got help or some of it") % {"share": record.helped}


def confirmed_words(record: ServiceRecord) -> str:
    if record.confirmed is None:
        return ""
    return _("%(share)s%% of its outcomes were confirmed") % {"share": record.confirmed}


def newest(
    owners: QuerySet[Any], field: str, most: int, *, after: datetime.datetime | None = None
) -> dict[UUID, list[Row]]:
    """The newest referrals of each service or receiver: first since when they are, then they themselves.

    ``field`` leads from a referral to its owner. Two queries, each along an index.
    """
    sent = asked_of_partners()
    last = sent.filter(**{field: OuterRef("pk")}).order_by("-sent_at").values("sent_at")
    since = dict(
        owners.annotate(since=Subquery(last[most - 1 : most])).order_by("pk").values_list("pk", "since")
    )
    moments = {pk: max(filter(None, (moment, after)), default=None) for pk, moment in since.items()}
    wanted = Q(**{f"{field}__in": [pk for pk, moment in moments.items() if moment is None]})
    for pk, moment in moments.items():
        if moment is not None:
            wanted |= Q(**{field: pk, "sent_at__gte": moment})
    answer = TimelineEvent.objects.filter(referral_id=OuterRef("pk"), kind__in=ANSWERS).order_by("at")
    found = sent.filter(wanted).annotate(answered_at=Subquery(answer.values("at")[:1])).order_by(field)
    rows: dict[UUID, list[Row]] = defaultdict(list)
    for owner, *row in found.values_list(field, *Row._fields):
        rows[owner].append(Row(*row))
    return rows


def asked_of_partners() -> QuerySet[Referral]:
    """Every referral a partner was asked for: not what was logged for others, nor what was an error."""
    sent = Referral.objects.filter(kind=ReferralKind.OUTGOING, sent_at__isnull=False)
    return sent.exclude(status=Status.ENTERED_IN_ERROR.value)


def _record(rows: list[Row]) -> ServiceRecord:
    closed = [row for row in rows if row.status == Status.CLOSED.value]
    return ServiceRecord(
        median_days=median_days(rows),
        helped=share([row.end_reason in HELPED for row in closed]),
        confirmed=share([row.confirmed_at is not None for row in closed]),
    )


def median_days(rows: list[Row]) -> int | None:
    waited = [days for row in rows if (days := _days(row)) is not None]
    return median_high(waited) if len(waited) >= FEWEST else None


def _days(row: Row) -> int | None:
    """None while nobody has answered, and where the sender did not wait for it."""
    end = row.answered_at
    if end is None and row.status == Status.EXPIRED.value and row.end_reason == UNANSWERED:
        end = row.ended_at
    if end is None:
        return None
    return _working_days(timezone.localdate(row.sent_at), timezone.localdate(end))


@lru_cache(maxsize=4096)
def _working_days(start: datetime.date, end: datetime.date) -> int:
    return count_working_days(start, end)


def share(held: list[bool]) -> int | None:
    """In percent."""
    return STEP * round(100 * sum(held) / len(held) / STEP) if len(held) >= FEWEST else None
