"""The pages of the police liaison: calls that workers ask for. Nothing else is open to this role."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners.errors import Conflict, ConsentRequired
from partners.middleware import actor_of
from referrals import calls as core
from referrals.forms.calls import CannotCallForm
from referrals.views.boxes import page_links


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    page = core.list_calls(actor=actor_of(request), page=request.GET.get("page", "1"))
    return render(request, "referrals/calls.html", {"page": page, **page_links(request, page)})


@require_safe
def call(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    return _show(request, referral_id, CannotCallForm())


@require_POST
def call_answer(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One button says yes; the other needs a reason. Whoever comes too late is told no more than that."""
    actor = actor_of(request)
    core.access_call(referral_id, actor)
    will_call = request.POST.get("answer") == "yes"
    form = CannotCallForm(request.POST)
    if not will_call and not form.is_valid():
        return _show(request, referral_id, form, status=400)
    reason = "" if will_call else form.cleaned_data["reason"]
    try:
        core.answer_call(actor=actor, referral_id=referral_id, will_call=will_call, reason=reason)
    except (Conflict, ConsentRequired) as error:
        late = _("This call has been answered already, or is no longer asked for.")
        return _show(request, referral_id, CannotCallForm(), status=error.status, problem=late)
    messages.success(request, _("Recorded."))
    return redirect("referrals:call", referral_id)


def _show(
    request: HttpRequest, referral_id: UUID, form: CannotCallForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    found = core.open_call(actor=actor_of(request), referral_id=referral_id)
    context = {"call": found, "form": form, "problem": problem}
    return render(request, "referrals/call.html", context, status=status)
