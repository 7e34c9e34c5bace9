"""The organization one acts for, and the audit log."""

from __future__ import annotations

from typing import cast

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from partners import audit_log
from partners.access import SESSION_ORGANIZATION
from partners.errors import NotSeen
from partners.middleware import actor_of
from partners.models import Organization, User


@require_http_methods(["GET", "HEAD", "POST"])
def organization_switch(request: HttpRequest) -> HttpResponse:
    """Choose which of the own organizations this session acts for. Any other one answers 404."""
    own = Organization.objects.of_user(cast(User, request.user).pk).order_by("name_en", "id")
    if request.method != "POST":
        return render(request, "partners/organization_switch.html", {"organizations": own})
    chosen = request.POST.get("organization", "")
    if chosen not in {str(pk) for pk in own.values_list("pk", flat=True)}:
        raise NotSeen
    request.session[SESSION_ORGANIZATION] = chosen
    return redirect(settings.LOGIN_REDIRECT_URL)


class AuditFilter(forms.Form):
    """What to look for in the log."""

    object_id = forms.CharField(
        label=_("Number of the file or referral"),
        help_text=_("The long number in its address."),
        required=False,
        max_length=40,
    )
    user = forms.ModelChoiceField(
        label=_("Member"), queryset=User.objects.none(), required=False, empty_label=_("Everyone")
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = AuditFilter(request.GET)
    form.fields["user"].queryset = audit_log.members(actor)  # type: ignore[attr-defined]
    given = form.cleaned_data if form.is_valid() else {}
    user = given.get("user")
    page = audit_log.read(
        actor,
        object_id=given.get("object_id", "").strip().lower(),
        user_id=user.pk if user else None,
        page=given.get("page") or 1,
    )
    return render(
        request,
        "partners/audit.html",
        {
            "form": form,
            "page": page,
            "previous_url": _page_url(request, page.number - 1) if page.number > 1 else "",
            "next_url": _page_url(request, page.number + 1) if page.number < page.pages else "",
        },
        status=200 if form.is_valid() else 400,
    )


def _page_url(request: HttpRequest, number: int) -> str:
    parameters = request.GET.copy()
    parameters["page"] = str(number)
    return f"{request.path}?{parameters.urlencode()}"
