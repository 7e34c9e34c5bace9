"""Lists in pages: ``{"count", "next", "previous", "results"}``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from partners.errors import Invalid

EXACT = 10_000
LARGEST_PAGE = 100
DEFAULT_PAGE = 20
LAST_PAGE = 1_000_000
OURS = {"page", "after"}  # what a link says anew


class Pages(BasePagination):
    """``page`` from 1, ``page_size`` 1 to 100; anything else is 400. A page behind the last is empty.

    ``count`` is exact to 10,000; beyond that it is 10000 with ``count_is_minimum``. ``next`` and
    ``previous`` repeat the query as it was asked, so for the public search they hold its plain
    parameters: the API has no sealed addresses.
    """

    def __init__(self, request: Request):
        self.request = request
        self.page = _whole_number(request, "page", 1, LAST_PAGE)
        self.page_size = _whole_number(request, "page_size", DEFAULT_PAGE, LARGEST_PAGE)

    @property
    def after(self) -> UUID | None:
        """The last result of the page before, as ``next`` names it; a hint, and of no use on page 1."""
        text = self.request.query_params.get("after")
        if text is None or self.page == 1:
            return None
        try:
            return UUID(text)
        except ValueError:
            raise Invalid({"after": [_("This is not an id.")]}) from None

    def of(self, queryset: QuerySet[Any], show: Callable[[Any], Any]) -> dict[str, Any]:
        """This page of the queryset, each row as ``show`` puts it, counted no further than is told."""
        start = (self.page - 1) * self.page_size
        found = list(queryset[start : start + self.page_size + 1])
        more = len(found) > self.page_size
        known = not more and (found or start == 0)
        count = start + len(found) if known else queryset.order_by()[: EXACT + 1].count()
        return self.answer([show(row) for row in found[: self.page_size]], count, more)

    def answer(self, results: list[Any], count: int, more: bool, last: UUID | None = None) -> dict[str, Any]:
        """``last``, if given, goes into ``next``: with it a late page is found as quickly as the first."""
        body: dict[str, Any] = {
            "count": min(count, EXACT),
            "next": self._link(self.page + 1, last) if more else None,
            "previous": self._link(self.page - 1) if self.page > 1 else None,
            "results": results,
        }
        if count > EXACT:
            body["count_is_minimum"] = True
        return body

    def _link(self, page: int, after: UUID | None = None) -> str:
        asked = self.request.query_params.lists()
        kept = [(name, one) for name, values in asked if name not in OURS for one in values]
        kept += [("page", str(page)), *([("after", str(after))] if after else [])]
        request = self.request._request
        return f"{request.scheme}://{request.get_host()}{request.path}?{urlencode(kept)}"


def whole(results: list[Any]) -> dict[str, Any]:
    """A list that is never long enough for pages, in the same envelope."""
    return {"count": len(results), "next": None, "previous": None, "results": results}


def _whole_number(request: Request, name: str, default: int, largest: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= largest):
        raise Invalid({name: [_("Enter a whole number from 1 to %(largest)s.") % {"largest": largest}]})
    return int(text)
