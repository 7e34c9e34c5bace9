"""Somebody with the database after a deletion: every table is searched for her ids, codes and words."""

from __future__ import annotations

import json

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from partners.models import OutboxRow
from referrals.models import Referral
from referrals.rights import holdings
from tests.referrals.pages import World, address, browser
from tests.referrals.rights_story import everything_about

pytestmark = pytest.mark.django_db
# Plain ids that have to stay: who did what, and what a restore deletes again.
KEPT = {"partners_auditevent", "referrals_deletion"}


def cells() -> dict[str, str]:
    """All that stands in each table, as one text."""
    held = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            held[table] = repr(cursor.fetchall())
    held["django_session"] = json.dumps([one.get_decoded() for one in Session.objects.all()])
    return held


def test_no_table_holds_anything_of_her_but_the_log_and_the_list() -> None:
    world = World()
    person, referral = everything_about(world)
    nadia, tom, paula = (browser(user) for user in (world.nadia, world.tom, world.paula))
    for page, name, key in ((nadia, "client", person.pk), (tom, "detail", referral.pk)):
        assert page.get(address(name, key)).status_code == 200
    # Flash messages and remembered requests are left behind on purpose.
    assert nadia.post(address("message", referral.pk), {"text": "Hello"}).status_code == 302
    asked = {"result": "no_answer", "method": "text"}
    door = f"/api/v1/referrals/{referral.pk}/attempts/"
    made = nadia.post(door, asked, content_type="application/json", headers={"Idempotency-Key": "k1"})
    assert made.status_code == 201
    ids = {str(pk) for pk in holdings.ids_of(person.pk)}
    codes = {person.code, *Referral.objects.filter(client=person).values_list("code", flat=True)}
    words = codes | ids | {one.replace("-", "") for one in ids}

    answer = paula.post(address("rights_delete", person.pk), {"code": person.code})
    assert answer.status_code == 302
    assert paula.get(answer.url).status_code == 200

    OutboxRow.objects.filter(kind="sharing_ended").delete()
    left = {
        (table, word)
        for table, text in cells().items()
        if table not in KEPT
        for word in words
        if word in text
    }
    assert left == set()
    kept = cells()
    assert not any(code in kept[table] for table in KEPT for code in codes)
