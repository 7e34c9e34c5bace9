"""The link of a reminder mail in the hands of somebody who has left."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Verification
from partners.models import Membership, OutboxRow
from partners.people.leaving import end_membership
from partners.people.members import set_roles
from tests.directory.upkeep.ground import Ground

pytestmark = pytest.mark.django_db


def confirm(client: Client, secret: str) -> int:
    return client.post(reverse("directory:verify", args=[secret]), {"act": "confirm"}).status_code


def test_whoever_has_left_keeps_no_link_of_the_organization(client: Client) -> None:
    ground = Ground()
    Membership.objects.create(user=ground.will, organization=ground.lantern, role="organization_admin")
    secret = ground.link()
    set_roles(actor=ground.actor(ground.ada), user_id=ground.will.pk, roles=["organization_admin"])
    assert confirm(client, secret) == 302

    end_membership(actor=ground.actor(ground.ada), user_id=ground.ed.pk)

    assert Verification.objects.count() == 1
    page = client.get(reverse("directory:verify", args=[secret]))
    assert page.status_code == 410
    assert "Evening group" not in page.content.decode()
    # A new one goes to those who are there.
    assert confirm(client, secret) == 200
    assert Verification.objects.count() == 1
    assert OutboxRow.objects.filter(kind="listing_link", object_id=ground.service.pk).count() == 1
