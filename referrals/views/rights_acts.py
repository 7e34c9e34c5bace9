"""What the privacy officer or a manager does about one file: holds, and deletion in two steps."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners.audit_words import words_for
from partners.bilingual import localized
from partners.errors import Invalid
from partners.models import Organization
from referrals.forms.rights import DeletionForm, HoldForm
from referrals.presenting import groups_in_words, status_label
from referrals.rights import deletion
from referrals.rights import holds as core
from referrals.rights.access import held_client
from referrals.rights.released import Release
from referrals.views.rights import of_client
from referrals.views.shared import actor_of


@require_POST
def hold_new(request: HttpRequest, client_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    client = held_client(client_id, actor)
    form = HoldForm(request.POST)
    if form.is_valid():
        try:
            core.place_hold(actor=actor, client_id=client_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Client %(code)s: on hold.") % {"code": client.code})
            return redirect("referrals:rights_client", client_id)
    context = of_client(client, form)
    return render(request, "referrals/rights_client.html", context, status=400)


@require_POST
def hold_end(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    hold = core.end_hold(actor=actor_of(request), hold_id=hold_id)
    messages.success(request, _("The hold has ended."))
    return redirect("referrals:rights_client", hold.client_id)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """First what would go and what can't be called back; then, with the code typed again, it goes."""
    actor = actor_of(request)
    client = held_client(client_id, actor)
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deletion.delete_on_request(actor=actor, client_id=client_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Client %(code)s: deleted.") % {"code": client.code})
            return redirect("referrals:rights")
    found = deletion.preview(client)
    context = {
        "client_id": client_id,
        "found": found,
        "referrals": [(code, status, status_label(status)) for code, status in found.referrals],
        "released": _in_words(found.released),
        "form": form,
    }
    return render(request, "referrals/rights_delete.html", context, status=400 if form.is_bound else 200)


def _in_words(released: list[Release]) -> list[dict[str, object]]:
    names = Organization.objects.in_bulk({one.recipient for one in released if one.recipient})
    return [
        {
            "what": words_for(one.what),
            "to": localized(names[one.recipient], "name").text if one.recipient in names else "",
            "first": one.first,
            "last": one.last,
            "groups": groups_in_words(one.field_groups),
        }
        for one in released
    ]
