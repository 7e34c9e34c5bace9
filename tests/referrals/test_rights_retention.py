"""What is due to be deleted goes, once; what is held or still in use stays."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from partners import audit
from partners.models import AuditEvent, ClockMark, OutboxRow
from referrals import clients, messages
from referrals.models import (
    Client,
    Deletion,
    Document,
    Introduction,
    Message,
    Referral,
    SupportEntry,
)
from referrals.rights import due, holds, retention
from tests.referrals.pages import NAME, World
from tests.referrals.rights_story import everything_about

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 15, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(clock: time_machine.Traveller) -> World:
    return World()


def later(clock: time_machine.Traveller, days: int) -> None:
    clock.move_to(NOW + datetime.timedelta(days=days, seconds=1))


def closed(world: World) -> Referral:
    """An ended referral with a message, a note at its end and a planned meeting."""
    referral = world.sent(note="Planted note")
    messages.send_message(referral_id=referral.pk, actor=world.actor(world.tom), text="Planted text")
    world.act(referral, "accept")
    today = timezone.localdate()
    return world.act(referral, "close", outcome="got_help", date=today, note="Planted end")


def test_a_draft_goes_two_weeks_after_its_last_change(world: World, clock: time_machine.Traveller) -> None:
    draft, kept = world.draft(), world.sent()
    later(clock, 13)
    assert retention.run().total() == 0

    later(clock, 14)
    assert retention.run() == {"draft": 1, "introduction": 0, "client": 0, "referral": 0}

    assert list(Referral.objects.values_list("pk", flat=True)) == [kept.pk]
    assert Deletion.objects.get().object_id == draft.pk
    assert not Client.objects.exclude(pk=world.person.pk).exists()
    assert retention.run().total() == 0
    assert audit.verify()[1] is None


def test_a_draft_that_waits_for_its_turn_stays(world: World, clock: time_machine.Traveller) -> None:
    asked = world.sent()
    waiting = world.draft()
    Referral.objects.filter(pk=waiting.pk).update(need=asked.need)
    later(clock, 20)

    assert retention.run().total() == 0


def test_a_file_goes_two_years_after_the_last_act(world: World, clock: time_machine.Traveller) -> None:
    referral = closed(world)
    later(clock, 729)
    assert due.due() == []
    later(clock, 730)
    [found] = due.due(world.lantern.pk)
    assert (found.kind, found.code) == ("client", world.person.code)
    assert due.due(world.northern.pk) == []

    assert retention.run()["client"] == 1

    assert not Client.objects.filter(pk=world.person.pk).exists()
    assert not Referral.objects.filter(pk=referral.pk).exists()
    assert {row.reason for row in Deletion.objects.all()} == {"retention"}
    assert AuditEvent.objects.filter(object_id=str(referral.pk), action="referral.close").exists()


def test_what_keeps_a_file(world: World, clock: time_machine.Traveller) -> None:
    """A hold, an open referral, a stay that has not ended, a late act of support."""
    closed(world)
    paula = world.actor(world.paula)
    others = [world.client() for _number in range(3)]
    world.accepted(others[0])
    SupportEntry.objects.create(
        client=others[1], kind="transitional_housing", on=NOW.date(), recorded_by=world.nadia
    )
    later(clock, 30)
    SupportEntry.objects.create(client=others[2], kind="ride", on=NOW.date(), recorded_by=world.nadia)
    hold = holds.place_hold(actor=paula, client_id=world.person.pk, authority="court")
    later(clock, 731)

    assert due.due() == []
    assert retention.run().total() == 0

    holds.end_hold(actor=paula, hold_id=hold.pk)
    assert [one.code for one in due.due()] == [world.person.code]


def test_an_ended_referral_loses_its_texts_where_the_file_goes_on(
    world: World, clock: time_machine.Traveller
) -> None:
    referral = closed(world)
    Document.objects.create(
        referral=referral,
        organization=world.northern,
        author=world.tom,
        name="Planted.pdf",
        media_type="application/pdf",
        size=4,
        content=b"%PDF",
    )
    later(clock, 700)
    clients.change_client(actor=world.actor(world.nadia), client_id=world.person.pk, pronouns="they")
    later(clock, 731)

    assert [one.kind for one in due.due()] == ["referral"]
    assert retention.run()["referral"] == 1

    kept = Referral.objects.get(pk=referral.pk)
    assert (kept.status, kept.end_reason, kept.note, kept.end_note) == ("closed", "got_help", "", "")
    assert not Message.objects.filter(referral=referral).exists()
    assert not Document.objects.exists()
    assert (kept.sender_news_at, kept.receiver_news_at) == (None, None), "nor when somebody wrote"
    assert due.due() == []
    assert retention.run().total() == 0
    assert AuditEvent.objects.filter(action="referral.strip").count() == 2, "once in each chain"
    assert audit.verify()[1] is None


def test_a_closed_introduction_goes_and_its_notices_with_it(
    world: World, clock: time_machine.Traveller
) -> None:
    given = {
        "kind": "self_referral",
        "receiver": world.lantern,
        "chosen_name": NAME,
        "consent_text_version": "2026-11",
        "consented_at": timezone.now(),
        "answer_due_on": NOW.date(),
    }
    ended = Introduction.objects.create(**given, state="closed", ended_at=timezone.now())
    waiting = Introduction.objects.create(**given)
    OutboxRow.objects.create(
        organization=world.lantern, kind="introduction", object_id=ended.pk, code=ended.code
    )
    later(clock, 91)

    assert retention.run()["introduction"] == 1

    assert list(Introduction.objects.all()) == [waiting]
    assert not OutboxRow.objects.filter(object_id=ended.pk).exists()
    assert Deletion.objects.get().object_type == "introduction"


def test_the_clock_runs_it_once_a_day(world: World, clock: time_machine.Traveller) -> None:
    retention.run_daily()
    draft = world.draft()
    Referral.objects.filter(pk=draft.pk).update(last_modified=NOW - datetime.timedelta(days=20))

    retention.run_daily()
    assert Referral.objects.filter(pk=draft.pk).exists()

    later(clock, 1)
    retention.run_daily()
    retention.run_daily()
    assert not Referral.objects.filter(pk=draft.pk).exists()
    assert ClockMark.objects.filter(kind=retention.DAILY).count() == 1


def test_more_than_a_batch_goes_in_one_run(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    drafts = [world.draft() for _number in range(5)]
    later(clock, 15)

    assert retention.run()["draft"] == len(drafts)


def test_the_dry_run_tells_codes_and_dates_and_changes_nothing(
    world: World, clock: time_machine.Traveller
) -> None:
    draft, out = world.draft(), StringIO()
    later(clock, 20)

    call_command("retention", "--dry-run", stdout=out)

    assert out.getvalue() == f"draft {draft.code}, last act 2026-03-02\n1 would go. Nothing was changed.\n"
    assert Referral.objects.filter(pk=draft.pk).exists()
    call_command("retention", stdout=out)
    assert "draft: 1, introduction: 0, client: 0, referral: 0\n" in out.getvalue()


def test_a_full_file_goes_without_a_trace(world: World, clock: time_machine.Traveller) -> None:
    person, referral = everything_about(world)
    world.act(referral, "close", outcome="got_help", date=timezone.localdate())
    later(clock, 20)
    retention.run()  # its draft
    later(clock, 751)

    retention.run()

    assert not Client.objects.filter(pk=person.pk).exists()
    assert not Message.objects.exists()
