"""What whoever looks after an organization's notices sees: its own systems, and what could not be told."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from partners.actor import Actor
from partners.errors import Invalid
from partners.middleware import actor_of
from partners.models import Webhook
from partners.notifications import dead
from partners.notifications import webhooks as systems
from partners.notifications.pages import PER_PAGE
from partners.page_links import neighbours
from partners.paging import LongPaginator
from partners.roles import Capability


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address of your system"),
        help_text=gettext_lazy("It begins with https:// and is on the public internet."),
        max_length=systems.LONGEST,
        widget=forms.URLInput,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """A new secret stands in the answer to its own form and nowhere else."""
    actor = actor_of(request)
    actor.require(Capability.MANAGE_NOTICES)
    act = request.POST.get("act", "add") if request.method == "POST" else ""
    if act == "add":
        return _add(request, actor)
    if act:
        return _change(request, actor, act)
    return _show(request, actor, WebhookForm())


def _add(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _show(request, actor, form, status=400)
    try:
        made, secret = systems.add(actor=actor, url=form.cleaned_data["url"])
    except Invalid as error:
        form.add_error("url", str(error))
        return _show(request, actor, form, status=400)
    return _show(request, actor, WebhookForm(), made, secret)


def _change(request: HttpRequest, actor: Actor, act: str) -> HttpResponse:
    webhook_id = _uuid(request.POST.get("webhook", ""))
    if act == "rotate":
        return _show(request, actor, WebhookForm(), *systems.rotate(actor=actor, webhook_id=webhook_id))
    if act != "remove":
        raise Invalid({"act": [_("This is not one of the values allowed.")]})
    systems.end(actor=actor, webhook_id=webhook_id)
    messages.success(request, _("Removed. Nothing is sent there any more."))
    return redirect("partners:webhooks")


def _show(
    request: HttpRequest,
    actor: Actor,
    form: WebhookForm,
    changed: Webhook | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "webhooks": systems.of_organization(actor),
        "changed": changed,
        "secret": secret,
    }
    return render(request, "partners/webhooks.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def undelivered(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        return _retry(request, actor)
    page = LongPaginator(dead.given_up(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": dead.lines(actor, list(page.object_list)),
        "all_of_network": actor.can(Capability.ADMIT_PARTNERS),
        **neighbours(request, page),
    }
    return render(request, "partners/undelivered.html", context)


def _retry(request: HttpRequest, actor: Actor) -> HttpResponse:
    chosen = request.POST.get("delivery")
    count = dead.retry(actor=actor, delivery_id=_uuid(chosen) if chosen is not None else None)
    words = ngettext("%(count)s notice is tried again.", "%(count)s notices are tried again.", count)
    messages.success(request, words % {"count": count})
    return redirect("partners:undelivered")


def _uuid(text: str) -> UUID:
    """What is no number is nobody's: all zeros is never given out."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
