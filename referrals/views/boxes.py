"""The inbox and the sent box."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from partners.actor import Side
from partners.page_links import summary
from partners.roles import Capability
from referrals.boxes import FILTERS, box_page, waiting_count
from referrals.partnership import received_rests
from referrals.views.shared import actor_of
from referrals.workflow import STATUS_LABELS


@require_safe
def referral_list(request: HttpRequest) -> HttpResponse:
    """The address of both boxes: ``?box=inbox`` or ``?box=sent``, else the one the member works with."""
    actor = actor_of(request)
    wanted = request.GET.get("box") or ("sent" if actor.can(Capability.SEND) else "inbox")
    name = "referrals:inbox" if wanted == "inbox" else "referrals:sent"
    status = request.GET.get("status", "")
    return redirect(reverse(name) + (f"?{urlencode({'status': status})}" if status else ""))


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.ANSWER)
    rests = received_rests(actor.organization_id)
    return _box(request, Side.RECEIVER, "referrals/inbox.html", waiting=waiting_count(actor), rests=rests)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    actor_of(request).require(Capability.SEND)
    return _box(request, Side.SENDER, "referrals/sent.html")


def _box(request: HttpRequest, side: Side, template: str, **extra: Any) -> HttpResponse:
    status = request.GET.get("status", "")
    choices = [(choice.value, STATUS_LABELS[choice]) for choice in FILTERS[side]]
    status = status if status in dict(choices) else ""
    page = box_page(actor_of(request), side, status=status, page=request.GET.get("page", "1"))
    context = {
        "page": page,
        "status": status,
        "filters": choices,
        **page_links(request, page),
        **extra,
    }
    return render(request, template, context)


def page_links(request: HttpRequest, page: Page) -> dict[str, str]:
    """The addresses of the neighbours, with the filter kept, and which rows these are."""

    def address(number: int) -> str:
        kept = {"status": request.GET["status"]} if request.GET.get("status") else {}
        return "?" + urlencode({**kept, "page": number})

    return {
        "previous_url": address(page.previous_page_number()) if page.has_previous() else "",
        "next_url": address(page.next_page_number()) if page.has_next() else "",
        "summary": summary(page) if page.object_list else "",
    }
