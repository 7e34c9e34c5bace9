"""Under a long list: the addresses of the neighbouring pages, and which rows these are."""

from __future__ import annotations

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.translation import gettext as _


def page_links(request: HttpRequest, page: Page) -> dict[str, str]:
    """The neighbours, and which rows these are."""
    return {**neighbours(request, page), "summary": summary(page) if page.object_list else ""}


def neighbours(request: HttpRequest, page: Page) -> dict[str, str]:
    """Without the rows, which nobody counts then. Everything else that the address asks for is kept."""

    def address(number: int) -> str:
        asked = request.GET.copy()
        asked["page"] = str(number)
        return f"?{asked.urlencode()}"

    return {
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
    }


def summary(page: Page) -> str:
    """Of a long list only so much is counted."""
    words = {"first": page.start_index(), "last": page.end_index(), "count": page.paginator.count}
    if getattr(page.paginator, "is_counted", True):
        return _("%(first)s to %(last)s of %(count)s") % words
    if page.end_index() < page.paginator.count:
        return _("%(first)s to %(last)s of more than %(count)s") % words
    return _("%(first)s to %(last)s") % words
