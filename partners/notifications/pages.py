"""What a member is told in Relais, and how they are told by mail."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.middleware import actor_of
from partners.models import MailPace
from partners.notifications import inbox
from partners.page_links import neighbours
from partners.paging import LongPaginator
from partners.roles import Capability

PER_PAGE = 25


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = LongPaginator(inbox.own(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": [inbox.line(row) for row in page.object_list],
        "pace": inbox.pace_of(actor),
        "manages": actor.can(Capability.MANAGE_NOTICES),
        **neighbours(request, page),
    }
    return render(request, "partners/notices.html", context)


@require_POST
def notice_open(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Reading is an act, so that no program that follows links reads in a member's place."""
    return redirect(inbox.read_one(actor=actor_of(request), notification_id=notification_id).url)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    inbox.read_all(actor=actor_of(request))
    return redirect("partners:notices")


class PaceForm(forms.Form):
    pace = forms.ChoiceField(
        label=gettext_lazy("Mail about what is new"), choices=MailPace.choices, widget=forms.RadioSelect
    )


@require_http_methods(["GET", "HEAD", "POST"])
def notice_choice(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method != "POST":
        form = PaceForm(initial={"pace": inbox.pace_of(actor)})
        return render(request, "partners/notice_choice.html", {"form": form})
    form = PaceForm(request.POST)
    if not form.is_valid():
        return render(request, "partners/notice_choice.html", {"form": form}, status=400)
    inbox.choose(actor=actor, pace=MailPace(form.cleaned_data["pace"]))
    messages.success(request, _("Saved."))
    return redirect("partners:notices")
