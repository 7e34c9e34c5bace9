"""Notices: owed with the act, told once to each member who can act, silent about everything else."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from partners import clock, hooks
from partners.models import Membership, Organization, OutboxRow, User
from partners.notifications import delivery, kinds, outbox
from partners.notifications.kinds import Letter

CODE = "K7Q-4MD"
REFERRAL = uuid.UUID("6f1f7a53-3c0f-4c6e-9a8e-0d3c5b1d2e4f")


@pytest.fixture
def owed(lantern: Organization) -> OutboxRow:
    with transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, CODE)
    return OutboxRow.objects.get()


def later(row: OutboxRow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands where the row's next attempt is due."""
    row.refresh_from_db()
    at = row.next_attempt_at + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: at)


def refuse(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """The mail server takes no mail for these addresses, and says so with the address in its words."""
    original = EmailMessage.send

    def send(message: EmailMessage, fail_silently: bool = False) -> int:
        if set(addresses) & set(message.to):
            raise OSError(f"550 no mailbox {message.to[0]}")
        return original(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send)


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

    assert delivery.deliver_due() == delivery.Delivered(done=1, put_off=0)

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


def test_what_is_told_is_not_told_again(
    owed: OutboxRow, nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.deliver_due()
    later(owed, monkeypatch)
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
        assert delivery.deliver_due() == delivery.Delivered(done=0, put_off=1)
    assert [message.to for message in mail.outbox] == [[nadia.email]]
    assert "OSError" in caplog.text
    assert "@" not in caplog.text

    assert delivery.deliver_due() == delivery.Delivered(done=0, put_off=0)
    later(owed, monkeypatch)
    assert delivery.deliver_due() == delivery.Delivered(done=1, put_off=0)

    assert [message.to for message in mail.outbox] == [[nadia.email], ["second@lantern.example"]]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


def test_the_same_mail_has_the_same_number(owed: OutboxRow, nadia: User) -> None:
    numbers = [
        str(message.extra_headers["Message-ID"])
        for _ in range(2)
        for _to, message in delivery._messages(owed)
    ]

    assert len(numbers) == 2
    assert len(set(numbers)) == 1


def test_attempts_come_later_and_later_and_end(
    owed: OutboxRow, nadia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, nadia.email)
    waits = []
    for _ in range(len(delivery.BACK_OFF)):
        later(owed, monkeypatch)
        assert delivery.deliver_due().put_off == 1
        now = timezone.now()
        owed.refresh_from_db()
        waits.append((owed.next_attempt_at - now).total_seconds() / 60)
    assert waits == pytest.approx(delivery.BACK_OFF)
    assert waits == sorted(waits)

    later(owed, monkeypatch)
    assert delivery.deliver_due() == delivery.Delivered(done=0, put_off=0)


def test_where_nobody_is_there_yet_the_notice_waits(
    owed: OutboxRow, member: Callable[..., User], lantern: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert delivery.deliver_due().put_off == 1
    member("new@lantern.example", {lantern: ["receiver_intake"]})
    later(owed, monkeypatch)

    assert delivery.deliver_due().done == 1


def test_one_row_that_breaks_does_not_hold_up_the_next(
    owed: OutboxRow, nadia: User, clinic: Organization, member: Callable[..., User], monkeypatch: Any
) -> None:
    member("tom@clinic.example", {clinic: ["worker"]})
    with transaction.atomic():
        outbox.add(clinic.pk, "send", REFERRAL, CODE)
    refuse(monkeypatch, nadia.email)

    assert delivery.deliver_due() == delivery.Delivered(done=1, put_off=1)


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


@pytest.fixture
def letters() -> Iterator[list[Letter]]:
    """What the writer of the kind ``accept`` answers."""
    written: list[Letter] = []
    kinds.register_letter("accept", lambda row: written)
    yield written
    del kinds._writers["accept"]
    kinds._beside_members.discard("accept")


def letter(address: str, **given: Any) -> Letter:
    return Letter(uuid.uuid5(REFERRAL, address), address, "fr", "Relais", ["Une <ligne>."], **given)


def test_a_letter_goes_to_its_address_in_text_and_html_and_to_no_member(
    owed: OutboxRow, nadia: User, letters: list[Letter]
) -> None:
    url = "https://relais.example/r/secret/"
    letters.append(letter("clinic@outside.example", url=url, url_label="Répondre", closing=["Au revoir."]))

    assert delivery.deliver_due() == delivery.Delivered(done=1, put_off=0)

    (message,) = mail.outbox
    assert message.to == ["clinic@outside.example"]
    assert message.body.startswith(f"Une <ligne>.\nRépondre\u00a0:\n{url}\n\nAu revoir.\n")
    assert isinstance(message, EmailMultiAlternatives)
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert '<html lang="fr-CA">' in str(html)
    assert f'<a href="{url}" rel="noreferrer">Répondre</a>' in str(html)
    assert "Une &lt;ligne&gt;." in str(html)


def test_a_letter_beside_the_notice_to_members(owed: OutboxRow, nadia: User, letters: list[Letter]) -> None:
    kinds.register_letter("accept", lambda row: letters, beside_members=True)
    letters.append(letter("clinic@outside.example"))

    assert delivery.deliver_due().put_off == 0
    assert sorted(message.to[0] for message in mail.outbox) == ["clinic@outside.example", nadia.email]


def test_nobody_to_write_to_any_more_is_the_end_of_it(
    owed: OutboxRow, nadia: User, letters: list[Letter]
) -> None:
    assert delivery.deliver_due().put_off == 0
    assert mail.outbox == []
