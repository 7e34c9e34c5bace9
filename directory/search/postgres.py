"""How PostgreSQL tells which entries are new: by the transaction that wrote them.

Transactions do not commit in the order of their numbers. Readers therefore start again from the
oldest one still open when they last looked, and pass over what they have already taken. A database
restored elsewhere counts from the start again; the first write there voids the base's horizon.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Value

BINARY = ' COLLATE "C"'
# A row moves with each change of it, so entries are looked up by their key.
ROW = Value(0, output_field=BigIntegerField())
AT_ROWS = ""
POLL = """
    SELECT coalesce(max(generation), 0), coalesce(max(horizon), 0),
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
           (SELECT count(*) FROM directory_searchentry WHERE stamp >= %s)
    FROM directory_searchstate
"""


def next_stamp(cursor: Any) -> int:
    cursor.execute(
        "INSERT INTO directory_searchstate (id, generation, horizon, stamp, due, done)"
        " VALUES (1, 0, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING"
    )
    cursor.execute(
        "UPDATE directory_searchstate SET horizon = 0 WHERE horizon > pg_current_xact_id()::text::bigint"
    )
    cursor.execute("SELECT pg_current_xact_id()::text::bigint")
    return int(cursor.fetchone()[0])
