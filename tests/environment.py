"""The environment that tests and the servers they start run in."""

from __future__ import annotations

from collections.abc import Mapping

from config import demo_env

# Fixed, so that a failure with a certain ciphertext or chain can be repeated.
TEST_ENVIRONMENT = {
    "RELAIS_SECRET_KEY": "test-only-1f4c9a7e3b0d86525c1e7a94f0b3d8e6-test-only",
    "RELAIS_DATA_KEYS": (
        "test2:dGVzdC1vbmx5LW5ld2VyLWtleS0zMi1ieXRlcy1sb24=,"
        "test1:dGVzdC1vbmx5LW9sZGVyLWtleS0zMi1ieXRlcy1sb24="
    ),
    "RELAIS_INDEX_KEY": "dGVzdC1vbmx5LWluZGV4LWtleS0zMi1ieXRlcy1sb24=",
    "RELAIS_ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "RELAIS_INSECURE_LOOPBACK": "on",
    # Tests of the pages behind the sign-in are about those; tests/partners turns it on.
    "RELAIS_REQUIRE_SECOND_FACTOR": "off",
}


def without_relais(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without any setting of Relais in it."""
    settings = {"DATABASE_URL", "REPLICA_URLS", "CACHE_URL", "TASKS_BACKEND", "EMAIL_URL"}
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("RELAIS_") and name not in settings
    }


def demo_server(environment: Mapping[str, str], database: str) -> dict[str, str]:
    """What a server of the demo network runs with, on a database of its own."""
    return {
        **without_relais(environment),
        **demo_env.values(),
        "DATABASE_URL": database,
        "EMAIL_URL": "dummymail://",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
