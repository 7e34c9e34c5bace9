"""The task queue wakes the worker: it knows numbers alone, and nothing depends on it."""

from __future__ import annotations

import json
import os
import signal
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from partners.management.commands import worker
from partners.models import Delivery, Organization, OutboxRow, User
from partners.notifications import delivery, outbox, tasks
from tests.partners.notifications.steps import REFERRAL

pytestmark = pytest.mark.django_db(transaction=True)


def run_queue() -> None:
    worker.queue().run()


def test_an_act_wakes_the_worker_once_it_is_committed_and_by_its_number_alone(
    lantern: Organization, nadia: User
) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, "K7Q-4MD")
        within = len(queries)
        assert not DBTaskResult.objects.exists()
    assert within == 2  # BEGIN or a savepoint, and the row
    after = [query["sql"] for query in queries][within + 1 :]
    assert sum("INSERT" in sql for sql in after) == 1

    queued = DBTaskResult.objects.get()
    assert queued.args_kwargs == {"args": [str(OutboxRow.objects.get().pk)], "kwargs": {}}
    run_queue()
    assert [message.to for message in mail.outbox] == [[nadia.email]]
    queued.refresh_from_db()
    assert (queued.status, queued.return_value, queued.traceback) == ("SUCCESSFUL", None, "")


def test_an_act_that_is_taken_back_wakes_nobody(lantern: Organization) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, "K7Q-4MD")
        raise ZeroDivisionError
    assert not DBTaskResult.objects.exists()


def test_what_goes_wrong_leaves_no_words_in_the_queue_or_the_log(
    owe: Callable[..., OutboxRow], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(row_id: uuid.UUID) -> None:
        raise ValueError("somebody's name")

    owe()
    with monkeypatch.context() as breaking:
        breaking.setattr(delivery, "deliver_row", broken)
        run_queue()
    kept = json.dumps(list(DBTaskResult.objects.values()), default=str)
    assert "ValueError" in caplog.text
    assert "name" not in caplog.text
    assert "somebody" not in kept


def test_a_queue_that_is_out_of_order_stops_no_act_and_loses_no_notice(
    lantern: Organization, nadia: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(DBTaskResult.objects, "create", broken)
    with transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, "K7Q-4MD")
    assert "DatabaseError" in caplog.text
    assert delivery.deliver_due().done == 1


def test_queue_and_clock_at_once_tell_once(owe: Callable[..., OutboxRow], nadia: User) -> None:
    owe()
    delivery.deliver_due()
    run_queue()

    assert len(mail.outbox) == 1
    assert Delivery.objects.get().attempts == 1


def test_old_tasks_go(owe: Callable[..., OutboxRow], nadia: User, clock: time_machine.Traveller) -> None:
    owe()
    run_queue()
    owe(code="NEV-RUN")
    clock.shift(timedelta(minutes=59))
    tasks.clear()
    assert DBTaskResult.objects.count() == 2
    clock.shift(timedelta(minutes=2))
    tasks.clear()
    assert not DBTaskResult.objects.exists()


def test_within_the_request_where_the_operator_wants_it(
    lantern: Organization, nadia: User, settings: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, "K7Q-4MD")
        assert mail.outbox == []
    assert len(mail.outbox) == 1


def test_the_worker_delivers_between_two_turns_and_stops_when_told(
    lantern: Organization, nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its clock turns once in a thousand seconds; the notice comes within one."""
    monkeypatch.setattr(worker, "SLICE_SECONDS", 0.02)
    turns: list[str] = []

    def turn() -> None:
        turns.append("turn")
        with transaction.atomic():
            outbox.add(lantern.pk, "accept", REFERRAL, "K7Q-4MD")

    def watch() -> None:
        deadline = threading.Event()
        while not mail.outbox and not deadline.wait(0.02):
            continue
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(worker.clock, "tick", turn)
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    watching = threading.Thread(target=watch)
    watching.start()
    out = StringIO()
    try:
        call_command("worker", interval=1000, stdout=out)
    finally:
        watching.join()
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert turns == ["turn"]
    assert len(mail.outbox) == 1
    assert out.getvalue().endswith("Stopped.\n")
