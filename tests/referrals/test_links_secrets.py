"""No secret of a link stands anywhere, and no crowd has more tries than one."""

from __future__ import annotations

import pytest
from django.db import connection

from config.logs import clean
from partners.models import OutboxRow
from referrals.links import opening
from referrals.links.minting import TRIES
from referrals.links.opening import enter, find
from referrals.models import AnswerLink, LinkVisit
from tests.referrals.linked import WHO, Linked
from tests.referrals.test_at_rest import on_disk
from tests.referrals.test_races import at_once


@pytest.mark.django_db(transaction=True)
def test_no_secret_stands_in_a_row_or_a_log(transactional_db: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    linked = Linked()
    referral = linked.world.sent()
    first = linked.path(referral)
    path, code = linked.path(referral), linked.code(referral)
    linked.phone.get(first)
    linked.phone.post(f"{first}again/")
    linked.enter(path, linked.wrong(referral))
    visit = linked.enter(path, code).cookies["relais_visit"].value
    linked.phone.get(f"{path}nowhere/")

    held = on_disk().decode("latin-1")
    tokens = [one.split("/")[2] for one in (first, path)]
    assert [word for word in (*tokens, visit, WHO) if word in held] == []
    with connection.cursor() as cursor:
        for model in (AnswerLink, LinkVisit):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            assert code not in str(cursor.fetchall())
    logged = "\n".join(clean(record.getMessage()) for record in caplog.records)
    assert [word for word in (*tokens, visit, code) if word in logged] == []
    assert clean(f'"GET {path}?language=fr HTTP/1.1" 200') == '"GET /r/…/?… HTTP/1.1" 200'


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_hands_at_once_have_no_more_than_five_tries(transactional_db: None) -> None:
    linked = Linked()
    for _ in range(3):
        referral = linked.world.sent(linked.world.client(chosen_name="Another"))
        token, code = linked.path(referral).split("/")[2], linked.code(referral)
        wrong = linked.wrong(referral)
        looked: list[bool] = []

        def try_one(token: str = token, wrong: str = wrong, looked: list[bool] = looked) -> None:
            before = enter(token, wrong, WHO)
            looked.append(before.left > 0 or find(token) is None)

        at_once(*[try_one] * 10)
        link = find(token)
        assert link is not None
        assert (link.wrong_codes, link.killed_at is not None) == (TRIES, True)
        assert sum(looked) == TRIES - 1
        assert enter(token, code, WHO) == opening.Tried()
        assert OutboxRow.objects.filter(kind="link_killed", object_id=referral.pk).count() == 1
