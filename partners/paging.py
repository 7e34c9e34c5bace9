"""Pages of a list that may be very long: it is counted only so far, and goes on as long as there are rows."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

EXACT = 1_000
NUMBER = re.compile(r"[0-9]{1,9}")  # longer ones are too large for a database


class LongPage(Page):
    """Knows from the row behind its last one whether another page follows."""

    def __init__(self, rows: list[Any], number: int, paginator: LongPaginator, *, more: bool):
        super().__init__(rows, number, paginator)
        self.more = more

    def has_next(self) -> bool:
        return self.more

    def next_page_number(self) -> int:
        return self.number + 1

    def end_index(self) -> int:
        return self.start_index() + len(self.object_list) - 1


class LongPaginator(Paginator):  # type: ignore[type-arg]
    """``count`` is exact below ``exact`` and stops there; no page is looked for by counting.

    Takes a queryset, or anything that can be sliced and has ``count_to(most)``.
    """

    def __init__(self, rows: Any, per_page: int, exact: int = EXACT):
        super().__init__(rows, per_page, allow_empty_first_page=True)
        self.exact = exact

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        counted = (
            rows.count_to(self.exact) if hasattr(rows, "count_to") else rows.order_by()[: self.exact].count()
        )
        return int(counted)

    @property
    def is_counted(self) -> bool:
        return self.count < self.exact

    def get_page(self, number: int | str | None) -> LongPage:
        """What is no number answers the first page; a page behind the last, the last that is known."""
        wanted = max(int(str(number)), 1) if NUMBER.fullmatch(str(number)) else 1
        rows = self._rows(wanted)
        if not rows and wanted > 1:
            wanted = min(wanted, self.num_pages)
            rows = self._rows(wanted)
        return LongPage(rows[: self.per_page], wanted, self, more=len(rows) > self.per_page)

    def _rows(self, number: int) -> list[Any]:
        start = (number - 1) * self.per_page
        return list(self.object_list[start : start + self.per_page + 1])
