"""The own organization's clients: list, file, changes, phases, child protection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.errors import Invalid
from partners.roles import Capability
from referrals import care_team, presenting
from referrals import clients as core
from referrals.forms.base import PlainForm
from referrals.forms.clients import (
    ChildProtectionForm,
    ClientChangeForm,
    ClientForm,
    ClientSearchForm,
    PhaseForm,
)
from referrals.need_page import lines_of
from referrals.views.boxes import page_links
from referrals.views.shared import actor_of

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@form_methods
def clients(request: HttpRequest) -> HttpResponse:
    """The list; a name that is searched for comes by POST and never stands in an address."""
    actor = actor_of(request)
    actor.require(Capability.CLIENTS)
    form = ClientSearchForm(request.POST if request.method == "POST" else None)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    page = core.list_clients(actor=actor, q=q, page=request.GET.get("page", "1"))
    page.object_list = [presenting.client_line(row) for row in page.object_list]
    may_break = actor.can(Capability.BREAK_GLASS)
    context = {"form": form, "q": q, "page": page, "may_break": may_break, **page_links(request, page)}
    return render(request, "referrals/clients.html", context)


@form_methods
def client_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.CLIENTS)
    form = ClientForm(request.POST if request.method == "POST" else None, initial={"language": "en"})

    def save() -> HttpResponseRedirect:
        client = core.create_client(actor=actor, **form.data_for_core())
        messages.success(request, _("Client %(code)s: file opened.") % {"code": client.code})
        return redirect("referrals:client", client.pk)

    return _saved(form, save) or _form(request, "referrals/client_new.html", form)


@require_safe
def client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """The file: as little as the work needs. Opening it is a release to the own worker."""
    actor = actor_of(request)
    file = core.open_file(actor=actor, client_id=client_id)
    context = {
        "file": file,
        "rows": presenting.file_rows(file),
        "rules": presenting.contact_rules(file.safe_contact),
        "phases": [(presenting.PHASE_LABELS[row.phase], row) for row in file.phases],
        "phase_form": PhaseForm(auto_id="phase-%s"),
        "consents": [
            (row, *presenting.consent_state(row), presenting.groups_in_words(row.field_groups))
            for row in file.consents
        ],
        "needs": lines_of(client_id, actor),
        "referrals": [(row, presenting.status_label(row.status)) for row in file.referrals],
        "team": care_team.team_of(actor=actor, client_id=client_id) if file.is_restricted else None,
        "shares": [(row, presenting.groups_in_words(row.field_groups)) for row in file.legal_basis_shares],
        "may_see_protection": actor.can(Capability.CHILD_PROTECTION),
        "can_send": actor.can(Capability.SEND),
    }
    return render(request, "referrals/client.html", context)


@form_methods
def client_edit(request: HttpRequest, client_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    file = core.open_file(actor=actor, client_id=client_id)
    form = ClientChangeForm(
        request.POST if request.method == "POST" else None, initial=_first(file), ask_age=file.age_is_stale
    )

    def save() -> HttpResponseRedirect:
        core.change_client(actor=actor, client_id=client_id, **form.data_for_core())
        messages.success(request, _("Client %(code)s: saved.") % {"code": file.code})
        return redirect("referrals:client", client_id)

    extra = {"client_id": client_id, "code": file.code}
    return _saved(form, save) or _form(request, "referrals/client_edit.html", form, **extra)


@require_POST
def phase(request: HttpRequest, client_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    core.access_client(client_id, actor)
    form = PhaseForm(request.POST, auto_id="phase-%s")

    def save() -> HttpResponseRedirect:
        core.enter_phase(actor=actor, client_id=client_id, **form.for_core())
        messages.success(request, _("Recorded."))
        return redirect("referrals:client", client_id)

    return _saved(form, save) or _form(request, "referrals/phase.html", form, client_id=client_id)


@form_methods
def child_protection(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """For those who may read the record, and only for their own organization's clients."""
    actor = actor_of(request)
    records = core.protection_records(actor=actor, client_id=client_id)
    may_record = actor.can(Capability.CLIENTS)
    if request.method == "POST":
        core.access_client(client_id, actor)
    form = ChildProtectionForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponseRedirect:
        core.record_child_protection(actor=actor, client_id=client_id, **form.cleaned_data)
        messages.success(request, _("Recorded."))
        return redirect("referrals:client", client_id)

    extra = {"client_id": client_id, "records": records, "may_record": may_record}
    return _saved(form, save) or _form(request, "referrals/child_protection.html", form, **extra)


def _saved(form: PlainForm, save: Callable[[], HttpResponseRedirect]) -> HttpResponseRedirect | None:
    """Where a valid form leads, or None: there is something to show again."""
    if not form.is_valid():
        return None
    try:
        return save()
    except Invalid as error:
        form.refuse(error)
        return None


def _form(request: HttpRequest, template: str, form: PlainForm, **extra: Any) -> HttpResponse:
    return render(request, template, {"form": form, **extra}, status=400 if form.is_bound else 200)


def _first(file: core.ClientFile) -> dict[str, Any]:
    """What the file holds, as the form's first values."""
    names = ("chosen_name", "legal_name", "birth_date", "gender", "pronouns", "language")
    notes = ("situation", "health", "family", "justice", "housing", "indigenous_identity")
    return {
        **{name: getattr(file, name) for name in (*names, *notes)},
        **file.safe_contact,
        # A band is kept only where no birth date is known.
        "age_band": "unknown" if file.birth_date else file.age_band,
        "safe_area": file.safe_area.code if file.safe_area else "",
    }
