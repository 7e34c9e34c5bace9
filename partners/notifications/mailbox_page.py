"""The mailbox of the demo: every mail it would have sent, with the links in it. Nowhere else.

There is no sign-in in front of it, so that a link to somebody without one can be followed: it answers
only a demo that keeps its mails itself, and only this machine.
"""

from __future__ import annotations

import ipaddress

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.errors import NotSeen
from partners.notifications import mailbox as box
from partners.notifications.pages import PER_PAGE
from partners.page_links import neighbours
from partners.paging import LongPaginator


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    _require_demo(request)
    page = LongPaginator(box.Mails(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"mails": page.object_list, **neighbours(request, page)}
    return render(request, "partners/mailbox.html", context)


@login_not_required
@require_safe
def mailbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "partners/mailbox_mail.html", {"mail": _mail(request, name)})


@login_not_required
@require_safe
@csp_replace({"sandbox": True})  # type: ignore[arg-type]  # it has a name in its address
def mailbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """As a mail program shows it, which runs nothing and loads nothing."""
    return HttpResponse(_mail(request, name).html)


def _mail(request: HttpRequest, name: str) -> box.Mail:
    _require_demo(request)
    found = box.read(name)
    if found is None:
        raise NotSeen
    return found


def _require_demo(request: HttpRequest) -> None:
    """A proxy in front would let others in, so there must be none."""
    address = request.META.get("REMOTE_ADDR")
    here = bool(address) and ipaddress.ip_address(address).is_loopback
    if not settings.MAILBOX or not here or "X-Forwarded-For" in request.headers:
        raise NotSeen
