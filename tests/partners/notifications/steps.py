"""What happens to notices on their way: time passes, and a mail server refuses."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from partners.models import OutboxRow
from partners.notifications import delivery

CODE = "K7Q-4MD"
REFERRAL = uuid.UUID("6f1f7a53-3c0f-4c6e-9a8e-0d3c5b1d2e4f")


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
