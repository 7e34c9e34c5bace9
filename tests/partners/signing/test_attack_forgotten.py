"""Whoever asks for a new password learns from nothing whether the address has an account."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.models import OutboxRow, User

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_takes_the_same_work_for_nobody(client: Client, nadia: User) -> None:
    User.objects.create_user("gone@lantern.example", "x", full_name="Gone", is_active=False)
    client.post("/en/password/forgotten/", {"email": "first@lantern.example"})
    work = {}
    for email in (nadia.email, "nobody@lantern.example", "gone@lantern.example"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post("/en/password/forgotten/", {"email": email})
        verbs = [query["sql"].split()[0] for query in queries if "cache" not in query["sql"]]
        work[email] = [verb for verb in verbs if verb in ("SELECT", "INSERT", "UPDATE")]
    assert work["nobody@lantern.example"] == work["gone@lantern.example"] == work[nadia.email]
    assert OutboxRow.objects.count() == 1
