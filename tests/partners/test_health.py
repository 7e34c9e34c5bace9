"""What a load balancer and an operator ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config import health
from partners import hooks, triggers

pytestmark = pytest.mark.django_db


def test_a_live_process_says_so_without_asking_the_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


def test_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/"])
def test_no_session_no_cookie_no_store(client: Client, path: str) -> None:
    answer = client.get(path)

    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_a_migration_that_was_not_applied_is_told(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied(
        *MigrationLoader(connection).graph.leaf_nodes("partners")[0]
    )

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["failed"]) == (503, ["migrations"])


def test_a_missing_trigger_is_told(client: Client) -> None:
    triggers.remove(only={"audit_no_update"})
    try:
        answer = client.get("/readyz")
    finally:
        triggers.install()

    assert (answer.status_code, answer.json()["failed"]) == (503, ["triggers"])


def test_a_database_that_does_not_answer_is_told_without_its_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> list[str]:
        raise OperationalError("password authentication failed for user relais")

    monkeypatch.setattr(health, "CHECKS", (("migrations", away),))
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "failed": ["database"]})


def test_an_app_adds_its_own_check(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: hooks.Hook[Any] = hooks.Hook()
    checks.register("search index", lambda: ["12 listings have drifted"])
    monkeypatch.setattr(hooks, "readiness_checks", checks)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["failed"]) == (503, ["search index"])


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr-CA,fr;q=0.9,en;q=0.5", "fr"), ("en-CA", "en"), ("de", "en"), ("", "en"), ("*", "en")],
)
def test_the_door_leads_to_the_browsers_language(client: Client, accepted: str, language: str) -> None:
    answer = client.get("/", headers={"accept-language": accepted})

    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in answer["Vary"]
