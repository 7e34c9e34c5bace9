"""Restricted files: the care team, opening one all the same, and the reviews that follow."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.roles import Capability
from referrals import care_team as core
from referrals import legal_basis
from referrals.access import access_client
from referrals.forms.safety import BreakGlassForm, CareTeamForm
from referrals.views.shared import actor_of

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def care_team(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Who may open the file. Whoever leaves the team sees the list of clients next."""
    actor = actor_of(request)
    person = access_client(client_id, actor)
    team = core.team_of(actor=actor, client_id=client_id)
    form = CareTeamForm(
        request.POST if request.method == "POST" else None,
        colleagues=core.colleagues(actor),
        initial={"restricted": team.restricted, "members": [user.pk for user in team.members]},
    )
    if form.is_valid():
        try:
            core.set_team(actor=actor, client_id=client_id, **form.for_core())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            if core.may_open(actor, client_id):
                return redirect("referrals:client", client_id)
            return redirect("referrals:clients")
    context = {"form": form, "team": team, "client_id": client_id, "code": person.code}
    return render(request, "referrals/care_team.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: HttpRequest) -> HttpResponse:
    """For managers. The code stands in the form, never in the address."""
    actor = actor_of(request)
    actor.require(Capability.CLIENTS)
    actor.require(Capability.BREAK_GLASS)
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            broken = core.break_glass(actor=actor, **form.cleaned_data)
        except NotSeen:
            form.add_error("code", _("There is no restricted file of this code here."))
        except Conflict as error:
            form.add_error("code", str(error))
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The file is open to you for one hour."))
            return redirect("referrals:client", broken.client_id)
    return render(request, "referrals/break_glass.html", {"form": form}, status=400 if form.is_bound else 200)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for a second pair of eyes: opened files, and sharing without consent."""
    actor = actor_of(request)
    if not actor.can(Capability.READ_AUDIT):
        actor.require(Capability.REVIEW_SHARING)
    may_read, may_decide = actor.can(Capability.READ_AUDIT), actor.can(Capability.REVIEW_SHARING)
    context = {
        "may_read": may_read,
        "may_decide": may_decide,
        "breaks": core.breaks_for_review(actor)[:SHOWN] if may_read else [],
        "shares": legal_basis.shares_for_review(actor)[:SHOWN] if may_decide else [],
    }
    return render(request, "referrals/reviews.html", context)


@require_safe
def glass_break(request: HttpRequest, break_id: UUID) -> HttpResponse:
    return _glass_break(request, break_id)


@require_POST
def glass_review(request: HttpRequest, break_id: UUID) -> HttpResponse:
    try:
        core.review_break(actor=actor_of(request), break_id=break_id)
    except (Conflict, Refused) as error:
        return _glass_break(request, break_id, status=error.status, problem=str(error))
    messages.success(request, _("Recorded."))
    return redirect("referrals:reviews")


def _glass_break(
    request: HttpRequest, break_id: UUID, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    broken = core.access_break(break_id, actor)
    context = {
        "broken": broken,
        "code": str(broken.client),
        "may_review": broken.reviewed_at is None and broken.user_id != actor.user_id,
        "problem": problem,
    }
    return render(request, "referrals/glass_break.html", context, status=status)
