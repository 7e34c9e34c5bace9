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
from partners.models import Delivery, Membership, Organization, OutboxRow, User
from partners.notifications import delivery, kinds, outbox
from partners.notifications.kinds import Letter

CODE = "K7Q-4MD"
REFERRAL = uuid.UUID("6f1f7a53-3c0f-4c6e-9a8e-0d3c5b1d2e4f")


@pytest.fixture
def owed(lantern: Organization) -> OutboxRow:
    with transaction.atomic():
        outbox.add(lantern.pk, "accept", REFERRAL, CODE)
    return OutboxRow.objects.get()


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands where everything that waits is due."""
    waiting = [*delivery.owed(), *OutboxRow.objects.filter(fanned_out_at__isnull=True)]
    at = max([one.next_attempt_at for one in waiting], default=timezone.now()) + timedelta(seconds=1)
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


def test_where_nobody_is_there_yet_the_notice_waits(
    owed: OutboxRow, member: Callable[..., User], lantern: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert delivery.deliver_due().put_off == 1
    member("new@lantern.example", {lantern: ["receiver_intake"]})
    later(monkeypatch)

    assert delivery.deliver_due().done == 1


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

    assert delivery.deliver_due() == delivery.Turn(done=1, put_off=0)

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

    assert delivery.deliver_due() == delivery.Turn(done=2, put_off=0)
    assert sorted(message.to[0] for message in mail.outbox) == ["clinic@outside.example", nadia.email]


def test_nobody_to_write_to_any_more_is_the_end_of_it(
    owed: OutboxRow, nadia: User, letters: list[Letter]
) -> None:
    assert delivery.deliver_due().put_off == 0
    assert mail.outbox == []


def test_of_several_letters_a_retry_writes_only_those_that_failed(
    owed: OutboxRow, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters += [letter("one@outside.example"), letter("two@outside.example")]
    with monkeypatch.context() as broken:
        refuse(broken, "one@outside.example")
        assert delivery.deliver_due().put_off == 1
    later(monkeypatch)

    assert delivery.deliver_due().put_off == 0
    assert [message.to[0] for message in mail.outbox] == ["two@outside.example", "one@outside.example"]
    assert not OutboxRow.objects.filter(outbox.waiting()).exists()


def test_a_row_whose_letters_cannot_be_written_waits_and_says_no_words(
    owed: OutboxRow, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(row: OutboxRow) -> list[Letter]:
        raise ValueError("somebody's name")

    kinds.register_letter("accept", broken)
    try:
        assert delivery.deliver_due().put_off == 1
    finally:
        del kinds._writers["accept"]
    assert "ValueError" in caplog.text
    assert "name" not in caplog.text


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
