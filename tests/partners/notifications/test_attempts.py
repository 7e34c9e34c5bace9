"""Each mail is tried by itself: again and again, later and later, under one number."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from partners.models import Delivery, Membership, Organization, OutboxRow, User
from partners.notifications import delivery, outbox
from tests.partners.notifications.steps import CODE, REFERRAL, later, refuse


def test_what_is_told_is_not_told_again(
    owed: OutboxRow, nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.deliver_due()
    later(monkeypatch)
    delivery.deliver_due()

    assert len(mail.outbox) == 1


def test_a_retry_reaches_only_who_was_missed_and_keeps_its_number(
    owed: OutboxRow,
    nadia: User,
    member: Callable[..., User],
    lantern: Organization,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    member("second@lantern.example", {lantern: ["worker"]})
    with monkeypatch.context() as broken:
        refuse(broken, "second@lantern.example")
        assert delivery.deliver_due() == delivery.Turn(done=1, put_off=1)
    assert [message.to for message in mail.outbox] == [[nadia.email]]
    assert "OSError" in caplog.text
    assert "@" not in caplog.text

    assert delivery.deliver_due() == delivery.Turn(done=0, put_off=0)
    later(monkeypatch)
    assert delivery.deliver_due() == delivery.Turn(done=1, put_off=0)

    assert [message.to for message in mail.outbox] == [[nadia.email], ["second@lantern.example"]]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_a_mail_whose_worker_died_before_it_was_noted_comes_again_under_its_number(
    owed: OutboxRow, nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    for _ in range(20):
        with monkeypatch.context() as dying:
            dying.setattr(delivery, "F", die)
            with pytest.raises(Killed):
                delivery.deliver_due()
        assert delivery.deliver_due() == delivery.Turn(0, 0)  # for now it is still claimed
        later(monkeypatch)
    assert delivery.deliver_due() == delivery.Turn(done=1, put_off=0)

    assert len(mail.outbox) == 21
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    assert Delivery.objects.get().attempts == 1


def test_attempts_come_later_and_later_and_end(
    owed: OutboxRow, nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, nadia.email)
    waits = []
    for _ in range(len(delivery.BACK_OFF)):
        later(monkeypatch)
        assert delivery.deliver_due().put_off == 1
        now = timezone.now()
        waits.append((delivery.owed().get().next_attempt_at - now).total_seconds() / 60)
    assert waits == pytest.approx(delivery.BACK_OFF)
    assert waits == sorted(waits)

    later(monkeypatch)
    assert delivery.deliver_due().put_off == 1
    given_up = Delivery.objects.get()
    assert (given_up.attempts, given_up.error) == (len(delivery.BACK_OFF) + 1, "OSError")
    assert given_up.given_up_at == timezone.now()
    assert not delivery.owed().exists()
    assert OutboxRow.objects.filter(outbox.waiting()).exists()


def test_one_row_that_breaks_does_not_hold_up_the_next(
    owed: OutboxRow, nadia: User, clinic: Organization, member: Callable[..., User], monkeypatch: Any
) -> None:
    member("tom@clinic.example", {clinic: ["worker"]})
    with transaction.atomic():
        outbox.add(clinic.pk, "send", REFERRAL, CODE)
    refuse(monkeypatch, nadia.email)

    assert delivery.deliver_due() == delivery.Turn(done=1, put_off=1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_deliveries_at_once_one_has_the_row(lantern: Organization, nadia: User) -> None:
    with transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, CODE)
    start = threading.Barrier(8)

    def deliver(_: int) -> int:
        try:
            start.wait()
            return delivery.deliver_due().done
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(deliver, range(8)))

    assert sum(done) == 1
    assert len(mail.outbox) == 1


def test_a_member_who_left_before_the_mail_went_out_is_not_written_to(
    owed: OutboxRow, nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        refuse(broken, nadia.email)
        delivery.deliver_due()
    Membership.objects.filter(user=nadia).update(ended_at=timezone.now())
    later(monkeypatch)

    assert delivery.deliver_due() == delivery.Turn(done=1, put_off=0)
    assert mail.outbox == []


def test_a_mail_server_that_is_down_uses_up_no_attempts_of_those_behind(
    lantern: Organization, member: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down for an hour of the clock: everything arrives afterwards, each once, under its own number."""
    for number in range(8):
        member(f"m{number}@lantern.example", {lantern: ["worker"]})
    with transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, CODE)
    asked: list[str] = []
    start = timezone.now()

    def at(minutes: int) -> None:
        moment = start + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    def down(message: EmailMessage, fail_silently: bool = False) -> int:
        asked.append(str(message.extra_headers["Message-ID"]))
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", down)
        for minutes in range(0, 61, 5):
            at(minutes)
            before = len(asked)
            delivery.deliver_due()
            assert len(asked) - before <= delivery.DOWN
    at(60)
    assert delivery.owed().count() == 8
    assert max(Delivery.objects.values_list("attempts", flat=True)) < len(delivery.BACK_OFF)

    for minutes in range(65, 245, 5):
        at(minutes)
        delivery.deliver_due()
    numbers = [str(message.extra_headers["Message-ID"]) for message in mail.outbox]
    told = sorted(message.to[0] for message in mail.outbox)
    assert told == [f"m{number}@lantern.example" for number in range(8)]
    assert len(set(numbers)) == 8
    assert set(asked) <= set(numbers)
