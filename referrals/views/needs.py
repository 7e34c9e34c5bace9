"""A person's need: written down, changed, closed, with the referrals made for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.errors import Invalid
from partners.roles import Capability
from referrals import needs
from referrals.access import access_client
from referrals.forms.needs import NeedForm, first_values
from referrals.need_page import need_page
from referrals.views.shared import actor_of

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def need_new(request: HttpRequest, client_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    client = access_client(client_id, actor)
    current = client.phases.filter(left_on__isnull=True).first()
    form = NeedForm(
        request.POST if request.method == "POST" else None,
        initial={"phase": str(current.phase) if current else ""},
    )
    if form.is_valid():
        try:
            need = needs.create_need(actor=actor, client_id=client_id, **form.for_core())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:need", need.pk)
    status = 400 if form.is_bound else 200
    return render(request, "referrals/need_new.html", {"form": form, "client_id": client_id}, status=status)


@require_safe
def need(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """What she is looking for, and each referral made for it with its state."""
    actor = actor_of(request)
    found = needs.open_need(actor=actor, need_id=need_id)
    context = {"page": need_page(found, actor), "can_send": actor.can(Capability.SEND)}
    return render(request, "referrals/need.html", context)


@form_methods
def need_edit(request: HttpRequest, need_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        found = needs.access_need(need_id, actor)
        form = NeedForm(request.POST)
    else:
        found = needs.open_need(actor=actor, need_id=need_id)
        form = NeedForm(initial=first_values(found))
    if form.is_valid():
        try:
            needs.change_need(actor=actor, need_id=need_id, **form.for_core())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:need", need_id)
    context = {"form": form, "need_id": found.pk}
    return render(request, "referrals/need_edit.html", context, status=400 if form.is_bound else 200)


@require_POST
def need_close(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Closed, or with ``closed=no`` opened again."""
    closed = request.POST.get("closed") != "no"
    needs.change_need(actor=actor_of(request), need_id=need_id, closed=closed)
    messages.success(request, _("Recorded."))
    return redirect("referrals:need", need_id)
