"""The public page on which the person asks a program to contact her. No account, no cookie, no trace.

It has no form token, because that would be a cookie. A post that another site made her browser send is
known by what the browser says of its origin.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.crisis import crisis_lines
from directory.models import Service
from partners.bilingual import reader_language
from partners.errors import Invalid
from partners.own_page import quiet, require_own_page
from partners.rate_limit import within_limit, within_limit_of
from referrals import introductions
from referrals.forms.introductions import AskForm
from referrals.introduction_texts import INTRODUCTION_TEXTS, SELF_VERSION

TOO_MANY = 429
HOUR = 60 * 60
# In an hour. So many for one listing that a few addresses can't close it to everybody else.
FROM_ONE_ADDRESS, TO_ONE_LISTING = 5, 200
LATER = _("Too many requests were sent in a short time. Nothing was kept. Call instead, or try in an hour.")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """404 where the program takes no requests of this kind. Nothing that is typed stands in an address."""
    service = introductions.open_to_self_referral(service_id)
    if request.method != "POST":
        return _page(request, service, AskForm(initial={"language": reader_language()}))
    require_own_page(request)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, service, form, status=400)
    if not _within_limits(request, service):
        return _page(request, service, form, status=TOO_MANY, problem=str(LATER))
    try:
        left = introductions.ask_for_contact(service_id=service.pk, **form.for_core())
    except Invalid as error:
        form.refuse(error)
        return _page(request, service, form, status=400)
    context = {"service": service, "code": left.code, "due": left.answer_due_on}
    return quiet(render(request, "referrals/ask_sent.html", context))


def _within_limits(request: HttpRequest, service: Service) -> bool:
    one = within_limit(request, "ask", attempts=FROM_ONE_ADDRESS, seconds=HOUR)
    return one and within_limit_of(str(service.pk), "asked", attempts=TO_ONE_LISTING, seconds=HOUR)


def _page(
    request: HttpRequest, service: Service, form: AskForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    context = {
        "service": service,
        "form": form,
        "problem": problem,
        "promises": INTRODUCTION_TEXTS[SELF_VERSION][reader_language()],
        "lines": crisis_lines().first,
    }
    return quiet(render(request, "referrals/ask.html", context, status=status))
