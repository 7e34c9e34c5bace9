"""The plan: support by the phase of its day, stays of at most two years, outreach without a file."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent
from referrals.clients import enter_phase
from referrals.housing import LIMIT_DAYS
from referrals.models import OutreachContact, SupportEntry, SupportKind
from referrals.plan_page import plan_page
from referrals.plans import add_support, end_stay, open_plan, outreach_by_month, record_outreach
from tests.referrals.pages import World

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def days_ago(count: int) -> datetime.date:
    return timezone.localdate() - count * DAY


def test_each_kind_stands_in_the_phase_of_its_day(world: World) -> None:
    nadia = world.actor(world.nadia)
    person = world.person.pk
    enter_phase(actor=nadia, client_id=person, phase=1, on=days_ago(100))
    enter_phase(actor=nadia, client_id=person, phase=2, on=days_ago(50))
    sent = world.sent()
    for kind in SupportKind.values:
        add_support(actor=nadia, client_id=person, kind=kind, on=days_ago(70), note="Planted note")
    today = add_support(actor=nadia, client_id=person, kind="ride", on=timezone.localdate())
    entered = add_support(actor=nadia, client_id=person, kind="ride", on=days_ago(50))
    before = add_support(actor=nadia, client_id=person, kind="ride", on=days_ago(101))
    given = add_support(actor=nadia, client_id=person, kind="ride", on=days_ago(101), phase=4)

    assert (today.phase, entered.phase, before.phase, given.phase) == (2, 2, None, 4)
    plan = open_plan(actor=nadia, client_id=person)
    assert {entry.phase for entry in plan.entries if entry.on == days_ago(70)} == {1}
    assert [referral.pk for referral in plan.referrals] == [sent.pk]
    assert plan.housing_left == LIMIT_DAYS - 71
    page = plan_page(plan)
    assert [part.label.split(":")[0] for part in page.parts][:2] == ["Phase 1", "Phase 2"]
    log = AuditEvent.objects.filter(action__startswith="plan.")
    assert set(log.values_list("action", flat=True)) == {"plan.add", "plan.open"}
    assert "Planted" not in str(list(log.values("details", "object_id")))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "night_off"}, "kind"),
        ({"on": "someday"}, "on"),
        ({"on": "1066-10-14"}, "on"),
        ({"on": "2999-01-01"}, "on"),
        ({"until": "2026-01-01"}, "until"),
        ({"kind": "transitional_housing", "on": "2026-02-01", "until": "2026-01-01"}, "until"),
        ({"phase": 5}, "phase"),
        ({"note": "x" * 1001}, "note"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    world: World, wrong: dict[str, object], field: str
) -> None:
    given = {"kind": "ride", "on": "2026-01-05", **wrong}
    with pytest.raises(Invalid) as refused:
        add_support(actor=world.actor(world.nadia), client_id=world.person.pk, **given)
    assert list(refused.value.errors) == [field]
    assert not SupportEntry.objects.exists()


def test_a_stay_ends_once_and_two_do_not_meet(world: World) -> None:
    nadia, person = world.actor(world.nadia), world.person.pk

    def stay(on: int, until: int | None = None) -> SupportEntry:
        end = None if until is None else days_ago(until)
        return add_support(
            actor=nadia, client_id=person, kind="transitional_housing", on=days_ago(on), until=end
        )

    first = stay(90, 60)
    second = stay(60)
    for on, until in [(100, 80), (70, 50), (61, None), (30, None), (30, 20)]:
        with pytest.raises(Invalid):
            stay(on, until)
    with pytest.raises(Conflict):
        end_stay(actor=nadia, client_id=person, entry_id=first.pk, until=days_ago(50))
    for until in (days_ago(61), days_ago(-1)):
        with pytest.raises(Invalid):
            end_stay(actor=nadia, client_id=person, entry_id=second.pk, until=until)
    assert end_stay(actor=nadia, client_id=person, entry_id=second.pk, until=days_ago(10)).until
    stay(10)


def test_the_plan_is_the_own_workers_alone(world: World) -> None:
    entry = add_support(
        actor=world.actor(world.nadia), client_id=world.person.pk, kind="transitional_housing", on=days_ago(5)
    )
    for user, refusal in ((world.tom, NotSeen), (world.pat, NotSeen), (world.eva, Refused)):
        actor = world.actor(user)
        for act in (
            lambda actor=actor: open_plan(actor=actor, client_id=world.person.pk),
            lambda actor=actor: add_support(
                actor=actor, client_id=world.person.pk, kind="ride", on=days_ago(1)
            ),
            lambda actor=actor: end_stay(
                actor=actor, client_id=world.person.pk, entry_id=entry.pk, until=days_ago(0)
            ),
        ):
            with pytest.raises(refusal):
                act()
    other = world.client(chosen_name="Another")
    with pytest.raises(NotSeen):
        end_stay(
            actor=world.actor(world.nadia), client_id=other.pk, entry_id=entry.pk, until=timezone.localdate()
        )
    assert SupportEntry.objects.count() == 1


def test_outreach_is_counted_by_month_for_the_own_organization(world: World) -> None:
    nadia, pat = world.actor(world.nadia), world.actor(world.pat)
    for people, on in [(3, "2026-01-05"), (4, "2026-01-31"), (5, "2026-02-01")]:
        record_outreach(actor=nadia, people=people, on=on)
    record_outreach(actor=pat, people=50, on="2026-01-05")

    counted = [(m.first_day.isoformat(), m.contacts, m.people) for m in outreach_by_month(nadia)]

    assert counted == [("2026-02-01", 1, 5), ("2026-01-01", 2, 7)]
    with pytest.raises(Refused):
        record_outreach(actor=world.actor(world.eva), people=1, on="2026-01-05")
    with pytest.raises(Invalid) as refused:
        record_outreach(actor=nadia, people=0, on="never", area="atlantis")
    assert set(refused.value.errors) == {"people", "on", "area"}
    assert OutreachContact.objects.count() == 4


class TestStays(TestCase):
    """Whatever stays are written down, the days used are those between them, each counted once."""

    @settings(max_examples=15)
    @given(st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=6))
    def test_days_left_are_the_limit_less_the_days_stayed(self, lengths: list[int]) -> None:
        world = World()
        nadia, person = world.actor(world.nadia), world.person.pk
        start, used = days_ago(400), 0
        for index, length in enumerate(lengths):
            end = start + length * DAY
            if index % 2 == 0:
                stay = {"kind": "transitional_housing", "on": start, "until": end - DAY}
                add_support(actor=nadia, client_id=person, **stay)
                used += length
            start = end
        assert open_plan(actor=nadia, client_id=person).housing_left == LIMIT_DAYS - used
