"""The test's own database, for processes beside the test."""

from __future__ import annotations

from django.db import connection


def database_url() -> str:
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    who = ":".join(filter(None, (held["USER"], held["PASSWORD"])))
    where = f"/{held['HOST']}" if held["HOST"].startswith("/") else f"{held['HOST']}:{held['PORT']}"
    return f"postgres://{who}@{where}/{held['NAME']}"
