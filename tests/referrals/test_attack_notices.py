"""What a notice gives away by its kind and its object: to colleagues, and to a partner's own system."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction

from partners.models import Delivery, Notification, Organization, OutboxRow, Webhook
from partners.notifications import fanout, outbox
from tests.referrals.hidden_file import Hidden, restricted_file

pytestmark = pytest.mark.django_db
OF_A_PERSON = ("protection_due", "housing_ending", "sharing_asked", "glass_broken")


@pytest.fixture
def hidden() -> Hidden:
    made = restricted_file()
    Webhook.objects.create(
        organization=made.world.lantern,
        url="https://system.example/",
        secret="whsec_AA==",
        created_by=made.priv,
    )
    OutboxRow.objects.all().delete()
    mail.outbox.clear()
    return made


def told(organization: Organization, kind: str, object_id: UUID) -> set[str]:
    """Who finds it in Relais, and what else it is sent to."""
    with transaction.atomic():
        outbox.add(organization.pk, kind, object_id, "")
    row = OutboxRow.objects.latest("created_at")
    fanout.fan_out(row.pk)
    readers = Notification.objects.filter(row_id=row.pk).values_list("user__full_name", flat=True)
    return {
        *readers,
        *Delivery.objects.filter(row=row).exclude(channel="mail").values_list("channel", flat=True),
    }


def test_of_a_restricted_file_its_team_alone_is_told_whatever_it_is(hidden: Hidden) -> None:
    lantern = hidden.world.lantern
    for kind in ("protection_due", "housing_ending"):
        assert told(lantern, kind, hidden.client_id) == {"Nadia", "Noor"}
    assert told(lantern, "accept", hidden.referral.pk) == {"Nadia", "Noor"}

    assert told(lantern, "glass_broken", UUID(int=7)) == {"Paula", "Priv"}


def test_no_system_is_told_what_says_something_of_a_person_by_its_kind(hidden: Hidden) -> None:
    """Who sets a system up sees no client data: not that a child is to be protected, nor in which file."""
    other = hidden.world.client()
    for kind in OF_A_PERSON:
        assert "webhook" not in told(hidden.world.lantern, kind, other.pk)
    assert "webhook" in told(hidden.world.lantern, "accept", UUID(int=7))
