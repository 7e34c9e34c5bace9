"""Letters to addresses outside: written when they are sent, each once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from partners.models import OutboxRow, User
from partners.notifications import delivery, kinds, outbox
from partners.notifications.kinds import Letter
from tests.partners.notifications.steps import REFERRAL, later, refuse


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
