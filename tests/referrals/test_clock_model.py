"""Whatever the turns of the clock, their effects are those of one simple model.

In the model an effect is a stretch of time: it happens once if a turn falls into it, else never.
"""

from __future__ import annotations

import datetime
from collections import Counter
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.models import Service
from partners import clock
from partners.models import OutboxRow
from referrals.handoffs import plan_handoff
from referrals.models import (
    AgeBand,
    ChildProtectionRecord,
    Introduction,
    IntroductionKind,
    SupportEntry,
    SupportKind,
)
from tests.referrals.clock import DAY, at, moment, sent_on
from tests.referrals.pages import World

HOUR = datetime.timedelta(hours=1)
EVER = datetime.datetime.max.replace(tzinfo=datetime.UTC)
START = "2026-10-31"
Effect = tuple[str, str, UUID]


def notice(kind: str, organization: str, subject: UUID, start: str, end: str = "") -> tuple:
    """An effect with its stretch; a day means its first moment."""
    first, last = (moment(*day.split()) if day else EVER for day in (start, end))
    return (kind, organization, subject), first, last


def network() -> list[tuple[Effect, datetime.datetime, datetime.datetime]]:
    """One of everything that the clock watches, and by hand on which days it does what."""
    with at("2026-10-30", "09:00"):
        world = World()
        # The checks of listings have a clock of their own (tests/directory/upkeep).
        Service.objects.update(verified_at=datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC))
        others = [world.client(chosen_name=name) for name in ("Accepted", "Waiting", "Child")]
    unanswered = sent_on(world, "2026-10-30").pk
    with at("2026-10-30", "16:00"):
        ends = moment("2026-12-31", "12:00")
        accepted = world.sent(others[0], consent_id=world.consent(others[0], expires_at=ends).pk)
        lasting = world.consent(others[1], expires_at=timezone.now() + 300 * DAY)
        waiting = world.sent(others[1], consent_id=lasting.pk)
    with at(START, "10:00"):
        world.act(accepted, "accept")
        world.act(waiting, "waitlist", expected_date="2026-11-10")
        plan_handoff(
            referral_id=accepted.pk,
            actor=world.actor(world.tom),
            kind="self",
            when=moment("2026-11-03", "15:00"),
        )
        introduced = introduction(world)
        report(world, others[2].pk)
        stay(world)
    handoff, place = ("2026-11-04", "2026-11-12"), ("2026-11-11", "2026-11-19")
    return [
        notice("reminder", "Northern", unanswered, "2026-11-05", "2026-11-29"),
        notice("escalation", "Northern", unanswered, "2026-11-10", "2026-11-29"),
        notice("unanswered", "Lantern", unanswered, "2026-11-10", "2026-11-29"),
        notice("expire", "Lantern", unanswered, "2026-11-29"),
        notice("sharing_ended", "Northern", unanswered, "2026-11-29"),
        notice("handoff_due", "Lantern", accepted.pk, *handoff),
        notice("handoff_due", "Northern", accepted.pk, *handoff),
        notice("outcome_due", "Northern", accepted.pk, "2026-11-14", "2026-11-22"),
        notice("outcome_due", "Northern", accepted.pk, "2026-11-30", "2026-12-08"),
        notice("outcome_due", "Lantern", accepted.pk, "2026-12-30", "2027-01-07"),
        notice("consent_ending", "Lantern", accepted.pk, "2026-12-17", "2026-12-25"),
        notice("consent_ending", "Lantern", accepted.pk, "2026-12-28", "2026-12-31 12:00"),
        notice("sharing_ended", "Northern", accepted.pk, "2026-12-31 12:00"),
        notice("waitlist_due", "Lantern", waiting.pk, *place),
        notice("waitlist_due", "Northern", waiting.pk, *place),
        notice("expire", "Lantern", waiting.pk, "2026-12-11"),
        notice("sharing_ended", "Northern", waiting.pk, "2026-12-11"),
        # An hour after 11:30, for seven days of twenty-four hours: the clocks go back in between.
        notice("protection_due", "Lantern", others[2].pk, "2026-10-31 12:30", "2026-11-07 11:30"),
        notice("introduction_due", "Lantern", introduced, "2026-11-06"),
        notice("housing_ending", "Lantern", world.person.pk, "2026-11-02", "2026-11-10"),
        notice("housing_ending", "Lantern", world.person.pk, "2027-01-01", "2027-01-09"),
        notice("housing_ending", "Lantern", world.person.pk, "2027-01-24", "2027-02-01"),
    ]


def introduction(world: World) -> UUID:
    return Introduction.objects.create(
        kind=IntroductionKind.SELF_REFERRAL,
        receiver=world.lantern,
        safe_contact={},
        consent_text_version="1",
        consented_at=timezone.now(),
        answer_due_on=datetime.date(2026, 11, 5),
    ).pk


def report(world: World, client_id: UUID) -> None:
    type(world.person).objects.filter(pk=client_id).update(age_band=AgeBand.UNDER_18)
    ChildProtectionRecord.objects.create(
        client_id=client_id,
        state="being_reported",
        at=timezone.now() + 1.5 * HOUR,
        reported_to="CFS",
        follow_up_at=timezone.now() + 2.5 * HOUR,
        recorded_by=world.nadia,
    )


def stay(world: World) -> None:
    """The 730th day is 31 January 2027."""
    SupportEntry.objects.create(
        client=world.person,
        kind=SupportKind.TRANSITIONAL_HOUSING,
        on=datetime.date(2025, 2, 1),
        recorded_by=world.nadia,
    )


def made(before: set[UUID]) -> Counter[Effect]:
    rows = OutboxRow.objects.exclude(pk__in=before).select_related("organization")
    return Counter(
        (row.kind, row.organization.name_en.removesuffix(" (demo)"), row.object_id) for row in rows
    )


@pytest.mark.one_database
@pytest.mark.django_db
def test_any_turns_have_the_effects_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock.delivery, "deliver_due", lambda: clock.delivery.Turn())
    model = network()
    before = set(OutboxRow.objects.values_list("pk", flat=True))
    first = moment(START, "11:00")

    def expected(ticks: list[datetime.datetime]) -> Counter[Effect]:
        return Counter(effect for effect, start, end in model if any(start <= tick < end for tick in ticks))

    @settings(max_examples=10)
    @given(st.lists(st.integers(0, 100 * 24), max_size=10).map(sorted))
    @example([24 * day for day in range(1, 63)])  # every day
    @example([13, 14, 15, 15, 15, 16, 17])  # through the hour that comes twice
    @example([24 * 5, 24 * 8])  # three days without a clock
    @example([24 * 99])  # asleep all the time
    @example([])
    def turns(hours: list[int]) -> None:
        ticks = [first + hour * HOUR for hour in hours]
        savepoint = transaction.savepoint()
        try:
            for number, tick in enumerate(ticks, start=1):
                with time_machine.travel(tick, tick=False):
                    assert clock.tick().failed == []
                assert made(before) == expected(ticks[:number])
        finally:
            transaction.savepoint_rollback(savepoint)

    turns()
