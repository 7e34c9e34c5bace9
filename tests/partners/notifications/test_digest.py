"""Told at once, once a day or only in Relais: as the member chose; what cannot wait comes at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from partners import clock as clockwork
from partners.actor import Actor
from partners.models import MailPace, Notification, Organization, OutboxRow, User
from partners.notifications import delivery, inbox, outbox

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=1)


@pytest.fixture
def pace(nadia: User, actor: Callable[..., Actor]) -> Callable[[MailPace], None]:
    return lambda wanted: inbox.choose(actor=actor(nadia), pace=wanted)


def test_the_daily_mail_comes_once_at_eight_with_what_was_not_read(
    owe: Callable[..., OutboxRow],
    nadia: User,
    actor: Callable[..., Actor],
    pace: Callable[[MailPace], None],
    clock: time_machine.Traveller,
) -> None:
    pace(MailPace.DIGEST)
    for code in ("AAA-111", "BBB-222", "CCC-333"):
        owe(code=code)
    clockwork.tick()
    assert mail.outbox == []
    lines = {line.code: line for line in map(inbox.line, inbox.own(actor(nadia)))}
    inbox.read_one(actor=actor(nadia), notification_id=lines["BBB-222"].id)

    clock.shift(21 * HOURS + timedelta(minutes=59))
    clockwork.tick()
    assert mail.outbox == []
    clock.shift(timedelta(minutes=1))
    for _ in range(3):
        clockwork.tick()

    (message,) = mail.outbox
    assert message.to == [nadia.email]
    assert "AAA-111" in message.body
    assert "CCC-333" in message.body
    assert "BBB-222" not in message.body
    assert "/en/notices/" in message.body
    clock.shift(24 * HOURS)
    clockwork.tick()
    assert len(mail.outbox) == 1
    assert not Notification.objects.filter(digest_on__isnull=False).exists()


def test_a_daily_mail_that_fails_comes_later_under_its_number_and_none_is_added(
    owe: Callable[..., OutboxRow],
    pace: Callable[[MailPace], None],
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pace(MailPace.DIGEST)
    owe()
    clockwork.tick()
    clock.shift(23 * HOURS)
    asked = []
    with monkeypatch.context() as broken:

        def down(message: EmailMessage, fail_silently: bool = False) -> int:
            asked.append(message.extra_headers["Message-ID"])
            raise TimeoutError

        broken.setattr(EmailMessage, "send", down)
        for _ in range(3):
            clockwork.tick()
            clock.shift(24 * HOURS)
    clockwork.tick()

    (message,) = mail.outbox
    assert {message.extra_headers["Message-ID"]} == set(asked)
    assert not OutboxRow.objects.filter(outbox.waiting()).exists()


def test_without_mail_it_is_in_relais_and_what_cannot_wait_comes_all_the_same(
    owe: Callable[..., OutboxRow],
    nadia: User,
    member: Callable[..., User],
    lantern: Organization,
    actor: Callable[..., Actor],
    pace: Callable[[MailPace], None],
) -> None:
    pace(MailPace.NONE)
    owe()
    owe("escalation")
    delivery.deliver_due()

    (message,) = mail.outbox
    assert "waits for an answer" in message.subject
    assert inbox.own(actor(nadia)).count() == 2


def test_one_choice_is_for_one_organization(
    owe: Callable[..., OutboxRow],
    nadia: User,
    clinic: Organization,
    member: Callable[..., User],
    pace: Callable[[MailPace], None],
    actor: Callable[..., Actor],
) -> None:
    pace(MailPace.NONE)
    other = member("two@clinic.example", {clinic: ["worker"]})
    nadia.memberships.create(organization=clinic, role="worker")
    owe(to=clinic)
    delivery.deliver_due()

    assert sorted(message.to[0] for message in mail.outbox) == sorted([nadia.email, other.email])


def test_who_turns_mail_off_gets_no_daily_mail_any_more(
    owe: Callable[..., OutboxRow], pace: Callable[[MailPace], None], clock: time_machine.Traveller
) -> None:
    pace(MailPace.DIGEST)
    owe()
    clockwork.tick()
    pace(MailPace.NONE)
    clock.shift(24 * HOURS)
    clockwork.tick()

    assert mail.outbox == []


def test_what_was_told_goes_after_a_while_and_what_was_not_stays(
    owe: Callable[..., OutboxRow],
    nadia: User,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = owe()
    delivery.deliver_due()
    stuck = owe(code="LOS-TXX")
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", lambda *_, **__: (_ for _ in ()).throw(OSError))
        delivery.deliver_due()
    clock.shift(timedelta(days=91))
    for _name, task in clockwork.hooks.clock_tasks:
        task()

    assert not OutboxRow.objects.filter(pk=told.pk).exists()
    assert OutboxRow.objects.filter(pk=stuck.pk).exists()
    assert not Notification.objects.exists()
