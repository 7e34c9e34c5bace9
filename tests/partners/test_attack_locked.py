"""A computer that was left: what whoever sits down at it gets beside the pages that the lock covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners import one_time
from partners.models import Invitation, Membership, Organization, User
from tests.factories.listings import make_service
from tests.partners.conftest import PASSWORD

pytestmark = pytest.mark.django_db
OF_THE_MEMBER = ("Nadia", "Lantern (demo)", "/en/home/")


@pytest.fixture
def left(client: Client, nadia: User) -> Iterator[Client]:
    """Nadia signed in, and went away for an hour."""
    with time_machine.travel(datetime(2026, 3, 2, 15, 0, tzinfo=UTC), tick=False) as clock:
        client.post("/en/sign-in/", {"login": nadia.email, "password": PASSWORD})
        assert all(words in client.get("/en/").content.decode() for words in OF_THE_MEMBER)
        clock.shift(60 * 60)
        yield client


def test_public_pages_are_those_of_the_public(left: Client, lantern: Organization) -> None:
    listing = f"/en/services/{make_service(organization=lantern, accepts_referrals=True).pk}/"
    for path in ("/en/", "/en/services/", "/en/about/", "/en/nothing/", "/en/get-help/", listing):
        assert left.get(path).content == Client().get(path).content


def test_the_lock_s_own_answers_tell_nothing_to_scripts(left: Client) -> None:
    for path in ("/en/sign-in/active/", "/en/sign-in/locked/"):
        for call in (left.get, left.post, left.head):
            answer: Any = call(path)
            assert not any(words.encode() in answer.content for words in OF_THE_MEMBER)
    for call in (left.get, left.head, left.options, left.put, left.delete, left.patch):
        answer = call("/en/members/", headers={"Accept": "application/json"})
        assert answer.status_code in (302, 405)
    for path in ("clients", "notices", "members", "partners", "webhooks"):
        assert left.get(f"/api/v1/{path}/").status_code == 401


def test_an_invitation_is_not_taken_up_in_a_locked_session(
    left: Client, nadia: User, clinic: Organization, member: Callable[..., User]
) -> None:
    secret, digest = one_time.mint()
    Invitation.objects.create(
        organization=clinic,
        email=nadia.email,
        full_name="Nadia",
        language="en",
        roles=["organization_admin"],
        invited_by=member("tom@clinic.example", {clinic: ["organization_admin"]}),
        digest=digest,
        expires_at=timezone.now() + timedelta(days=1),
    )
    left.post(reverse("partners:invitation", args=[secret]))
    assert not Membership.objects.filter(user=nadia, organization=clinic).exists()
