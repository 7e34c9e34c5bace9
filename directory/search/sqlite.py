"""How SQLite tells which entries are new: one writer at a time, so a counter follows the commits."""

from __future__ import annotations

import time
from typing import Any

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

BINARY = ""
# Looked up by its row, an entry is found in half the time; a row may be given to another one by VACUUM.
ROW = RawSQL("directory_searchentry.rowid", [], output_field=BigIntegerField())
AT_ROWS = "SELECT service_id, document FROM directory_searchentry WHERE rowid IN ({marks})"
POLL = """
    SELECT coalesce(max(generation), 0), coalesce(max(horizon), 0), coalesce(max(stamp), 0) + 1,
           (SELECT count(*) FROM directory_searchentry WHERE stamp >= %s)
    FROM directory_searchstate
"""


def next_stamp(cursor: Any) -> int:
    """The clock moves the counter on too: a stamp that a rollback took back is not given again."""
    cursor.execute(
        """
        INSERT INTO directory_searchstate (id, generation, horizon, stamp, due, done)
        VALUES (1, 0, 0, %s, 0, 0)
        ON CONFLICT (id) DO UPDATE SET stamp = max(directory_searchstate.stamp + 1, excluded.stamp)
        RETURNING stamp
        """,
        [time.time_ns() // 1000],
    )
    return int(cursor.fetchone()[0])
