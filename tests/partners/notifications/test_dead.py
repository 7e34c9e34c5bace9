"""What could not be told is seen by whom it concerns, and tried again from the beginning."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.actor import Actor
from partners.errors import NotSeen, Refused
from partners.models import AuditEvent, Delivery, Organization, OutboxRow, User
from partners.notifications import dead, delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(member: Callable[..., User]) -> User:
    made = Organization.objects.create(name_en="Network (demo)", name_fr="Réseau (démo)")
    return member("lea@network.example", {made: ["network_admin"]})


@pytest.fixture
def given_up(
    owe: Callable[..., OutboxRow],
    nadia: User,
    clinic: Organization,
    member: Callable[..., User],
    monkeypatch: pytest.MonkeyPatch,
) -> list[Delivery]:
    """One of Lantern's and one of the clinic's."""
    member("tom@clinic.example", {clinic: ["worker"]})
    owe()
    owe(to=clinic)

    def refuse(message: EmailMessage, fail_silently: bool = False) -> int:
        raise TimeoutError(f"no answer for {message.to[0]}")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        broken.setattr(delivery, "BACK_OFF", ())
        delivery.deliver_due()
    return list(Delivery.objects.order_by("created_at"))


def test_each_sees_their_own_and_the_network_all(
    given_up: list[Delivery], olga: User, nadia: User, network: User, actor: Callable[..., Actor]
) -> None:
    own, _other = given_up
    assert [line.id for line in dead.lines(actor(olga), list(dead.given_up(actor(olga))))] == [own.pk]
    (line,) = dead.lines(actor(olga), [own])
    assert (line.to, line.why) == (str(nadia), "There was no answer in time.")
    everybodys = dead.lines(actor(network), list(dead.given_up(actor(network))))
    assert {one.id for one in everybodys} == {one.pk for one in given_up}
    assert {one.to for one in everybodys} == {""}
    with pytest.raises(Refused):
        dead.given_up(actor(nadia))


def test_one_or_all_are_tried_again_and_arrive_under_their_numbers(
    given_up: list[Delivery], olga: User, network: User, actor: Callable[..., Actor]
) -> None:
    own, other = given_up
    with pytest.raises(NotSeen):
        dead.retry(actor=actor(olga), delivery_id=other.pk)
    assert delivery.deliver_due() == delivery.Turn()
    assert dead.retry(actor=actor(olga), delivery_id=own.pk) == 1
    assert delivery.deliver_due().done == 1
    assert dead.retry(actor=actor(network)) == 1
    assert delivery.deliver_due().done == 1
    assert dead.retry(actor=actor(network)) == 0

    numbers = [str(message.extra_headers["Message-ID"]) for message in mail.outbox]
    assert [str(one.pk) in number for one, number in zip(given_up, numbers, strict=True)] == [True, True]
    kept = AuditEvent.objects.filter(action="notice.retry").order_by("at")
    assert [(row.chain, row.details) for row in kept] == [
        (olga.memberships.get().organization_id, {"count": 1}),
        (network.memberships.get().organization_id, {"count": 1}),
    ]


def test_the_page_shows_them_and_takes_the_retry(
    given_up: list[Delivery], olga: User, client: Client, nadia: User
) -> None:
    own, other = given_up
    client.force_login(olga)
    page = reverse("partners:undelivered")
    shown = client.get(page)
    assert nadia.full_name in shown.text
    assert "tom@clinic" not in shown.text
    for wrong in (str(other.pk), "none", ""):
        assert client.post(page, {"delivery": wrong}).status_code == 404
    assert not delivery.owed().exists()
    assert client.post(page, {"delivery": str(own.pk)}).status_code == 302
    assert delivery.owed().get() == own
    assert "Everything was delivered" in client.get(page).text
    client.force_login(nadia)
    assert client.get(page).status_code == 403
    assert client.post(page).status_code == 403


def test_the_page_stays_flat(
    given_up: list[Delivery], network: User, client: Client, assert_flat: object
) -> None:
    client.force_login(network)
    more = [
        Delivery(row=given_up[0].row, channel="mail", recipient=number, given_up_at=timezone.now())
        for number in map(dead.UUID, (f"{n:032x}" for n in range(40)))
    ]
    page = reverse("partners:undelivered")
    assert_flat(lambda: client.get(page), lambda: Delivery.objects.bulk_create(more))
