"""A mark stands for one effect: two workers at once, a crash between the mark and the effect."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from partners import clock
from partners.clock_marks import once
from partners.models import ClockMark, OutboxRow
from referrals.clock_tasks import answers
from referrals.models import TimelineEvent
from tests.referrals.pages import World

ID = uuid.UUID(int=7)


@pytest.mark.django_db
def test_the_second_is_told_that_it_stands() -> None:
    assert once("reminder", ID, "2026-11-02") is True
    assert once("reminder", ID, "2026-11-02") is False
    # Another effect, another object and another day have marks of their own.
    assert once("escalation", ID, "2026-11-02")
    assert once("reminder", uuid.UUID(int=8), "2026-11-02")
    assert once("reminder", ID, "2026-11-03")
    assert ClockMark.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_no_mark_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        once("reminder", ID, "2026-11-02")


@pytest.mark.django_db(transaction=True)
def test_a_mark_goes_with_an_effect_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert once("reminder", ID, "2026-11-02")
        raise ZeroDivisionError
    with transaction.atomic():
        assert once("reminder", ID, "2026-11-02")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_the_effect_and_a_crash_leaves_it_to_the_other() -> None:
    """The first to come rolls back; the second, which waited for it, makes the effect."""
    first_has_it, results = threading.Event(), {}

    def crash() -> None:
        try:
            with transaction.atomic():
                results["first"] = once("reminder", ID, "2026-11-02")
                first_has_it.set()
                raise ZeroDivisionError
        except ZeroDivisionError:
            results["crashed"] = True
        finally:
            connection.close()

    def wait() -> None:
        first_has_it.wait(10)
        try:
            with transaction.atomic():
                results["second"] = once("reminder", ID, "2026-11-02")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(wait), threads.submit(crash)]:
            done.result()

    assert results == {"first": True, "crashed": True, "second": True}
    assert ClockMark.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_make_each_effect_once() -> None:
    world = World()
    with time_machine.travel("2026-11-02T10:00:00-06:00", tick=False):
        consent = world.consent()
        for number in range(5):
            world.sent(consent_id=consent.pk, urgency=("soon", "routine")[number % 2])
    start = threading.Barrier(4)

    def worker() -> None:
        try:
            start.wait()
            answers.remind()
            answers.escalate()
        finally:
            connection.close()

    with time_machine.travel("2026-11-16T10:00:00-06:00", tick=False), ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(worker) for _ in range(4)]:
            done.result()

    kinds = OutboxRow.objects.filter(kind__in=["reminder", "escalation", "unanswered"])
    assert sorted(kinds.values_list("kind", flat=True)) == (
        ["escalation"] * 5 + ["reminder"] * 5 + ["unanswered"] * 5
    )
    assert TimelineEvent.objects.filter(kind__in=["reminder", "escalation"]).count() == 10


@pytest.mark.django_db
def test_a_crash_in_one_effect_leaves_the_others_and_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    with time_machine.travel("2026-11-02T10:00:00-06:00", tick=False):
        referral = world.sent()

    def broken(*_: object) -> None:
        raise OSError("no disk")

    with time_machine.travel("2026-11-09T10:00:00-06:00", tick=False):
        with monkeypatch.context() as patch:
            patch.setattr(answers, "notify", broken)
            assert clock.tick().failed == ["remind"]
        assert not ClockMark.objects.filter(object_id=referral.pk).exists()
        assert not TimelineEvent.objects.filter(kind="reminder").exists()
        assert clock.tick().failed == []
        assert clock.tick().failed == []
        assert timezone.localdate().isoformat() == "2026-11-09"
    assert TimelineEvent.objects.filter(kind="reminder").count() == 1
    assert OutboxRow.objects.filter(kind="reminder").count() == 1
