"""Notices: owed with the act, told once to each member who can act, silent about everything else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from partners import clock, hooks
from partners.models import Membership, Organization, OutboxRow, User
from partners.notifications import delivery, outbox
from tests.partners.notifications.steps import CODE, REFERRAL, later


@pytest.fixture
def owed(lantern: Organization) -> OutboxRow:
    with transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, CODE)
    return OutboxRow.objects.get()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_owed_outside_an_act(lantern: Organization) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        outbox.add(lantern.pk, "accept", REFERRAL, CODE)


def test_an_act_that_fails_owes_nothing(lantern: Organization) -> None:
    @transaction.atomic
    def act() -> None:
        outbox.add(lantern.pk, "accept", REFERRAL, CODE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not OutboxRow.objects.exists()


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Relais: news about K7Q-4MD"), ("fr", "Relais\u00a0: du nouveau pour K7Q-4MD")],
)
def test_each_is_told_in_their_language(
    owed: OutboxRow, nadia: User, language: str, subject: str, settings: Any
) -> None:
    settings.BASE_URL = "https://relais.example"
    User.objects.update(language=language)

    assert delivery.deliver_due() == delivery.Turn(done=1, put_off=0)

    (message,) = mail.outbox
    assert (message.to, message.subject) == ([nadia.email], subject)
    assert f"https://relais.example/{language}/referrals/{REFERRAL}/\n" in message.body


def test_a_mail_says_nothing_but_a_code_and_a_link(
    owed: OutboxRow, nadia: User, lantern: Organization
) -> None:
    delivery.deliver_due()
    text = mail.outbox[0].message().as_string().replace(nadia.email, "")

    for word in (
        nadia.full_name,
        "Nadia",
        lantern.name_en,
        "Lantern",
        "accept",
        "declin",
        "consent",
        "client",
    ):
        assert word.lower() not in text.lower()


def test_only_who_can_open_a_referral_is_told(
    owed: OutboxRow, member: Callable[..., User], lantern: Organization, clinic: Organization
) -> None:
    roles = ["worker", "manager", "receiver_intake", "listing_editor", "privacy_officer", "police_liaison"]
    for role in roles:
        member(f"{role}@lantern.example", {lantern: [role]})
    member("two@lantern.example", {lantern: ["worker", "manager"]})
    member("elsewhere@clinic.example", {clinic: ["worker"]})
    Membership.objects.filter(user=member("left@lantern.example", {lantern: ["worker"]})).update(
        ended_at=timezone.now()
    )
    closed = member("closed@lantern.example", {lantern: ["worker"]})
    User.objects.filter(pk=closed.pk).update(is_active=False)

    delivery.deliver_due()

    assert sorted(address for message in mail.outbox for address in message.to) == [
        "manager@lantern.example",
        "receiver_intake@lantern.example",
        "two@lantern.example",
        "worker@lantern.example",
    ]


def test_where_nobody_is_there_yet_the_notice_waits(
    owed: OutboxRow, member: Callable[..., User], lantern: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert delivery.deliver_due().put_off == 1
    member("new@lantern.example", {lantern: ["receiver_intake"]})
    later(monkeypatch)

    assert delivery.deliver_due().done == 1


def test_the_clock_runs_every_task_and_names_those_that_broke(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []

    def broken() -> None:
        raise ValueError("Nadia's client")

    tasks: hooks.Hook[Callable[[], object]] = hooks.Hook()
    tasks.register("broken", broken)
    tasks.register("expire", lambda: ran.append("never"))
    tasks.register("expire", lambda: ran.append("expire"))
    monkeypatch.setattr(hooks, "clock_tasks", tasks)

    with caplog.at_level(logging.ERROR):
        done = clock.tick()

    assert (ran, done.failed) == (["expire"], ["broken"])
    assert "ValueError" in caplog.text
    assert "Nadia" not in caplog.text
    with pytest.raises(CommandError, match="broken"):
        call_command("tick", stdout=StringIO())


def test_tick_says_what_it_did(owed: OutboxRow, nadia: User) -> None:
    out = StringIO()
    call_command("tick", stdout=out)

    assert out.getvalue() == "1 notices delivered, 0 put off\n"
