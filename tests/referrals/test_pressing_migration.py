"""A network in use takes the step that keeps what presses: the rows it has are filled, then indexed."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from referrals import pressing
from referrals.handoffs import plan_handoff
from referrals.messages import send_message
from referrals.models import Referral
from tests.referrals.pages import World

BEFORE = [("referrals", "0014_message_by_link")]


def migrate(targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)


@pytest.mark.django_db(transaction=True)
def test_open_referrals_are_filled_as_the_acts_would_fill_them() -> None:
    world = World()
    for referral in (world.sent(), world.accepted()):
        send_message(referral_id=referral.pk, actor=world.actor(world.nadia), text="News")
    send_message(referral_id=referral.pk, actor=world.actor(world.tom), text="Reply")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    plan_handoff(referral_id=referral.pk, actor=world.actor(world.nadia), kind="warm", when=tomorrow)
    rows = Referral.objects.order_by("pk")
    wanted = list(rows.values_list("pk", *pressing.COLUMNS))
    assert sum(value is not None for row in wanted for value in row[1:]) == 3
    newest = [
        node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] == "referrals"
    ]
    try:
        migrate(BEFORE)
    finally:
        migrate(newest)
    assert list(rows.values_list("pk", *pressing.COLUMNS)) == wanted
