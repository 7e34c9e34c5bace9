"""What a member finds in Relais: their own, in their language, read only by an act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from partners.actor import ANONYMOUS, Actor
from partners.errors import NotSeen, NotSignedIn, Refused
from partners.models import MailPace, Notification, Organization, OutboxRow, User
from partners.notifications import clearing, delivery, fanout, inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(owe: Callable[..., OutboxRow], nadia: User) -> list[Notification]:
    for number in range(3):
        owe(code=f"AAA-11{number}")
    delivery.deliver_due()
    return list(Notification.objects.filter(user=nadia).order_by("code"))


def unread(actor: Actor) -> int:
    return inbox.own(actor).filter(read_at__isnull=True).count()


def test_each_member_is_told_once_whatever_comes_twice(
    owe: Callable[..., OutboxRow], nadia: User, member: Callable[..., User], lantern: Organization
) -> None:
    member("two@lantern.example", {lantern: ["worker"]})
    row = owe()
    for _ in range(3):
        assert fanout.fan_out(row.pk)

    assert Notification.objects.filter(row_id=row.pk).count() == 2
    assert row.deliveries.count() == 2


def test_only_the_own_ones_are_seen_and_read(
    told: list[Notification],
    nadia: User,
    member: Callable[..., User],
    clinic: Organization,
    lantern: Organization,
    actor: Callable[..., Actor],
) -> None:
    colleague = member("two@lantern.example", {lantern: ["worker"]})
    nadia.memberships.create(organization=clinic, role="worker")
    for stranger in (actor(colleague), actor(nadia, clinic)):
        assert list(inbox.own(stranger)) == []
        with pytest.raises(NotSeen):
            inbox.read_one(actor=stranger, notification_id=told[0].pk)
        assert inbox.read_all(actor=stranger) == 0
    for nobody, error in ((ANONYMOUS, NotSignedIn), (Actor(channel=actor(nadia).channel), Refused)):
        with pytest.raises(error):
            inbox.own(nobody)
    own = actor(nadia, lantern)
    assert unread(own) == 3
    inbox.read_one(actor=own, notification_id=told[0].pk)
    assert unread(own) == 2
    assert inbox.read_all(actor=own) == 2


def test_the_page_counts_shows_and_opens(told: list[Notification], nadia: User, client: Client) -> None:
    client.force_login(nadia)
    page = reverse("partners:notices")
    shown = client.get(page).text
    assert "There is news about referral AAA-112." in shown
    assert 'class="n">3<' in shown
    assert Notification.objects.filter(read_at__isnull=False).count() == 0, "a GET reads nothing"

    opened = client.post(reverse("partners:notice_open", args=[told[0].pk]))
    assert opened.headers["Location"] == reverse("referrals:detail", args=[told[0].object_id])
    assert client.get(reverse("partners:notice_open", args=[told[1].pk])).status_code == 405
    assert Notification.objects.filter(read_at__isnull=True).count() == 2
    assert client.post(reverse("partners:notices_read")).status_code == 302
    assert 'class="n">' not in client.get(page).text
    with translation.override("fr"):
        french = client.get(reverse("partners:notices")).text
    assert "AAA-112" in french
    assert "There is news" not in french


def test_the_list_has_pages_and_stays_flat(
    told: list[Notification], nadia: User, client: Client, assert_flat: Callable[..., None]
) -> None:
    client.force_login(nadia)
    page = reverse("partners:notices")
    more = [
        Notification(
            row_id=inbox.UUID(int=number + 1),
            user=nadia,
            organization=told[0].organization,
            kind="send",
            object_id=told[0].object_id,
            code=f"P{number}",
            created_at=told[0].created_at,
        )
        for number in range(60)
    ]
    assert_flat(lambda: client.get(page), lambda: Notification.objects.bulk_create(more))
    first, second = (client.get(page, {"page": number}).text for number in (1, 2))
    assert "?page=2" in first
    assert "?page=1" in second
    for odd in ("none", "9" * 9, "9" * 25, "9" * 5_000):
        assert client.get(page, {"page": odd}).status_code == 200, odd


def test_the_choice_is_kept_and_nothing_else_is_taken(nadia: User, client: Client, actor: Any) -> None:
    client.force_login(nadia)
    page = reverse("partners:notice_choice")
    assert client.post(page, {"pace": "hourly"}).status_code == 400
    assert inbox.pace_of(actor(nadia)) == MailPace.AT_ONCE
    for pace in ("digest", "none", "at_once"):
        assert client.post(page, {"pace": pace}).status_code == 302
        assert inbox.pace_of(actor(nadia)) == pace


def test_notices_go_with_what_they_tell_of(told: list[Notification], owe: Callable[..., OutboxRow]) -> None:
    clearing.forget([told[0].object_id])

    assert not Notification.objects.exists()
