"""The first page after signing in: the work-list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.roles import Capability
from referrals import clients, worklist
from referrals.views.shared import actor_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    works = actor.organization_id is not None and (actor.can(Capability.SEND) or actor.can(Capability.ANSWER))
    sections = worklist.sections(actor) if works else []
    names = clients.names_of(actor=actor, client_ids=worklist.client_ids(sections))
    context = {
        "works": works,
        "can_send": actor.can(Capability.SEND),
        "sections": worklist.with_names(sections, names),
        "count": sum(section.count for section in sections),
        "today": timezone.localdate(),
    }
    return render(request, "referrals/home.html", context)
