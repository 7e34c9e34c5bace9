"""The demo's mail server: each mail becomes a file, and the demo's mailbox shows them.

Nothing leaves the machine, whatever addresses the invented people have.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage as Parsed
from pathlib import Path
from typing import cast
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

KEPT = 500
NAME = re.compile(r"\d{19}-[0-9a-f]{32}")


class Backend(BaseEmailBackend):
    """Named by ``EMAIL_BACKEND`` where the demo has no mail server of its own."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _write(folder, message.message().as_bytes())
        for old in _names(folder)[KEPT:]:
            (folder / f"{old}.eml").unlink(missing_ok=True)
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """One as it would lie in somebody's mailbox."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str


class Mails(Sequence[Mail]):
    """All of them, the newest first; read when they are asked for."""

    def __init__(self) -> None:
        self._names = _names(_folder())

    def __len__(self) -> int:
        return len(self._names)

    def count_to(self, most: int) -> int:
        return min(len(self), most)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # a mail, or a list of them
        if isinstance(index, slice):
            return [found for name in self._names[index] if (found := read(name)) is not None]
        return read(self._names[index])


def read(name: str) -> Mail | None:
    if not NAME.fullmatch(name):
        return None
    try:
        written = (_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    parsed = email.message_from_bytes(written, policy=email.policy.default)
    moment = datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, tz=timezone.get_current_timezone())
    return Mail(
        name=name,
        to=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        at=moment,
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def empty() -> None:
    for name in _names(_folder()):
        (_folder() / f"{name}.eml").unlink(missing_ok=True)


def _folder() -> Path:
    """Asked only where there is one."""
    return cast(Path, settings.MAILBOX)


def _part(parsed: Parsed, kind: str) -> str:
    part = parsed.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    found = (path.stem for path in folder.glob("*.eml"))
    return sorted((name for name in found if NAME.fullmatch(name)), reverse=True)


def _write(folder: Path, content: bytes) -> None:
    """Whole or not at all: the page may look at any moment."""
    name = f"{time.time_ns():019d}-{uuid4().hex}"
    draft = folder / f"{name}.draft"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.rename(folder / f"{name}.eml")
