"""Synthetic referrals: as many as asked for, in every state, and never over real rows."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from partners.access import actor_for
from partners.models import AuditEvent, Membership, User
from referrals.clients import open_file
from referrals.models import Client, Consent, Message, Need, Outcome, Referral, TimelineEvent
from referrals.workflow import Status

pytestmark = pytest.mark.django_db

MANY = 400


def load(**options: object) -> None:
    given = {"services": 40, "referrals": MANY, "seed": 7, "today": date(2026, 3, 1), "skip_index": True}
    call_command("generate_load", stdout=StringIO(), **{**given, **options})


def test_as_many_as_asked_for_in_every_state_and_the_constraints_hold() -> None:
    load()
    connection.check_constraints()
    assert Referral.objects.count() == Consent.objects.count() == Need.objects.count() == MANY
    assert Client.objects.count() == MANY // 2
    assert set(Referral.objects.values_list("status", flat=True)) == {status.value for status in Status}
    assert Outcome.objects.count() == Referral.objects.filter(status="closed").count()
    assert TimelineEvent.objects.filter(kind="send").count() == Referral.objects.exclude(sent_at=None).count()
    assert not AuditEvent.objects.exists()


def test_what_is_sealed_opens_and_names_are_not_in_clear() -> None:
    load()
    client = Client.objects.order_by("pk")[0]
    member = Membership.objects.select_related("user").filter(organization=client.organization)[0]
    file = open_file(actor=actor_for(member.user, None), client_id=client.pk)
    assert file.chosen_name
    assert file.safe_contact["methods"] == ["text"]
    assert Message.objects.order_by("pk")[0].text
    with connection.cursor() as cursor:
        cursor.execute("SELECT chosen_name FROM referrals_client")
        assert all("." in name for (name,) in cursor.fetchall())


def test_the_same_seed_makes_the_same_referrals() -> None:
    def rows() -> list[object]:
        return list(Referral.objects.order_by("pk").values_list("pk", "code", "status", "client", "service"))

    load()
    first = rows()
    load()
    assert rows() == first
    load(referrals=0)
    assert not Referral.objects.exists()
    assert not User.objects.exists()


def test_a_database_with_a_member_in_it_is_refused() -> None:
    load()
    User.objects.create_user("somebody@real.example", full_name="Somebody")
    with pytest.raises(CommandError, match="more than synthetic"):
        load()
    assert Referral.objects.count() == MANY
