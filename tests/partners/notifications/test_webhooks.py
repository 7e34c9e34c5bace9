"""A partner's own system is called, signed, on the public internet alone, at least once under one id."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from partners.actor import Actor
from partners.errors import Invalid, NotSeen, NotSignedIn, Refused
from partners.models import AuditEvent, Delivery, Organization, OutboxRow, User, Webhook
from partners.notifications import delivery, posting, webhooks
from tests.partners.notifications.system import HOST, System, connect, serving


@pytest.fixture
def ours(db: None, olga: User, actor: Callable[..., Actor]) -> tuple[Webhook, str]:
    return webhooks.add(actor=actor(olga), url=f"https://{HOST}/hook?from=relais")


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """``system.example`` leads to this machine, which counts as public, and its certificate is trusted."""
    made = System()
    with serving(tmp_path, made) as port:
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
        monkeypatch.setattr(posting, "is_public", lambda address: address == "127.0.0.1")
        monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: answers)
        monkeypatch.setattr(
            posting.socket,
            "create_connection",
            lambda address, timeout: connect(("127.0.0.1", port), timeout),
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        yield made


def test_a_notice_is_sent_signed_with_codes_alone(
    system: System, ours: tuple[Webhook, str], owe: Callable[..., OutboxRow], nadia: User
) -> None:
    row = owe()
    assert delivery.deliver_due().put_off == 0

    ((path, headers, body),) = system.calls
    sent = Delivery.objects.get(channel="webhook")
    assert path == "/hook?from=relais"
    assert json.loads(body) == {
        "id": str(sent.pk),
        "kind": "accept",
        "code": "K7Q-4MD",
        "object": str(row.object_id),
        "at": row.created_at.isoformat(),
    }
    assert headers["host"] == HOST
    assert headers["webhook-id"] == str(sent.pk)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(ours[1].removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{right}"
    assert len(key) == 32


def test_a_system_that_is_down_is_called_again_under_its_id_and_holds_up_no_mail(
    system: System,
    ours: tuple[Webhook, str],
    owe: Callable[..., OutboxRow],
    nadia: User,
    clock: time_machine.Traveller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    owe()
    system.status, system.headers = 302, {"Location": f"https://{HOST}/elsewhere"}
    assert delivery.deliver_due() == delivery.Turn(done=1, put_off=1)
    assert len(mail.outbox) == 1
    waiting = delivery.owed().get()
    assert waiting.error == "http_302"
    assert [path for path, *_ in system.calls] == ["/hook?from=relais"]

    system.status = 200
    clock.shift(datetime.timedelta(minutes=6))
    assert delivery.deliver_due().done == 1
    assert len({headers["webhook-id"] for _path, headers, _body in system.calls}) == 1
    assert HOST not in caplog.text


def test_a_removed_system_is_told_nothing_and_a_new_secret_signs_from_then_on(
    system: System,
    ours: tuple[Webhook, str],
    owe: Callable[..., OutboxRow],
    olga: User,
    actor: Callable[..., Actor],
) -> None:
    webhook, first = ours
    _same, second = webhooks.rotate(actor=actor(olga), webhook_id=webhook.pk)
    owe()
    delivery.deliver_due()
    ((_path, headers, body),) = system.calls
    given = (headers["webhook-id"], headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == webhooks.signature(second, *given)
    assert headers["webhook-signature"] != webhooks.signature(first, *given)

    owe(code="SEC-OND")
    delivery.fanout.fan_out(OutboxRow.objects.get(code="SEC-OND").pk)
    webhooks.end(actor=actor(olga), webhook_id=webhook.pk)
    delivery.deliver_due()
    assert len(system.calls) == 1
    assert not delivery.owed().filter(channel="webhook").exists()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "ff02::1",
        "no address",
    ],
)
def test_what_is_not_of_the_public_internet_is_not_called(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not posting.is_public(address)
    # One public answer beside it does not help.
    answers = [(0, 0, 0, "", (one, 443)) for one in ("93.184.216.34", address)]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: answers)
    monkeypatch.setattr(posting.socket, "create_connection", lambda *_, **__: pytest.fail("called"))
    with pytest.raises(posting.NotPublic):
        posting.post(f"https://{HOST}/", b"", {})


def test_public_addresses_are_called_by_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, called = [], []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        first = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(0, 0, 0, "", (first, port))]

    def call(address: tuple[str, int], timeout: int) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(posting.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(posting.socket, "create_connection", call)
    with pytest.raises(ConnectionRefusedError):
        posting.post(f"https://{HOST}:8443/", b"", {})
    assert (asked, called) == ([HOST], [("93.184.216.34", 8443)])
    with pytest.raises(posting.NotPublic):
        posting.post(f"http://{HOST}/", b"", {})
    assert all(map(posting.is_public, ("93.184.216.34", "2606:2800:220:1::1")))


def test_whoever_answers_too_slowly_is_cut_off(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(
            posting.socket,
            "create_connection",
            lambda address, timeout: connect(silent.getsockname(), timeout),
        )
        with pytest.raises((TimeoutError, ssl.SSLError, ConnectionError)):
            posting.post(f"https://{HOST}/", b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://system.example/",
        "ftp://system.example/",
        "https://",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://10.1.2.3:8443/x",
        "https://user:secret@system.example/",
        "https://system.example/#part",
        "https://system.example:99999/",
        "https://system.example/" + "x" * 500,
    ],
)
def test_an_address_that_will_not_do_is_refused_with_words(
    url: str, db: None, olga: User, actor: Callable[..., Actor]
) -> None:
    with pytest.raises(Invalid) as refused:
        webhooks.add(actor=actor(olga), url=url)
    assert set(refused.value.errors) == {"url"}
    assert not Webhook.objects.exists()


def test_who_may_keep_them_and_what_stands_of_the_secret(
    ours: tuple[Webhook, str],
    olga: User,
    nadia: User,
    clinic: Organization,
    member: Callable[..., User],
    actor: Callable[..., Actor],
) -> None:
    webhook, secret = ours
    elsewhere = member("boss@clinic.example", {clinic: ["organization_admin"]})
    for who, error in (
        (actor(nadia), Refused),
        (Actor(), NotSignedIn),
        (actor(elsewhere), NotSeen),
    ):
        for act in (webhooks.end, webhooks.rotate):
            with pytest.raises(error):
                act(actor=who, webhook_id=webhook.pk)
    with pytest.raises(Invalid):
        webhooks.add(actor=actor(olga), url=webhook.url)
    for number in range(webhooks.MOST - 1):
        webhooks.add(actor=actor(olga), url=f"https://system.example/{number}")
    with pytest.raises(Invalid):
        webhooks.add(actor=actor(olga), url="https://system.example/more")

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM partners_webhook")
        assert secret not in str(cursor.fetchall())
    kept = AuditEvent.objects.filter(action="webhook.add", object_id=str(webhook.pk)).get()
    assert (kept.chain, kept.details) == (webhook.organization_id, {})


def test_addresses_stay_addresses() -> None:
    assert all(network.num_addresses for network in posting.CARRIERS)
    assert ipaddress.ip_address("2001::1") in posting.CARRIERS[3]


def test_the_page_shows_a_secret_once_and_removes(
    olga: User, nadia: User, ours: tuple[Webhook, str], client: Client
) -> None:
    client.force_login(olga)
    page = reverse("partners:webhooks")
    shown = client.get(page).text
    assert HOST in shown
    assert webhooks.PREFIX not in shown
    for given in ({"url": "http://plain.example/"}, {"url": ""}, {"act": "what"}):
        assert client.post(page, given).status_code == 400
    added = client.post(page, {"act": "add", "url": "https://other.example/"}).text
    assert webhooks.PREFIX in added
    rotated = client.post(page, {"act": "rotate", "webhook": str(ours[0].pk)}).text
    assert webhooks.PREFIX in rotated
    assert ours[1] not in rotated
    assert client.post(page, {"act": "remove", "webhook": "none"}).status_code == 404
    assert client.post(page, {"act": "remove", "webhook": str(ours[0].pk)}).status_code == 302
    assert HOST not in client.get(page).text.replace("Removed", "")
    client.force_login(nadia)
    assert client.get(page).status_code == 403
