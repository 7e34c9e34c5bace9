"""Sharing on another legal basis than consent: asked for, decided by somebody else, released once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.errors import Conflict, Invalid, Refused
from referrals import legal_basis as core
from referrals import presenting
from referrals.access import access_client
from referrals.consent import NOTICE
from referrals.forms.safety import SharingForm
from referrals.models import LegalBasisShare
from referrals.views.shared import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
def sharing_new(request: HttpRequest, client_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    access_client(client_id, actor)
    form = SharingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            share = core.request_share(actor=actor, client_id=client_id, **form.for_core())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded. Nothing is shared before somebody else approves it."))
            return redirect("referrals:sharing", share.pk)
    context = {"form": form, "client_id": client_id}
    return render(request, "referrals/sharing_new.html", context, status=400 if form.is_bound else 200)


@require_safe
def sharing(request: HttpRequest, share_id: UUID) -> HttpResponse:
    return _page(request, share_id)


@require_POST
def sharing_decide(request: HttpRequest, share_id: UUID) -> HttpResponse:
    try:
        core.decide(actor=actor_of(request), share_id=share_id, decision=request.POST.get("decision", ""))
    except (Conflict, Refused, Invalid) as error:
        return _page(request, share_id, status=error.status, problem=str(error))
    messages.success(request, _("Recorded."))
    return redirect("referrals:sharing", share_id)


@require_POST
def sharing_release(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """The one view of what was approved, to be printed or read out. It cannot be opened again."""
    try:
        sheet = core.release(actor=actor_of(request), share_id=share_id)
    except Conflict as error:
        return _page(request, share_id, status=error.status, problem=str(error))
    rows = [
        presenting.Row(str(presenting.FIELD_LABELS[name]), presenting.in_words(name, value))
        for name, value in sheet.fields.items()
    ]
    context = {"share": sheet.share, "rows": rows, "notice": NOTICE, **_words(sheet.share)}
    return render(request, "referrals/sharing_sheet.html", context)


def _page(request: HttpRequest, share_id: UUID, *, status: int = 200, problem: str = "") -> HttpResponse:
    actor = actor_of(request)
    share = core.access_share(share_id, actor)
    context = {
        "share": share,
        "code": str(share.client),
        "opens": core.opens(actor, share),
        "may_decide": core.may_decide(share, actor),
        "may_release": core.may_release(share, actor),
        "problem": problem,
        **_words(share),
    }
    return render(request, "referrals/sharing.html", context, status=status)


def _words(share: LegalBasisShare) -> dict[str, Any]:
    return {
        "groups": presenting.groups_in_words(share.field_groups),
        "basis": share.get_basis_display(),  # type: ignore[attr-defined]  # Django makes it
    }
