"""Introductions: made by a partner, and answered by the program they were left with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.bilingual import reader_language
from partners.errors import Conflict, Invalid, NotSeen
from partners.roles import Capability
from referrals import introductions as core
from referrals import presenting, sending
from referrals.boxes import promise
from referrals.forms.base import PlainForm
from referrals.forms.introductions import NEW, CloseForm, IntroduceForm, TakeUpForm
from referrals.introduction_texts import CURRENT_VERSION, INTRODUCTION_TEXTS
from referrals.models import IntroductionState
from referrals.partnership import received_rests
from referrals.safe_contact import contact_rules
from referrals.views.boxes import page_links
from referrals.views.shared import actor_of


@require_safe
def introductions(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = core.list_introductions(actor=actor, page=request.GET.get("page", "1"))
    page.object_list = [
        (row, promise(row.answer_due_on) if row.state == IntroductionState.RECEIVED else None)
        for row in page.object_list
    ]
    context = {
        "page": page,
        "can_introduce": actor.can(Capability.INTRODUCE),
        "rests": received_rests(actor.organization_id),
        **page_links(request, page),
    }
    return render(request, "referrals/introductions.html", context)


@require_safe
def made(request: HttpRequest) -> HttpResponse:
    """Codes and dates. Nothing else of what was introduced ever comes back."""
    return render(request, "referrals/introductions_made.html", {"rows": core.made_by(actor_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def introduce(request: HttpRequest) -> HttpResponse:
    """The program is chosen here, or comes with the listing in ``service``."""
    actor = actor_of(request)
    actor.require(Capability.INTRODUCE)
    service_id = _id(request.POST.get("service") or request.GET.get("service", ""))
    initial: dict[str, Any] = {"language": reader_language(), "receiver": request.GET.get("receiver", "")}
    data = request.POST if request.method == "POST" else None
    form = IntroduceForm(data, own_id=actor.organization_id, initial=initial, with_program=service_id is None)
    if form.is_valid():
        try:
            left = core.introduce(
                actor=actor, service_id=service_id, text_version=CURRENT_VERSION, **form.for_core()
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(code)s: received.") % {"code": left.code})
            return redirect("referrals:introductions_made")
    context = {
        "form": form,
        "service_id": service_id,
        "reading": sending.reading(INTRODUCTION_TEXTS[CURRENT_VERSION], form["language"].value() or ""),
    }
    return render(request, "referrals/introduce.html", context, status=400 if form.is_bound else 200)


@require_safe
def introduction(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    return _show(request, introduction_id, {})


@require_POST
def take_up(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    core.access_introduction(introduction_id, actor)
    form = TakeUpForm(request.POST, auto_id="take-%s")
    if not form.is_valid():
        return _show(request, introduction_id, {"take": form}, status=400)
    client_id = None
    if form.cleaned_data["file"] != NEW:
        client_id = core.client_of_code(actor, form.cleaned_data["client_code"])
        if client_id is None:
            form.add_error("client_code", _("None of your client files has this code."))
            return _show(request, introduction_id, {"take": form}, status=400)
    try:
        taken = core.take_up(actor=actor, introduction_id=introduction_id, client_id=client_id)
    except Conflict as error:
        return _show(request, introduction_id, {}, status=error.status, problem=str(error))
    messages.success(request, _("%(code)s: taken up.") % {"code": taken.code})
    return redirect("referrals:client", taken.client_id)


@require_POST
def close(request: HttpRequest, introduction_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    core.access_introduction(introduction_id, actor)
    form = CloseForm(request.POST, auto_id="close-%s")
    if not form.is_valid():
        return _show(request, introduction_id, {"close": form}, status=400)
    try:
        ended = core.close(actor=actor, introduction_id=introduction_id, reason=form.cleaned_data["reason"])
    except Conflict as error:
        return _show(request, introduction_id, {}, status=error.status, problem=str(error))
    messages.success(request, _("%(code)s: closed.") % {"code": ended.code})
    return redirect("referrals:introductions")


def _show(
    request: HttpRequest,
    introduction_id: UUID,
    bound: dict[str, PlainForm],
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    """The page; ``bound`` holds the form that was refused. What she left is released to the worker."""
    found = core.open_introduction(actor=actor_of(request), introduction_id=introduction_id)
    waiting = found.state == IntroductionState.RECEIVED
    context = {
        "introduction": found,
        "waiting": waiting,
        "clock": promise(found.answer_due_on) if waiting else None,
        "language_name": presenting.language_name(found.language),
        "rules": contact_rules(found.safe_contact),
        "end_reason": core.END_REASONS.get(found.end_reason, ""),
        "take_form": bound.get("take") or TakeUpForm(auto_id="take-%s"),
        "close_form": bound.get("close") or CloseForm(auto_id="close-%s"),
        "refused": next(iter(bound.values()), None),
        "problem": problem,
    }
    return render(request, "referrals/introduction.html", context, status=status)


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotSeen from None
