"""Where the rounds are played: the network, what has passed since, and when the dust has settled."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from itertools import count
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from api.idempotency import LONGEST_REQUEST
from api.models import IdempotencyKey
from partners.access import create_token
from partners.models import OutboxRow
from partners.notifications import delivery
from referrals.models import Consent, Message, Referral
from tests.crash.journeys import CATEGORY, KINDS, Journey, journey
from tests.crash.processes import wait_until
from tests.factories.listings import make_service
from tests.referrals.pages import World, admitted, member

FILLING = 1200
DAY = datetime.timedelta(days=1)


class Ground(World):
    """Nadia sends for Lantern; Tom and two more answer for a partner each."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.chance = random.Random(seed)
        self.late: set[Any] = set()
        partners = [self.northern, *(admitted(f"Partner {n}", "addiction_service") for n in (1, 2))]
        users = [self.tom, *(member(f"Worker{n}", partners[n], "worker") for n in (1, 2))]
        services = [self.service]
        for partner in partners[1:]:
            listed = {"accepts_referrals": True, "categories": [CATEGORY]}
            services.append(make_service(organization=partner, **listed))
        self.tokens = {"sender": create_token(self.nadia, self.lantern, [], 1)}
        for number, (user, partner) in enumerate(zip(users, partners, strict=True)):
            self.tokens[f"partner{number}"] = create_token(user, partner, [], 1)
        self.partner_ids = [str(one.pk) for one in partners]
        self.service_ids = [str(one.pk) for one in services]

    def fill(self) -> None:
        """So that closing everything again takes a while."""
        given = {"referral": self.draft(), "organization": self.lantern, "author": self.nadia}
        Message.objects.bulk_create([Message(text=f"Words {n}", **given) for n in range(FILLING)])

    def plan(self) -> Iterator[Journey]:
        for number in count():
            yield journey(number, self.chance.choice(KINDS), self.partner_ids, self.service_ids)

    def time_passes(self, journeys: list[Journey]) -> None:
        """What died counts as dead, and what was put off is due; some were asked weeks ago."""
        now = timezone.now()
        dead = IdempotencyKey.objects.filter(object_id__isnull=True)
        dead.update(created_at=now - 2 * LONGEST_REQUEST)
        OutboxRow.objects.filter(fanned_out_at__isnull=True).update(next_attempt_at=now)
        delivery.owed().update(next_attempt_at=now)
        for one in journeys:
            if one.kind == "unanswered" and one.finished and one.number not in self.late:
                self.late.add(one.number)
                self._grow_late(one, now)

    def _grow_late(self, one: Journey, now: datetime.datetime) -> None:
        asked = Referral.objects.filter(pk=one.ids["referral0"])
        if one.number % 3 == 0:
            asked.update(sent_at=now - 27 * DAY, answer_due_on=timezone.localdate() - 20 * DAY)
        elif one.number % 3 == 1:
            asked.update(sent_at=now - 32 * DAY)
        else:
            consent = Consent.objects.filter(pk=one.ids["consent0"])
            consent.update(given_at=now - 2 * DAY, expires_at=now - DAY)


def leave_to_others() -> None:
    """No process of ours holds the database, so that who comes first after a kill must mend it alone."""
    connections.close_all()


def settle() -> None:
    """Once all that wrote are killed: their sessions with PostgreSQL end by themselves, a moment later."""
    if connection.vendor == "postgresql":
        wait_until(lambda: not _other_sessions(), "sessions of killed processes remain")


def _other_sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
            "pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])
