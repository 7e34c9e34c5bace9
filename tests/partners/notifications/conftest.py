"""Notices to Lantern and whoever looks after them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import transaction

from partners.access import actor_for
from partners.actor import Actor
from partners.models import Organization, OutboxRow, User
from partners.notifications import outbox
from tests.partners.notifications.steps import CODE, REFERRAL

# Ten in the morning in Winnipeg.
NOW = datetime.datetime(2026, 11, 3, 16, 0, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owe(lantern: Organization) -> Callable[..., OutboxRow]:
    def add(kind: str = "accept", code: str = CODE, to: Organization = lantern) -> OutboxRow:
        before = set(OutboxRow.objects.values_list("pk", flat=True))
        with transaction.atomic():
            outbox.add(to.pk, kind, REFERRAL, code)
        return OutboxRow.objects.exclude(pk__in=before).get()

    return add


@pytest.fixture
def owed(owe: Callable[..., OutboxRow]) -> OutboxRow:
    return owe()


@pytest.fixture
def olga(member: Callable[..., User], lantern: Organization) -> User:
    """Lantern's administrator."""
    return member("olga@lantern.example", {lantern: ["organization_admin"]})


@pytest.fixture
def actor() -> Callable[..., Actor]:
    def of(user: User, organization: Organization | None = None) -> Actor:
        return actor_for(user, organization.pk if organization else None)

    return of
