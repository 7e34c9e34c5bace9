"""The demo's mailbox: every mail as it was sent, on this machine and in a demo alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from config import env
from partners.models import OutboxRow, User
from partners.notifications import delivery, mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Path:
    settings.MAILBOX = tmp_path / "mailbox"
    settings.EMAIL_BACKEND = "partners.notifications.mailbox.Backend"
    return tmp_path / "mailbox"


def test_a_mail_can_be_read_and_its_link_followed(
    box: Path, owe: Callable[..., OutboxRow], nadia: User, client: Client
) -> None:
    row = owe()
    delivery.deliver_due()

    listed = client.get(reverse("partners:mailbox")).text
    assert "Relais: news about K7Q-4MD" in listed
    assert nadia.email in listed
    (name,) = [mail.name for mail in mailbox.Mails()]
    shown = client.get(reverse("partners:mailbox_mail", args=[name])).text
    link = configured.BASE_URL + reverse("referrals:detail", args=[row.object_id])
    assert f'<a href="{link}"' in shown
    answer = client.get(reverse("partners:mailbox_html", args=[name]))
    assert f'<a href="{link}"' in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_what_stands_in_a_mail_is_text(box: Path, client: Client) -> None:
    EmailMultiAlternatives("<b>S</b>", "<script>alert(1)</script>", to=["a@b.example"]).send()
    (mail,) = mailbox.Mails()[:10]

    shown = client.get(reverse("partners:mailbox_mail", args=[mail.name])).text
    assert "<script>alert" not in shown
    assert "<b>S</b>" not in shown
    assert mail.html == ""


def test_it_keeps_so_many_and_can_be_emptied(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    for number in range(5):
        EmailMultiAlternatives(f"S{number}", "text", to=["a@b.example"]).send()

    assert [mail.subject for mail in mailbox.Mails()[:10]] == ["S4", "S3", "S2"]
    mailbox.empty()
    assert len(mailbox.Mails()) == 0


def test_nobody_else_sees_it(box: Path, client: Client, settings: Any) -> None:
    EmailMultiAlternatives("S", "text", to=["a@b.example"]).send()
    (mail,) = mailbox.Mails()[:10]
    pages = [
        reverse("partners:mailbox"),
        *(reverse(f"partners:{name}", args=[mail.name]) for name in ("mailbox_mail", "mailbox_html")),
    ]
    for page in pages:
        assert client.get(page).status_code == 200
        assert client.get(page, REMOTE_ADDR="192.0.2.7").status_code == 404
        assert client.get(page, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
        assert client.post(page).status_code == 405
    settings.MAILBOX = None
    assert {client.get(page).status_code for page in pages} == {404}


def test_no_name_leads_out_of_the_folder(box: Path, client: Client) -> None:
    (box.parent / "secret.eml").write_text("Subject: secret\n\n")
    for name in ("secret", "0" * 19, "..%2Fsecret"):
        assert client.get(reverse("partners:mailbox") + f"{name}/").status_code == 404


def test_a_demo_with_a_mail_server_has_none(tmp_path: Path) -> None:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "site.sqlite3")}
    assert env.mailbox({"EMAIL_URL": "smtp://mail.example"}, database, Path("/var")) is None
    assert env.mailbox({}, database, Path("/var")) == tmp_path / "mailbox"
    assert env.mailbox({}, {"ENGINE": "django.db.backends.postgresql"}, Path("/var")) == Path("/var/mailbox")
