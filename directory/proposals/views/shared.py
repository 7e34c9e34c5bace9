"""What these pages share: the addresses of the pages beside one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners.paging import LongPage


def page_links(request: HttpRequest, page: LongPage, *kept: str) -> dict[str, Any]:
    """With these parameters kept."""
    held = {name: request.GET[name] for name in kept if request.GET.get(name)}

    def address(number: int) -> str:
        return "?" + urlencode({**held, "page": number})

    words = {"first": page.start_index(), "last": page.end_index(), "count": page.paginator.count}
    return {
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
        "summary": _("%(first)s to %(last)s of %(count)s") % words if page.object_list else "",
    }
