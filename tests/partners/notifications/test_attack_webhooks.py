"""A partner's system that means harm: it stalls, it leads inwards, it listens on after a suspension."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from partners.actor import Actor
from partners.models import Delivery, Organization, OutboxRow, User
from partners.notifications import delivery, fanout, posting, recipients, webhooks
from tests.partners.notifications.system import HOST, certificate, connect


@pytest.fixture
def trickle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It answers a byte at a time and never ends, so that no single wait is long."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    door, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def answer() -> None:
        try:
            with context.wrap_socket(door.accept()[0], server_side=True) as secured:
                secured.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while not over.wait(0.05):
                    secured.sendall(b"x")
        except OSError:
            return

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    monkeypatch.setattr(posting, "is_public", lambda address: True)
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: answers)
    monkeypatch.setattr(
        posting.socket, "create_connection", lambda address, timeout: connect(door.getsockname(), timeout)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    monkeypatch.setattr(posting, "SECONDS", 0.4)
    threading.Timer(4, over.set).start()
    yield
    over.set()
    thread.join(5)
    door.close()


def test_an_answer_that_never_ends_holds_nobody_up(trickle: None) -> None:
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        posting.post(f"https://{HOST}/", b"{}", {})
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "address",
    ["::127.0.0.1", "::10.0.0.8", "::ffff:0:10.0.0.8", "fec0::1", "4000::1", "2001:0:a00:1::", "2001:db8::1"],
)
def test_what_only_looks_like_the_public_internet_is_not_called(address: str) -> None:
    assert not posting.is_public(address)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://system.example\\@127.0.0.1/",
        "https://system.example/\r\nX-Own: 1",
        "https://system.example/ HTTP/1.1",
    ],
)
def test_an_address_that_hides_where_it_leads_calls_nobody(
    url: str, olga: User, actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused when it is entered, or when its name is looked up."""
    monkeypatch.setattr(posting.socket, "create_connection", lambda *_, **__: pytest.fail("called"))
    try:
        made, _secret = webhooks.add(actor=actor(olga), url=url)
    except webhooks.Invalid:
        return
    with pytest.raises(posting.NotPublic):
        posting.post(made.url, b"{}", {})


@pytest.mark.django_db
def test_a_suspended_partner_s_system_hears_nothing_more(
    lantern: Organization,
    olga: User,
    nadia: User,
    actor: Callable[..., Actor],
    owe: Callable[..., OutboxRow],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody else may have it in hand: that is one of the reasons to suspend."""
    called: list[str] = []
    monkeypatch.setattr(posting, "post", lambda url, body, headers: called.append(url))
    webhooks.add(actor=actor(olga), url=f"https://{HOST}/hook")
    fanout.fan_out(owe().pk)
    Organization.objects.filter(pk=lantern.pk).update(suspended_at=timezone.now())
    fanout.fan_out(owe(code="SEC-OND").pk)

    delivery.deliver_due()

    assert called == []
    assert not Delivery.objects.filter(channel="webhook", row__code="SEC-OND").exists()


@pytest.mark.django_db
def test_what_is_closed_before_it_was_sent_is_sent_to_no_system(
    olga: User,
    nadia: User,
    actor: Callable[..., Actor],
    owe: Callable[..., OutboxRow],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[str] = []
    monkeypatch.setattr(posting, "post", lambda url, body, headers: called.append(url))
    webhooks.add(actor=actor(olga), url=f"https://{HOST}/hook")
    row = owe()
    fanout.fan_out(row.pk)
    monkeypatch.setattr(
        recipients, "notice_readers", [("file", lambda organization_id, object_id: {nadia.pk})]
    )
    delivery.deliver_due()
    assert called == []
