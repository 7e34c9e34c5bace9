"""A partner of which nobody can sign in: its letters, its code, its browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from partners.models import Membership, OutboxRow
from partners.notifications.kinds import Letter, writer_of
from referrals.links import minting
from referrals.models import Referral
from tests.referrals.pages import World

WHO = "Robin Planted"
DOOR = "/r/"


@dataclass
class Linked:
    """Northern has an agreement, an address and nobody who signs in; Nadia sends to it."""

    world: World = field(default_factory=World)
    phone: Browser = field(default_factory=lambda: Browser(headers={"accept-language": "en"}))

    def __post_init__(self) -> None:
        cache.clear()
        Membership.objects.filter(user=self.world.tom).update(ended_at=timezone.now())
        self.world.northern.referral_email = "intake@northern.example"
        self.world.northern.save()

    def letter(self, referral: Referral, kind: str = minting.LETTER) -> Letter:
        """The newest one that is owed, written as it is when it is sent."""
        row = OutboxRow.objects.filter(kind=kind, object_id=referral.pk).order_by("-created_at").first()
        assert row is not None
        writer = writer_of(row)
        assert writer is not None
        (letter,) = writer(row)
        return letter

    def path(self, referral: Referral, kind: str = minting.LETTER) -> str:
        """Where a new letter's link leads."""
        return urlsplit(self.letter(referral, kind).url).path

    def code(self, referral: Referral) -> str:
        link = minting.current(referral.pk)
        assert link is not None
        return link.code

    def wrong(self, referral: Referral) -> str:
        return f"{(int(self.code(referral)) + 1) % 1_000_000:06}"

    def enter(self, path: str, code: str, phone: Browser | None = None, **given: str) -> HttpResponse:
        return (phone or self.phone).post(path, {"code": code, "name": WHO, **given})

    def inside(self, referral: Referral | None = None) -> tuple[Referral, str]:
        """A sent referral, opened by link and code; where its page is."""
        referral = referral or self.world.sent()
        answer = self.enter(self.path(referral), self.code(referral))
        assert answer.status_code == 303
        return referral, answer["Location"]

    def post(self, page: str, step: str, **given: Any) -> HttpResponse:
        return self.phone.post(f"{page}{step}/", given, follow=True)
