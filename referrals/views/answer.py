"""The public page on which the person herself says how it went. It names nobody and keeps no trace.

Reading changes nothing; two posts do: the answer, then that it is meant so. The code in the address is
all that a request needs, so there is no cookie and no form token.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partners.errors import NotSeen
from partners.rate_limit import used_up, within_limit
from referrals import confirmation
from referrals.models import NeedsMet

SEE_OTHER, MISSING, TOO_MANY = 303, 404, 429
# Codes that do not fit, from one address in ten minutes. Those that do are not counted: many people may
# share an address.
ACTION, ATTEMPTS, STRETCH = "answer", 30, 600
LONGEST = 40
CHOICES = {
    NeedsMet.YES.value: _("Yes"),
    NeedsMet.PARTLY.value: _("In part"),
    NeedsMet.NO.value: _("No"),
}


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """For who has the code and no picture to scan."""
    typed = request.POST.get("code", "").strip()
    plain = "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())[:LONGEST]
    if not plain:
        return render(request, "referrals/answer_enter.html", {"empty": request.method == "POST"})
    return HttpResponseRedirect(reverse("referrals:answer", args=[plain]), status=SEE_OTHER)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question, the chosen answer once more, the thanks; or that there is nothing to answer here."""
    if used_up(request, ACTION, attempts=ATTEMPTS, seconds=STRETCH):
        return _nothing_here(request, TOO_MANY)
    if not confirmation.is_open(token):
        within_limit(request, ACTION, attempts=ATTEMPTS, seconds=STRETCH)
        return _nothing_here(request)
    chosen = request.POST.get("answer", "")
    if chosen not in CHOICES:
        return render(request, "referrals/answer.html", {"choices": list(CHOICES.items())})
    if "sure" not in request.POST:
        return render(
            request, "referrals/answer_sure.html", {"chosen": chosen, "chosen_label": CHOICES[chosen]}
        )
    try:
        confirmation.give_answer(token, chosen)
    except NotSeen:
        return _nothing_here(request)
    return render(request, "referrals/answer_thanks.html")


def _nothing_here(request: HttpRequest, status: int = MISSING) -> HttpResponse:
    """Used, run out, replaced, guessed: one page for all of them."""
    return render(request, "referrals/answer_closed.html", status=status)
