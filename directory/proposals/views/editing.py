"""The own listings: the list, the editor, publishing a draft, the history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.listing_shape import empty_shape, shape_of
from directory.models import Publication, Service
from directory.proposals import board, history, proposing
from directory.proposals.access import access_listing, access_report, keeps_all
from directory.proposals.blockers import NotPublishable, blockers
from directory.proposals.difference import SHOWN
from directory.proposals.editor import Editor
from directory.upkeep.lapse import is_lapsed
from partners.actor import Actor
from partners.errors import Invalid, NotSeen
from partners.middleware import actor_of
from partners.page_links import page_links
from partners.paging import LongPaginator
from partners.roles import Capability

form_methods = require_http_methods(["GET", "HEAD", "POST"])
LINES_A_PAGE = 50


@require_safe
def listings(request: HttpRequest) -> HttpResponse:
    """The own organization's; for who keeps the catalogue what waits for the network, unless they choose."""
    actor = actor_of(request)
    state = request.GET.get("state", board.NETWORK if keeps_all(actor) else "")
    page = board.page(actor, state, request.GET.get("page"))
    context = {
        "page": page,
        "rows": board.rows(page.object_list, actor),
        "state": state if state in dict(board.filters(actor)) else "",
        "filters": board.filters(actor),
        "may_add": actor.can(Capability.EDIT_LISTINGS),
        "keeps_all": keeps_all(actor),
        **page_links(request, page),
    }
    return render(request, "directory/listings.html", context)


@form_methods
def listing_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.EDIT_LISTINGS)
    editor = Editor(empty_shape(), actor.organization_id, _sent(request))
    if _is_ready(editor):
        try:
            made = proposing.create_draft(actor=actor, wanted=editor.wanted())
        except Invalid as error:
            editor.refuse(error)
        else:
            messages.success(request, _("Saved as a draft. Nobody else sees it until it is published."))
            return redirect("directory:listing_edit", made.pk)
    return _page(request, "directory/listing_new.html", editor, {"blockers": []})


@form_methods
def listing_edit(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """A draft is changed at once; of a published listing what differs becomes a proposal."""
    actor = actor_of(request)
    service = access_listing(service_id, actor)
    if service.publication not in (Publication.DRAFT, Publication.PUBLISHED):
        raise NotSeen
    editor = Editor(shape_of(service), service.organization_id, _sent(request))
    if _is_ready(editor):
        try:
            return _save(request, actor, service, editor)
        except Invalid as error:
            editor.refuse(error)
    report = _report(request, actor)
    context = {
        "service": service,
        "is_draft": service.publication == Publication.DRAFT,
        "is_lapsed": is_lapsed(service),
        "hides": SHOWN[editor.shape["location"]["policy"]] < max(SHOWN.values()),
        "blockers": blockers(editor.shape),
        "report": report,
    }
    return _page(request, "directory/listing_edit.html", editor, context)


@require_POST
def listing_publish(request: HttpRequest, service_id: UUID) -> HttpResponse:
    try:
        service = proposing.publish(actor=actor_of(request), service_id=service_id)
    except NotPublishable as error:
        messages.error(request, str(error))
        return redirect("directory:listing_edit", service_id)
    messages.success(request, _("Published. Everybody can find it now."))
    return redirect("directory:listing", service.pk)


@require_safe
def listing_history(request: HttpRequest, service_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    service = access_listing(service_id, actor)
    page = LongPaginator(service.metadata.all(), LINES_A_PAGE).get_page(request.GET.get("page"))
    lines = history.lines(page.object_list, service, actor)
    context = {"service": service, "lines": lines, "page": page, **page_links(request, page)}
    return render(request, "directory/listing_history.html", context)


def _save(request: HttpRequest, actor: Actor, service: Service, editor: Editor) -> HttpResponse:
    wanted = editor.wanted()
    if service.publication == Publication.DRAFT:
        proposing.change_draft(actor=actor, service_id=service.pk, wanted=wanted)
        messages.success(request, _("Saved."))
        return redirect("directory:listing_edit", service.pk)
    report = _report(request, actor)
    note = editor.form.cleaned_data["note"]
    made = proposing.propose(
        actor=actor, service_id=service.pk, wanted=wanted, note=note, report_id=report.pk if report else None
    )
    return redirect("directory:proposal", made.pk)


def _report(request: HttpRequest, actor: Actor) -> Any:
    """The report that the change answers, if the address names one that is open."""
    sent = request.GET.get("report", "")
    try:
        found = access_report(UUID(sent), actor) if sent else None
    except ValueError:
        raise NotSeen from None
    return found if found is not None and found.handled_at is None else None


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _is_ready(editor: Editor) -> bool:
    return editor.form.is_bound and not editor.asks_for_more and editor.is_valid()


def _page(request: HttpRequest, template: str, editor: Editor, context: dict[str, Any]) -> HttpResponse:
    problems = editor.problems()
    context = {"editor": editor, "form": editor.form, "problems": problems, **context}
    return render(request, template, context, status=400 if problems else 200)
