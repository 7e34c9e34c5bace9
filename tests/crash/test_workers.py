"""Several workers at the same time, none of them killed: each notice comes exactly once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from partners.models import Delivery, OutboxRow
from partners.notifications import outbox
from tests.crash import whole
from tests.crash.ground import leave_to_others, settle
from tests.crash.mailbox import Mailbox
from tests.crash.processes import stem, wait_until
from tests.factories.databases import database_url
from tests.referrals.pages import World

pytestmark = [pytest.mark.crash, pytest.mark.race, pytest.mark.django_db(transaction=True)]

OWED, WORKERS = 60, 3


def test_workers_beside_each_other_tell_everybody_once(
    transactional_db: None, settings: Any, tmp_path: Path
) -> None:
    world, box = World(), Mailbox(1)
    referral = world.draft()
    with transaction.atomic():
        for number in range(OWED):
            outbox.add((world.lantern, world.northern)[number % 2].pk, "accept", referral.pk, referral.code)
    leave_to_others()

    with stem(database_url(), tmp_path) as roots:
        workers = [
            roots.start("worker", settings.DATA_KEYS, box.open(), interval=0.05) for _ in range(WORKERS)
        ]
        wait_until(lambda: not OutboxRow.objects.filter(outbox.waiting()).exists(), "owed still")
        for worker in workers:
            worker.kill()
    box.close()
    settle()

    sent = list(Delivery.objects.all())
    assert len(sent) >= OWED
    assert box.copies() == dict.fromkeys(whole.message_ids(sent), 1)
    assert {one.attempts for one in sent} == {1}
    assert whole.faults_of_fan_out() == []
    assert len({mail.process for mail in box.accepted}) > 1
