"""The network in numbers: who refers to whom, where the partners are, how soon they answer."""

from __future__ import annotations

import csv
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from referrals.network.flows import Flows, flows_for
from referrals.network.map import network_map
from referrals.network.picture import MOST, draw
from referrals.service_record import FEWEST
from referrals.views.boxes import page_links
from referrals.views.shared import actor_of

ON_THE_PAGE = 100
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    flows = flows_for(actor)
    shown = network_map(actor, request.GET.get("page", "1"))
    numbers = _numbers(flows)
    rows = [
        (numbers[row.sender_id], row.sender, numbers[row.receiver_id], row.receiver, row.referrals)
        for row in flows.rows[:ON_THE_PAGE]
    ]
    context = {
        "flows": flows,
        "rows": rows,
        "left": len(flows.rows) - len(rows),
        "picture": draw(flows.rows, numbers),
        "drawn": MOST if len(flows.rows) > MOST else 0,
        "fewest": FEWEST,
        "partners": shown.partners,
        "map": shown.map,
        **page_links(request, shown.page),
    }
    return render(request, "referrals/network.html", context)


@require_safe
def network_csv(request: HttpRequest) -> HttpResponse:
    """The numbers of the page, all of them, for a spreadsheet."""
    flows = flows_for(actor_of(request))
    days = f"{flows.first_day.isoformat()}_{flows.last_day.isoformat()}"
    answer = HttpResponse(
        "\N{ZERO WIDTH NO-BREAK SPACE}",  # by which a spreadsheet knows the letters
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="network_{days}.csv"',
            "X-Content-Type-Options": "nosniff",
        },
    )
    writer = csv.writer(answer)
    writer.writerow([pgettext("sender", "From"), pgettext("receiver", "To"), _("Referrals")])
    writer.writerows(
        [_plain(row.sender.text), _plain(row.receiver.text), row.referrals] for row in flows.rows
    )
    return answer


def _numbers(flows: Flows) -> dict[UUID, int]:
    """The organizations in the order in which the table names them."""
    keys = (key for row in flows.rows for key in (row.sender_id, row.receiver_id))
    return {key: number for number, key in enumerate(dict.fromkeys(keys), 1)}


def _plain(name: str) -> str:
    """A name that a spreadsheet would take for a formula is told as text."""
    return f"'{name}" if name.startswith(FORMULA) else name
