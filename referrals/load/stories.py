"""The referrals of a batch, each in one of its states, with what both sides have written on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from directory.load.writing import Table, ids, moments
from referrals.load.files import OLDEST_DAYS, Offers, codes
from referrals.load.people import People
from referrals.load.sealing import sealed
from referrals.models import Handoff, Message, Outcome, Referral, TimelineEvent
from referrals.order import box_order
from referrals.workflow import OUTCOMES, Status

# How often each state is met, and the events on the way to it.
STORIES: tuple[tuple[Status, float, tuple[str, ...]], ...] = (
    (Status.DRAFT, 0.005, ("drafted",)),
    (Status.SENT, 0.005, ("drafted", "send")),
    (Status.ACCEPTED, 0.01, ("drafted", "send", "opened", "accept")),
    (Status.WAITLISTED, 0.01, ("drafted", "send", "opened", "waitlist")),
    (Status.IN_SERVICE, 0.02, ("drafted", "send", "opened", "accept", "start_service")),
    (Status.CLOSED, 0.75, ("drafted", "send", "opened", "accept", "start_service", "close")),
    (Status.DECLINED, 0.10, ("drafted", "send", "opened", "decline")),
    (Status.WITHDRAWN, 0.05, ("drafted", "send", "withdraw")),
    (Status.EXPIRED, 0.04, ("drafted", "send", "expire")),
    (Status.ENTERED_IN_ERROR, 0.01, ("drafted", "send", "void")),
)
SIDES = {"drafted": "sender", "send": "sender", "withdraw": "sender", "void": "sender", "expire": "system"}
# What is still open is young; what has ended is of any age.
OPEN_DAYS = 45
OPEN = {Status.DRAFT, Status.SENT, Status.ACCEPTED, Status.WAITLISTED, Status.IN_SERVICE}
END_REASONS = {
    Status.DECLINED: "no_capacity",
    Status.WITHDRAWN: "client_choice",
    Status.EXPIRED: "deadline",
    Status.ENTERED_IN_ERROR: "duplicate",
}
CONFIRMED = 0.8
MESSAGES, HANDOFFS = 0.5, 0.6
REFERRAL_FIELDS = ("id", "code", "need", "client", "service", "sender", "receiver", "consent", "status")
REFERRAL_FIELDS += ("created_by", "created_at", "sent_at", "answer_due_on", "opened_at", "accepted_at")
REFERRAL_FIELDS += ("ended_at", "end_reason", "confirmed_at", "last_modified", "box_order")


@dataclass(frozen=True)
class Drawn:
    """For each referral: its story, and the day (counted back) of each of its events."""

    story: list[int]
    days: list[list[int]]
    outcome: list[str]
    confirmed: list[bool]

    def status(self, number: int) -> Status:
        return STORIES[self.story[number]][0]

    def day(self, number: int, event: str) -> int | None:
        events = STORIES[self.story[number]][2]
        return self.days[number][events.index(event)] if event in events else None


class Stories:
    """Writes batches."""

    def __init__(self, people: People, today: date):
        self.people, self.today, self.written, self.share = people, today, 0, (0.0, 1.0)
        noon = timezone.make_aware(datetime.combine(today, time(12)))
        self.moments = moments([noon - timedelta(days=day) for day in range(OLDEST_DAYS + 1)])

    def write(self, rng: np.random.Generator, offers: Offers) -> None:
        self.share = offers.share
        drawn = self._draw(rng, offers)
        self._referrals(offers, drawn)
        self._events(offers, drawn)
        self._outcomes(offers, drawn)
        self._messages(rng, offers, drawn)
        self._handoffs(rng, offers, drawn)
        self.written += len(offers.ids)

    def _draw(self, rng: np.random.Generator, offers: Offers) -> Drawn:
        count = len(offers.ids)
        stories = rng.choice(len(STORIES), count, p=[share for _status, share, _events in STORIES]).tolist()
        outcomes = rng.choice(list(OUTCOMES), count).tolist()
        days = []
        for number, story in enumerate(stories):
            status, _share, events = STORIES[story]
            age = offers.age[number] % OPEN_DAYS if status in OPEN else offers.age[number]
            # A step a day at most: the last event is never in the future.
            days.append([max(age - step * 2, 0) for step in range(len(events))])
        return Drawn(stories, days, outcomes, (rng.random(count) < CONFIRMED).tolist())

    def _at(self, day: int | None) -> Any:
        return None if day is None else self.moments[day]

    def _referrals(self, offers: Offers, drawn: Drawn) -> None:
        numbers = range(len(offers.ids))
        status = [drawn.status(n) for n in numbers]
        sent = [drawn.day(n, "send") for n in numbers]
        ended = [drawn.days[n][-1] if status[n] not in OPEN else None for n in numbers]
        closed = [status[n] is Status.CLOSED for n in numbers]
        Table(Referral, *REFERRAL_FIELDS).write(
            offers.ids,
            codes(self.written, len(offers.ids)),
            *(offers.needs, offers.clients, offers.services, offers.senders, offers.receivers),
            offers.consents,
            [one.value for one in status],
            [self.people.worker_of[owner] for owner in offers.senders],
            [self._at(drawn.days[n][0]) for n in numbers],
            [self._at(day) for day in sent],
            [None if day is None else self.today - timedelta(days=day - 5) for day in sent],
            [self._at(drawn.day(n, "opened")) for n in numbers],
            [self._at(drawn.day(n, "accept")) for n in numbers],
            [self._at(day) for day in ended],
            [drawn.outcome[n] if closed[n] else END_REASONS.get(status[n], "") for n in numbers],
            [self._at(ended[n]) if closed[n] and drawn.confirmed[n] else None for n in numbers],
            [self._at(drawn.days[n][-1]) for n in numbers],
            [box_order(status[n].value, offers.urgencies[n]) for n in numbers],
        )

    def _events(self, offers: Offers, drawn: Drawn) -> None:
        referrals, kinds, sides, users, owners, at = [], [], [], [], [], []
        for number, referral in enumerate(offers.ids):
            for kind, day in zip(STORIES[drawn.story[number]][2], drawn.days[number], strict=True):
                side = SIDES.get(kind, "receiver")
                owner = {"sender": offers.senders, "receiver": offers.receivers}.get(side)
                referrals.append(referral)
                kinds.append(kind)
                sides.append(side)
                owners.append(owner[number] if owner else None)
                users.append(self.people.worker_of[owner[number]] if owner else None)
                at.append(self.moments[day])
        fields = ("id", "referral", "kind", "side", "at", "user_id", "organization_id")
        self._write(TimelineEvent, fields, referrals, kinds, sides, at, users, owners)

    def _outcomes(self, offers: Offers, drawn: Drawn) -> None:
        closed = [n for n in range(len(offers.ids)) if drawn.status(n) is Status.CLOSED]
        self._write(
            Outcome,
            ("id", "referral", "code", "date", "recorded_at", "recorded_by"),
            [offers.ids[n] for n in closed],
            [drawn.outcome[n] for n in closed],
            [self.today - timedelta(days=drawn.days[n][-1]) for n in closed],
            [self.moments[drawn.days[n][-1]] for n in closed],
            [self.people.worker_of[offers.receivers[n]] for n in closed],
        )

    def _messages(self, rng: np.random.Generator, offers: Offers, drawn: Drawn) -> None:
        """From either side in turn; what they say is the same everywhere, and sealed row by row."""
        said = [n for n in np.flatnonzero(rng.random(len(offers.ids)) < MESSAGES) if len(drawn.days[n]) > 3]
        keys = self._ids(len(said))
        owners = [(offers.senders, offers.receivers)[n % 2][n] for n in said]
        table = Table(Message, "id", "referral", "organization", "author", "text", "sent_at")
        table.write(
            keys,
            [offers.ids[n] for n in said],
            owners,
            [self.people.worker_of[owner] for owner in owners],
            sealed(Message, "text", keys, ["Please call me about this one."] * len(said)),
            [self.moments[drawn.days[n][2]] for n in said],
        )

    def _handoffs(self, rng: np.random.Generator, offers: Offers, drawn: Drawn) -> None:
        planned = [
            n for n in np.flatnonzero(rng.random(len(offers.ids)) < HANDOFFS) if drawn.day(int(n), "accept")
        ]
        result = [
            "" if drawn.status(n) in OPEN and n % 3 == 0 else "missed" if n % 7 == 0 else "kept"
            for n in planned
        ]
        self._write(
            Handoff,
            ("id", "referral", "kind", "when", "result", "recorded_at"),
            [offers.ids[n] for n in planned],
            ["warm"] * len(planned),
            [self.moments[drawn.days[n][-1]] for n in planned],
            result,
            [self.moments[drawn.days[n][3]] for n in planned],
        )

    def _ids(self, count: int) -> list[str]:
        return ids(np.random.default_rng([7, self.written]), *self.share, count)

    def _write(self, model: Any, fields: Sequence[str], *columns: Iterable[Any]) -> None:
        first = list(columns[0])
        Table(model, *fields).write(self._ids(len(first)), first, *columns[1:])
