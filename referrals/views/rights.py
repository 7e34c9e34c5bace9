"""The person's rights: find the file by its code, who saw it, what it held before, export, retention."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from partners.actor import Actor
from partners.audit_log import Line
from partners.errors import Invalid, NotSeen
from partners.roles import Capability
from referrals.forms.rights import CodeForm, HoldForm, StatementForm
from referrals.models import Client
from referrals.rights import corrections, due, export_words, holds
from referrals.rights import export as core_export
from referrals.rights import seen as core_seen
from referrals.rights.access import held_client, held_client_by_code, own_client
from referrals.views.boxes import page_links
from referrals.views.shared import actor_of

form_methods = require_http_methods(["GET", "HEAD", "POST"])
NO_SUCH_CODE = gettext_lazy("Your organization has no client file of this code.")
DUE_ON_A_PAGE = 50
UUID_ALONE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@form_methods
def rights(request: HttpRequest) -> HttpResponse:
    """For the privacy officer and the manager, who find a file by its code and see no name."""
    actor = actor_of(request)
    actor.require(Capability.RIGHTS)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            client = held_client_by_code(form.cleaned_data["code"], actor)
        except NotSeen:
            form.add_error("code", str(NO_SUCH_CODE))
        else:
            return redirect("referrals:rights_client", client.pk)
    return render(request, "referrals/rights.html", {"form": form}, status=400 if form.is_bound else 200)


@require_safe
def rights_client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """What can be done about one file. Nothing of the person stands here but the code."""
    client = held_client(client_id, actor_of(request))
    return render(request, "referrals/rights_client.html", of_client(client, HoldForm()))


def of_client(client: Client, form: HoldForm) -> dict[str, Any]:
    """What the page of one file shows."""
    found = holds.holds_of(client)
    return {
        "client_id": client.pk,
        "code": client.code,
        "holds": found,
        "held": any(hold.ended_at is None for hold in found),
        "form": form,
    }


@form_methods
def export(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Asked for by POST: what it makes is a release."""
    actor = actor_of(request)
    client = own_client(client_id, actor)
    if request.method != "POST":
        context = {"client_id": client_id, "code": client.code, "file_url": _file_url(actor, client_id)}
        return render(request, "referrals/rights_export.html", context)
    answer = HttpResponse(
        core_export.export_client(actor=actor, client_id=client_id), content_type="application/zip"
    )
    answer["Content-Disposition"] = f'attachment; filename="{core_export.FILE_NAME}"'
    return answer


@require_safe
def seen(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Who saw the file, to read or to print for the person."""
    actor = actor_of(request)
    client = own_client(client_id, actor)
    page = core_seen.who_saw(actor=actor, client_id=client_id, page=request.GET.get("page", "1"))
    context = {
        "client_id": client_id,
        "code": client.code,
        "file_url": _file_url(actor, client_id),
        "page": replace(page, lines=[_without_ids(line) for line in page.lines]),
        "previous_url": _page(page.number - 1) if page.number > 1 else "",
        "next_url": _page(page.number + 1) if page.number < page.pages else "",
    }
    return render(request, "referrals/rights_seen.html", context)


@form_methods
def history(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """What the file held before, for the own worker; and what she says that was not written into it."""
    actor = actor_of(request)
    form = StatementForm(request.POST if request.method == "POST" else None)
    page = corrections.history(actor=actor, client_id=client_id, page=request.GET.get("page", "1"))
    if form.is_valid():
        try:
            corrections.record_statement(actor=actor, client_id=client_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:rights_history", client_id)
    rows = [(row, export_words.field_in_words(row.field), _before(row)) for row in page.object_list]
    context = {"client_id": client_id, "form": form, "rows": rows, "page": page, **page_links(request, page)}
    return render(request, "referrals/rights_history.html", context, status=400 if form.is_bound else 200)


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """A dry run for the own organization: codes and dates."""
    actor = actor_of(request)
    actor.require(Capability.RIGHTS)
    page = Paginator(due.due(actor.organization_id), DUE_ON_A_PAGE).get_page(request.GET.get("page", "1"))
    context = {"page": page, "days": due.days(), **page_links(request, page)}
    return render(request, "referrals/rights_retention.html", context)


def _before(row: corrections.Correction) -> str:
    return row.before if row.is_statement else export_words.value_in_words(row.field, row.before)


def _without_ids(line: Line) -> Line:
    """For the person to read: an id says nothing to her."""
    return replace(line, details=tuple(pair for pair in line.details if not UUID_ALONE.fullmatch(pair[1])))


def _file_url(actor: Actor, client_id: UUID) -> str:
    """Back to where the reader came from: whoever looks after rights need not open the file."""
    name = "rights_client" if actor.can(Capability.RIGHTS) else "client"
    return reverse(f"referrals:{name}", args=[client_id])


def _page(number: int) -> str:
    return "?" + urlencode({"page": number})
